"""Personal data in what people write here: caught before anything is stored, also before a draft is.

The sender sees where it stands and removes it, or states why it stays.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omkering.engine.personal_data import Finding, find

REASON = "personal_data_reason"
AROUND = 30  # characters shown on both sides of a finding
SHORTEST_REASON = 10

KINDS = {
    "bsn": gettext_lazy("a citizen service number (BSN)"),
    "email": gettext_lazy("an e-mail address"),
    "phone": gettext_lazy("a telephone number"),
    "number_plate": gettext_lazy("a number plate"),
    "iban": gettext_lazy("a bank account number"),
}


def check_personal_data(texts: Mapping[str, str], reason: str | None = None) -> None:
    """Raise ValidationError, by field, for personal data in `texts` that no reason allows.

    The reason itself must hold none, and must say something. With None there is no place for a reason: personal
    data is refused.
    """
    may_stay = reason is not None
    reason = (reason or "").strip()
    found = {field: findings for field, text in texts.items() if (findings := find(text))}
    errors: dict[str, list[ValidationError]] = {}
    if in_reason := find(reason):
        errors[REASON] = [_error(reason, in_reason, may_stay)]
    elif found and reason and len(reason) < SHORTEST_REASON:
        errors[REASON] = [
            ValidationError(_("Say in a few words why the personal data must stay."), code="too_short")
        ]
    elif found and not reason:
        errors = {field: [_error(texts[field], findings, may_stay)] for field, findings in found.items()}
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]


def _error(text: str, findings: list[Finding], may_stay: bool) -> ValidationError:
    kinds = list(dict.fromkeys(str(KINDS[finding.kind]) for finding in findings))
    message = format_html(
        _("This seems to hold {what}: {places}. Take it out, or say at the bottom why it must stay.")
        if may_stay
        else _("This seems to hold {what}: {places}. Take it out."),
        what=_(" and ").join(kinds),
        places=format_html_join("; ", "{}", ((_marked(text, finding),) for finding in findings[:5])),
    )
    return ValidationError(message, code="personal_data")


def _marked(text: str, finding: Finding) -> SafeString:
    """The finding between its neighbouring words, marked."""
    before = text[max(0, finding.start - AROUND) : finding.start]
    after = text[finding.end : finding.end + AROUND]
    if finding.start > AROUND:
        before = "…" + before.partition(" ")[2] if " " in before else "…"
    if finding.end + AROUND < len(text):
        after = after.rpartition(" ")[0] + "…" if " " in after else "…"
    return format_html("“{}<mark>{}</mark>{}”", before, finding.text, after)
