"""Reporting a signal: the draft, its evidence, handing it in, and correcting it afterwards."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.listen.commands.counts import recount
from omkering.listen.models import Draft, Evidence, Signal, SignalState
from omkering.listen.rules import speaks_for
from omkering.listen.texts import checked
from omkering.thread import terms
from omkering.thread.commands import announce, remember_meaning
from omkering.thread.models import Theme, Visibility
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import summary_of
from omkering.thread.uploads import check_link, check_upload, random_name
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Member, Network, Person
from omkering.who.standing import standing_of

TEXTS = ("title", "case", "touches", "helps")
DRAFT_FIELDS = (*TEXTS, "member", "theme", "visibility", "audience")
MOST_EVIDENCE = 10


@transaction.atomic
def submit_signal(
    *,
    actor: Person,
    member: Member,
    title: str,
    case: str,
    touches: str = "",
    helps: str = "",
    theme: Theme | None = None,
    visibility: str = Visibility.MEMBERS,
    audience: Network | None = None,
    personal_data_reason: str = "",
    example: bool = False,
) -> Signal:
    """Report a signal in the name of a member; the first answer falls due by the association's term.

    Somebody of the bureau may do it for a member (a report by telephone, an import): then it has no author.
    ValidationError, by field, for texts of a wrong length, personal data without a reason, a member that is
    none today, or a network the reporter takes no part in.
    """
    require(actor, "listen.submit_signal", member)
    if not member.holds_on(timezone.localdate()):
        raise ValidationError({"member": _("%(member)s is no longer a member.") % {"member": member.name}})
    texts = checked({"title": title, "case": case, "touches": touches, "helps": helps})
    check_personal_data(texts, personal_data_reason)
    audience = _audience(actor, visibility, audience)
    signal = Signal.objects.create(
        kind="signal",
        state=SignalState.SUBMITTED,
        owner_member=member,
        owner_body=theme.body if theme else None,
        author=actor if speaks_for(actor, member) else None,
        theme=theme,
        visibility=visibility,
        audience=audience,
        due_at=terms.due(association().terms.first_reply),
        example=example,
        personal_data_reason=personal_data_reason.strip(),
        summary=summary_of(texts["case"]),
        body=_searchable(texts),
        **texts,
    )
    recount([signal.pk])
    remember_meaning(item=signal)
    record(
        verb="signal.submitted",
        subject=signal.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{member.code}",
        data={"theme": signal.theme_id, "visibility": str(visibility)},
    )
    announce(item=signal, milestone="signal.submitted", actor=actor, data={"member": member.name})
    return signal


def _searchable(texts: dict[str, str]) -> str:
    return "\n\n".join(text for field in ("case", "touches", "helps") if (text := texts[field]))


def _audience(actor: Person, visibility: str, audience: Network | None) -> Network | None:
    """The network that may read it, or None; ValidationError when it is missing or not the actor's."""
    if visibility not in Visibility.values:
        raise ValidationError({"visibility": _("Choose who may read this.")})
    if visibility != Visibility.NETWORK:
        return None
    if audience is None:
        raise ValidationError({"audience": _("Choose the network that may read this.")})
    standing = standing_of(actor)
    if audience.pk not in standing.reads_networks and not standing.is_bureau:
        raise ValidationError({"audience": _("Choose a network that you take part in.")})
    return audience


@transaction.atomic
def correct_signal(
    *,
    actor: Person,
    signal: Signal,
    title: str,
    case: str,
    touches: str = "",
    helps: str = "",
    theme: Theme | None = None,
    visibility: str = Visibility.MEMBERS,
    audience: Network | None = None,
    personal_data_reason: str = "",
) -> Signal:
    """Correct one's own signal, as long as nobody has taken it into review."""
    require(actor, "listen.correct_signal", signal)
    texts = checked({"title": title, "case": case, "touches": touches, "helps": helps})
    check_personal_data(texts, personal_data_reason)
    signal = Signal.objects.select_for_update().get(pk=signal.pk)
    if signal.state != SignalState.SUBMITTED:
        raise ValidationError(_("This signal is being looked at, so it can no longer be corrected."))
    signal.audience = _audience(actor, visibility, audience)
    signal.visibility = visibility
    signal.theme = theme
    signal.owner_body = theme.body if theme else None
    signal.personal_data_reason = personal_data_reason.strip()
    signal.summary = summary_of(texts["case"])
    signal.body = _searchable(texts)
    signal.changed_at = timezone.now()
    for field, text in texts.items():
        setattr(signal, field, text)
    signal.save()
    remember_meaning(item=signal)
    record(
        verb="signal.corrected",
        subject=signal.subject,
        actor=actor.pk,
        on_behalf_of=on_behalf_of(signal),
        data={"theme": signal.theme_id, "visibility": str(visibility)},
    )
    return signal


def on_behalf_of(signal: Signal) -> str:
    """How events name the member that sent a signal."""
    return f"member:{signal.owner_member.code}" if signal.owner_member else ""


# --- drafts ----------------------------------------------------------------------------------------------
# A draft is one person's own paper: it is kept, but nothing is told of it in the journal.


@transaction.atomic
def save_draft(
    *, actor: Person, draft: Draft | None, step: int, values: dict[str, Any], personal_data_reason: str = ""
) -> Draft:
    """Keep what was filled in at a step (`values`: some of `DRAFT_FIELDS`, ids for what is chosen).

    Personal data without a reason is refused: not even a draft may hold it. Lengths are checked when it is
    handed in.
    """
    unknown = set(values) - set(DRAFT_FIELDS)
    if unknown:
        raise ValueError(f"a draft has no {', '.join(sorted(unknown))}")
    if draft is None:
        require(actor, "listen.report")
        draft = Draft(person=actor)
    else:
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        require(actor, "listen.write_draft", draft)
        if draft.signal_id:
            raise ValidationError(_("This report has been sent."))
    check_personal_data({field: values[field] for field in TEXTS if field in values}, personal_data_reason)
    reasons = {**draft.data.get("reasons", {}), str(step): personal_data_reason.strip()}
    draft.data = {**draft.data, **values, "reasons": {key: text for key, text in reasons.items() if text}}
    draft.save()
    return draft


@transaction.atomic
def submit_draft(*, actor: Person, draft: Draft) -> Signal:
    """Hand in a draft with its evidence. Handed in twice it is one signal: the same one is returned."""
    require(actor, "listen.write_draft", draft)
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.signal_id:
        return Signal.objects.get(pk=draft.signal_id)
    data = draft.data
    signal = submit_signal(
        actor=actor,
        member=Member.objects.get(pk=data["member"]),
        theme=Theme.objects.filter(pk=data.get("theme") or 0).select_related("body").first(),
        visibility=data.get("visibility") or Visibility.MEMBERS,
        audience=Network.objects.filter(pk=data.get("audience") or 0).first(),
        personal_data_reason="\n".join(dict.fromkeys(data.get("reasons", {}).values())),
        **{field: data.get(field, "") for field in TEXTS},
    )
    Evidence.objects.filter(draft=draft).update(signal=signal, draft=None)
    draft.signal, draft.data = signal, {}
    draft.save()
    return signal


@transaction.atomic
def discard_draft(*, actor: Person, draft: Draft) -> None:
    """Throw away one's own draft, with its files."""
    require(actor, "listen.write_draft", draft)
    _remove_drafts([draft.pk])


@transaction.atomic
def remove_old_drafts() -> int:
    """Throw away the drafts that nobody touched for the association's term; returns how many."""
    term, now = association().terms.draft_kept, timezone.now()
    old = [
        pk for pk, changed in Draft.objects.values_list("pk", "changed_at") if terms.due(term, changed) < now
    ]
    _remove_drafts(old)
    return len(old)


def remove_drafts_of(person: Person) -> None:
    """Throw away what somebody did not send, with its files; inside the caller's transaction."""
    _remove_drafts(list(Draft.objects.filter(person=person).values_list("pk", flat=True)))


def _remove_drafts(ids: list[int]) -> None:
    for evidence in Evidence.objects.filter(draft_id__in=ids):
        _remove_file(evidence)
    Draft.objects.filter(pk__in=ids).delete()


def _remove_file(evidence: Evidence) -> None:
    if evidence.file:
        storage, name = evidence.file.storage, str(evidence.file.name)
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def add_evidence(
    *, actor: Person, draft: Draft, url: str = "", upload: UploadedFile | None = None
) -> Evidence:
    """Add a link or a file to one's own draft; ValidationError (`url`, `upload`) for what cannot be taken."""
    require(actor, "listen.write_draft", draft)
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    field = "upload" if upload else "url"
    if draft.signal_id:
        raise ValidationError(_("This report has been sent."))
    if draft.evidence.count() >= MOST_EVIDENCE:
        raise ValidationError(
            {field: _("At most %(most)s links and files fit with one signal.") % {"most": MOST_EVIDENCE}}
        )
    if upload is None:
        return Evidence.objects.create(draft=draft, person=actor, url=check_link(url))
    sound = check_upload(upload)
    evidence = Evidence(
        draft=draft,
        person=actor,
        name=sound.name,
        content_type=sound.content_type,
        size=sound.size,
        sha256=sound.sha256,
    )
    evidence.file.save(random_name(sound), upload)
    return evidence


@transaction.atomic
def remove_evidence(*, actor: Person, evidence: Evidence) -> None:
    """Take evidence off one's own draft again."""
    require(actor, "listen.write_draft", evidence.draft)
    _remove_file(evidence)
    evidence.delete()
