"""Challenges, couplings, conflicts of aims and placements for the tests of every address."""

from types import SimpleNamespace

from omkering.agenda.commands.challenges import add_challenge, close_challenge
from omkering.agenda.commands.conflicts import record_conflict
from omkering.agenda.commands.couplings import couple, end_coupling
from omkering.agenda.commands.loading import load_challenges
from omkering.agenda.commands.placements import place_item
from omkering.agenda.models import Challenge
from omkering.thread.models import Item

REASON = "Beide opgaven vragen hetzelfde stuk grond."
SOURCE = "Discussienotitie, hoofdstuk 2"

ARGUMENTS: dict[str, dict[str, str]] = {
    "agenda:challenge": {"pk": "challenge"},
    "agenda:edit_challenge": {"pk": "challenge"},
    "agenda:close_challenge": {"pk": "challenge"},
    "agenda:reopen_challenge": {"pk": "challenge_closed"},
    "agenda:place": {"pk": "bundle"},
    "agenda:end_placement": {"pk": "challenge_placement"},
    "agenda:end_coupling": {"pk": "challenge_coupling"},
    "agenda:conflict": {"pk": "challenge_conflict"},
    "agenda:edit_conflict": {"pk": "challenge_conflict"},
    "agenda:solve_conflict": {"pk": "challenge_conflict"},
    "agenda:body": {"key": "economie-klimaat-energie-en-milieu"},
}
POST_ONLY: set[str] = set()
REDIRECTS: set[str] = set()
FILES: set[str] = set()
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {}


def conflict_texts(title: str) -> dict[str, str]:
    """The words of a conflict of aims."""
    return {
        "title": title,
        "summary": "Een bouwplan wacht, omdat de ene wet vraagt wat de andere verbiedt.",
        "first_law": "De ene wet",
        "first_aim": "Er moet snel gebouwd worden.",
        "second_law": "De andere wet",
        "second_aim": "Er mag niet gebouwd worden.",
        "source": SOURCE,
    }


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    load_challenges()
    adviser = c.people["adviser"]
    challenge = Challenge.objects.get(main_theme=c.theme)
    made = add_challenge(
        actor=adviser,
        title="Loketten dichtbij",
        summary="Inwoners vinden dichtbij een loket dat helpt.",
        owner_body=c.body,
    )
    closed = close_challenge(
        actor=adviser,
        challenge=add_challenge(actor=adviser, title="Oude opgave", summary="Deze opgave is klaar."),
        reason="Deze opgave is klaar, en staat niet meer op de agenda.",
    )
    words = {"reason": REASON, "source": SOURCE}
    coupling = couple(actor=adviser, first=challenge, second=made, kind="competes_space", **words)
    ended = couple(actor=adviser, first=made, second=challenge, kind="strengthens", **words)
    end_coupling(actor=adviser, coupling=ended, reason="Dit blijkt toch niet zo te zijn.")
    conflict = record_conflict(
        actor=adviser, challenges=[challenge, made], **conflict_texts("Bouwen en wachten")
    )
    placement = place_item(actor=adviser, item=Item.objects.get(pk=c.bundle.pk), challenge=made)
    return {
        "challenge": challenge.pk,
        "challenge_made": made.pk,
        "challenge_closed": closed.pk,
        "challenge_coupling": coupling.pk,
        "challenge_conflict": conflict.pk,
        "challenge_placement": placement.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    adviser = c.people["adviser"]
    challenge = Challenge.objects.get(pk=c.ids["challenge"])
    bundle = Item.objects.get(pk=c.bundle.pk)
    for number in range(8):
        made = add_challenge(
            actor=adviser,
            title=f"Opgave {number}",
            summary="Nog een opgave van de komende jaren.",
            owner_body=challenge.owner_body,
        )
        words = {"reason": REASON, "source": SOURCE}
        couple(actor=adviser, first=challenge, second=made, kind="competes_staff", **words)
        couple(actor=adviser, first=made, second=challenge, kind="needs_first", **words)
        place_item(actor=adviser, item=bundle, challenge=made)
        for signal in c.signals[:2]:
            place_item(actor=adviser, item=Item.objects.get(pk=signal.pk), challenge=made)
        record_conflict(
            actor=adviser, challenges=[challenge, made], **conflict_texts(f"Bouwen en wachten {number}")
        )
        close_challenge(
            actor=adviser,
            challenge=add_challenge(actor=adviser, title=f"Klaar {number}", summary="Deze opgave is klaar."),
            reason="Deze opgave is klaar, en staat niet meer op de agenda.",
        )
