"""Dossiers for the tests of this folder, made through the commands."""

from itertools import count

from omkering.agenda.commands.dossiers import edit_dossier, open_dossier
from omkering.agenda.commands.participation import take_part
from omkering.agenda.commands.steps import take_step
from omkering.agenda.models import Dossier
from omkering.listen.commands.bundles import make_bundle
from omkering.listen.commands.signals import submit_signal
from omkering.thread.models import Visibility
from tests.people import make_adviser, make_member, make_person

MODEL, CONSULT, START = "omgekeerd_medebewind", "overleg_vooraf", "eerst_beginnen"
SUMMARY = (
    "Vrachtwagens maken de lucht vuil. Gemeenten willen een zone zonder uitstoot. Daarvoor zijn regels nodig."
)
NOTE = "De gemeenten hebben dit samen besproken."
REASON = "Het rijk wil eerst zelf een wet maken."
CASE = "In de Dorpsstraat staat elke ochtend een file van oude vrachtwagens."
_number = count(1)


def make_signals(number: int = 2, *, visibility=Visibility.PUBLIC) -> list:
    """Signals of as many members, each with its own sender."""
    made = []
    for _each in range(number):
        member = make_member()
        made.append(
            submit_signal(
                actor=make_person("official", member=member),
                member=member,
                title=f"Vuile lucht in de straat {next(_number)}",
                case=CASE,
                visibility=visibility,
            )
        )
    return made


def make_bundle_of(adviser, number: int = 2, **fields):
    return make_bundle(
        actor=adviser,
        title=f"Vuile lucht {next(_number)}",
        signals=make_signals(number, **fields),
        summary="Vrachtwagens maken de lucht in de stad vuil.",
    )


def make_dossier(adviser=None, *, source=None, **fields) -> Dossier:
    adviser = adviser or make_adviser()
    values = {
        "title": f"Milieuzones {next(_number)}",
        "summary": SUMMARY,
        "model": MODEL,
        "route": CONSULT,
        "owner": adviser,
        "visibility": Visibility.PUBLIC,
    }
    return open_dossier(actor=adviser, from_item=source, **{**values, **fields})


def on(dossier: Dossier, to: str, adviser=None, **fields) -> Dossier:
    """One step on."""
    dossier = Dossier.objects.get(pk=dossier.pk)
    values = {"note": NOTE, "version": dossier.version, **fields}
    return take_step(actor=adviser or make_adviser(), dossier=dossier, to=to, **values)


def make_pilot(dossier: Dossier, *, member=None, since=None):
    member = member or make_member()
    return take_part(
        actor=make_person("official", member=member),
        dossier=dossier,
        member=member,
        what="Wij sluiten het centrum voor oude vrachtwagens.",
        under_way_since=since,
    )


def with_solution(dossier: Dossier, adviser=None) -> Dossier:
    dossier = Dossier.objects.get(pk=dossier.pk)
    return edit_dossier(
        actor=adviser or make_adviser(),
        dossier=dossier,
        version=dossier.version,
        solution="Een zone waar alleen schone vrachtwagens komen.",
    )
