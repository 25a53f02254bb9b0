"""Changes of challenges: add, edit, close and put back on the agenda."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from omkering.agenda.models import Challenge, ChallengeState, Placement
from omkering.agenda.texts_challenges import checked
from omkering.journal.commands import record
from omkering.thread.chain import upstream_ids
from omkering.thread.commands import announce
from omkering.thread.models import Follow, Item, Theme, Visibility
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Body, Person
from omkering.who.owners import BUREAU

CHALLENGE_LOCK = 0x0A6E  # one change of challenges and couplings at a time, in this database
CHANGED = "changed"  # the code of the error when somebody else was first


def lock_challenges() -> None:
    """Wait for whoever else changes challenges or couplings; until the transaction ends.

    They are few, and what may not be (the same name, a circle) can only be seen over all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHALLENGE_LOCK])


@transaction.atomic
def add_challenge(
    *,
    actor: Person,
    title: str,
    summary: str,
    main_theme: Theme | None = None,
    owner_body: Body | None = None,
) -> Challenge:
    """Put a challenge on the agenda; what is reported under its theme hangs under it from now on."""
    require(actor, "agenda.edit_challenge")
    texts = checked({"title": title, "summary": summary})
    lock_challenges()
    _refuse_taken(texts["title"], main_theme)
    last = Challenge.objects.aggregate(last=Max("position"))["last"]
    challenge = Challenge.objects.create(
        kind="challenge",
        key=_free_key(texts["title"]),
        **texts,
        state=ChallengeState.ACTIVE,
        visibility=Visibility.PUBLIC,
        language=association().languages[0],
        main_theme=main_theme,
        owner_body=owner_body,
        author=actor,
        position=0 if last is None else last + 1,
    )
    record(
        verb="challenge.added",
        subject=challenge.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"theme": challenge.main_theme_id, "body": challenge.owner_body_id},
    )
    return challenge


@transaction.atomic
def edit_challenge(
    *,
    actor: Person,
    challenge: Challenge,
    version: int,
    title: str,
    summary: str,
    main_theme: Theme | None = None,
    owner_body: Body | None = None,
) -> Challenge:
    """Change the words of a challenge, its theme or the body that owns it; its followers hear it.

    `version` is the one that was read: when somebody else changed it since, a ValidationError with the code
    `CHANGED` and nothing is overwritten.
    """
    require(actor, "agenda.edit_challenge", challenge)
    texts = checked({"title": title, "summary": summary})
    lock_challenges()
    challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
    refuse_changed(challenge.version, version)
    _refuse_taken(texts["title"], main_theme, besides=challenge)
    values = {**texts, "main_theme": main_theme, "owner_body": owner_body}
    if all(getattr(challenge, name) == value for name, value in values.items()):
        return challenge
    for name, value in values.items():
        setattr(challenge, name, value)
    challenge.version += 1
    challenge.changed_at = timezone.now()
    challenge.save()
    record(
        verb="challenge.changed",
        subject=challenge.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={
            "version": challenge.version,
            "theme": challenge.main_theme_id,
            "body": challenge.owner_body_id,
        },
    )
    announce(item=challenge, milestone="challenge.changed", actor=actor, once=str(challenge.version))
    return challenge


@transaction.atomic
def close_challenge(*, actor: Person, challenge: Challenge, reason: str) -> Challenge:
    """Take a challenge off the agenda; whoever put in what hangs under it hears why."""
    return _move(actor, challenge, ChallengeState.CLOSED, reason)


@transaction.atomic
def reopen_challenge(*, actor: Person, challenge: Challenge, reason: str) -> Challenge:
    """Put a challenge back on the agenda; whoever put in what hangs under it hears why."""
    return _move(actor, challenge, ChallengeState.ACTIVE, reason)


def _move(actor: Person, challenge: Challenge, state: ChallengeState, reason: str) -> Challenge:
    require(actor, "agenda.edit_challenge", challenge)
    text = checked({"reason": reason})["reason"]
    lock_challenges()
    challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
    if challenge.state == state:
        raise ValidationError(
            _("This challenge is on the agenda already.")
            if state == ChallengeState.ACTIVE
            else _("This challenge is off the agenda already.")
        )
    challenge.state = state
    challenge.state_reason = text
    challenge.changed_at = timezone.now()
    challenge.version += 1
    challenge.save()
    verb = "challenge.reopened" if state == ChallengeState.ACTIVE else "challenge.closed"
    event = record(verb=verb, subject=challenge.subject, actor=actor.pk, on_behalf_of=BUREAU)
    announce(
        item=challenge,
        milestone=verb,
        actor=actor,
        data={"reason": text},
        once=str(event.pk),
        audience=people_under(challenge),
    )
    return challenge


def people_under(challenge: Challenge) -> list[int]:
    """Ids of the people who put in or follow what was placed under a challenge, or what led to it."""
    placed = list(
        Placement.objects.filter(challenge=challenge, ended_at__isnull=True).values_list("item_id", flat=True)
    )
    items = [*placed, *upstream_ids(placed)]
    authors = Item.objects.filter(pk__in=items, author__isnull=False).values_list("author_id", flat=True)
    followers = Follow.objects.filter(item_id__in=items).values_list("person_id", flat=True)
    return sorted({*authors, *followers})


def refuse_changed(present: int, read: int) -> None:
    """ValidationError when what is changed is no longer what was read."""
    if present != read:
        raise ValidationError(
            _(
                "Somebody else changed this while you were busy, so nothing was saved. Compare the two texts, "
                "take over what you need, and save again."
            ),
            code=CHANGED,
        )


def _refuse_taken(title: str, main_theme: Theme | None, besides: Challenge | None = None) -> None:
    others = Challenge.objects.exclude(pk=besides.pk) if besides else Challenge.objects.all()
    if others.filter(title__iexact=title).exists():
        raise ValidationError(
            {
                "title": _(
                    "There is a challenge with this name already. Choose another name, or change that one."
                )
            }
        )
    taken = others.filter(main_theme=main_theme).first() if main_theme else None
    if taken is not None:
        raise ValidationError(
            {
                "main_theme": _(
                    "What is reported under this theme hangs under “%(title)s” already. Choose another theme, or "
                    "take it off that challenge first."
                )
                % {"title": taken.title}
            }
        )


def _free_key(title: str) -> str:
    """A key made from the title that no challenge has yet."""
    base = slugify(title)[:50].strip("-") or "challenge"
    taken = set(Challenge.objects.filter(key__startswith=base).values_list("key", flat=True))
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key
