"""Advice of the board and committees on amendments."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.amendment_texts import checked
from omkering.deliberate.commands.amendment_rows import locked, people_behind, refuse_unless_live, tell
from omkering.deliberate.models import Amendment, AmendmentAdvice, Deed
from omkering.journal.commands import record
from omkering.thread.texts import tidy
from omkering.who.authority import require
from omkering.who.models import Body, Person

Kind = AmendmentAdvice.Kind


@transaction.atomic
def advise(
    *, actor: Person, amendment: Amendment, body: Body, kind: str, reason: str, alternative: str = ""
) -> AmendmentAdvice:
    """Record what a body advises, with the reason; a newer advice of the same body takes the place of the one before.

    An alternative text comes with "adopt with a change", and only with that. ValidationError by field.
    """
    require(actor, "deliberate.advise", body)
    row = locked(amendment)
    refuse_unless_live(row)
    if kind not in Kind.values:
        raise ValidationError({"kind": _("Choose what the body advises.")})
    alternative = tidy(alternative)
    texts = checked({"why": reason, "alternative": alternative}, base=row.base)
    if kind == Kind.CHANGED and not alternative:
        raise ValidationError({"alternative": _("Write the text that the body advises instead.")})
    if kind != Kind.CHANGED and alternative:
        raise ValidationError({"alternative": _("Only “adopt with a change” comes with another text.")})
    if kind == Kind.CHANGED and alternative == (row.base if row.deed == Deed.DROP else row.text):
        raise ValidationError({"alternative": _("This is the same text. Advise to adopt it, or change it.")})
    values = {"kind": kind, "reason": texts["why"], "alternative": alternative}
    before = AmendmentAdvice.objects.filter(amendment=row, body=body, ended_at__isnull=True).first()
    if before is not None:
        if all(getattr(before, name) == value for name, value in values.items()):
            return before  # a double click is one click
        before.ended_at = timezone.now()
        before.save(update_fields=["ended_at"])
    made = AmendmentAdvice.objects.create(amendment=row, body=body, person=actor, **values)
    record(
        verb="amendment.advised",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=f"body:{body.key}",
        data={"advice": made.pk, "kind": kind},
    )
    tell(row, "advised", actor, people_behind(row), once=made.pk, body=body.names)
    return made
