"""The monitor: its figures against a plain count, its filters, its table and pictures, its files and its queries."""

import csv
import io
import re
import zipfile
from dataclasses import fields
from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omkering.agenda.commands.conditions import answer_condition, fulfil_condition
from omkering.agenda.commands.placements import place_item
from omkering.agenda.models import Condition, ConditionKind, ConditionState, Dossier
from omkering.agenda.promises import owed_on
from omkering.agenda.queries.monitor import FIGURES, Figures, Monitor, MonitorFilter
from omkering.agenda.waiting_conditions import late_in_own_dossiers
from omkering.thread.models import Item, Visibility
from omkering.who.models import Organisation
from omkering.who.standing import standing_of
from tests.agenda.challenges_made import make_challenge
from tests.agenda.factory_conditions import ASKED, make_condition, make_dossier, make_party
from tests.listen.made import log_in, make_signal
from tests.people import make_adviser, make_member, make_person, make_theme

pytestmark = pytest.mark.django_db
DAYS = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2), date(2027, 1, 2))
ASKED_STATES = ("asked", "agreed", "partly", "refused")


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def adviser():
    return make_adviser()


def page(client, **query) -> str:
    answer = client.get(reverse("agenda:conditions"), query)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def titles(client, **query) -> list[str]:
    """The conditions of the list, in order."""
    answer = client.get(reverse("agenda:conditions"), query)
    return [line.condition.title for line in answer.context["lines"]]


def file_rows(client, name: str, **query) -> list[dict[str, str]]:
    answer = client.get(reverse(f"agenda:{name}", args=["csv"]), query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def many(parties, dossiers) -> list[Condition]:
    """Conditions in every state and kind, met, not met and not known, with and without days."""
    made = []
    cases = product(ConditionState.values, (None, True, False), (None, date(2026, 3, 1)), ("law", "data"))
    for number, (state, met, day, kind) in enumerate(cases):
        made.append(
            Condition.objects.create(
                kind="condition",
                state=state,
                answer=state,
                title=f"Voorwaarde {number}",
                dossier=dossiers[number % len(dossiers)],
                number=number + 1,
                organisation=parties[number % len(parties)],
                condition_kind=kind,
                exactly="Wat precies.",
                why="Waarom.",
                asked_on=ASKED,
                answer_due=day,
                promised_on=day and day + timedelta(days=300),
                met=met,
                owed_on=owed_on(state, day, day and day + timedelta(days=300), met),
                visibility=dossiers[number % len(dossiers)].visibility,
            )
        )
    return made


def counted(rows, on) -> Figures:
    """The figures of these rows by counting them one by one."""
    states = [row.answer for row in rows]
    late = [row for row in rows if row.owed_on is not None and row.owed_on < on]
    return Figures(
        total=len(rows),
        agreed=states.count("agreed"),
        partly=states.count("partly"),
        refused=states.count("refused"),
        none=states.count("asked"),
        late=len(late),
        late_answers=sum(row.answer == "asked" for row in late),
        met=sum(row.met is True for row in rows),
        not_met=sum(row.met is False for row in rows),
    )


def test_the_figures_are_those_of_a_plain_count(adviser):
    """Every filter alone, on days around the last one, for the bureau, a member and a visitor."""
    parties = [
        make_party(f"p{number}", kind=kind) for number, kind in enumerate(("ministry", "province", "eu"))
    ]
    readers = {"public": make_dossier(visibility=Visibility.PUBLIC), "members": make_dossier()}
    readers["bureau"] = make_dossier(visibility=Visibility.BUREAU, model="een_overheid")
    rows = many(parties, list(readers.values()))
    people = {
        adviser: {"public", "members", "bureau"},
        make_person("mayor", member=make_member()): {"public", "members"},
        None: {"public"},
    }
    keep = {
        "": lambda row: row.answer in ASKED_STATES,
        "organisation=p1": lambda row: row.answer in ASKED_STATES and row.organisation == parties[1],
        "organisation_kind=eu": lambda row: row.answer in ASKED_STATES and row.organisation == parties[2],
        "condition_kind=law": lambda row: row.answer in ASKED_STATES and row.condition_kind == "law",
        "state=withdrawn": lambda row: row.answer == "withdrawn",
        "state=partly": lambda row: row.answer == "partly",
        "met=yes": lambda row: row.answer in ASKED_STATES and row.met is True,
        "met=no": lambda row: row.answer in ASKED_STATES and row.met is False,
        "met=unknown": lambda row: row.answer in ASKED_STATES and row.met is None,
        "model=een_overheid": lambda row: row.answer in ASKED_STATES and row.dossier == readers["bureau"],
    }
    for (person, may_read), on, (asked, fits) in product(people.items(), DAYS, keep.items()):
        filters = MonitorFilter(**dict([asked.split("=")] if asked else []))
        monitor = Monitor(filters, person, on)
        seen = [row for row in rows if fits(row) and row.visibility in may_read]
        assert monitor.total == counted(seen, on), (asked, on)
        assert {row.pk for row in monitor.rows()} == {row.pk for row in seen}
        cells = {
            (party.pk, kind): counted(
                [row for row in seen if row.organisation == party and row.condition_kind == kind], on
            )
            for party, kind in product(parties, ConditionKind.values)
        }
        assert monitor.cells == {key: figures for key, figures in cells.items() if figures.total}
        assert sum(monitor.by_kind.values(), Figures()) == monitor.total
        found = monitor.parties(Organisation.objects.in_bulk())
        assert sum((party.figures for party in found), Figures()) == monitor.total
        late = Monitor(MonitorFilter(late=True), person, on).total
        whole = Monitor(MonitorFilter(), person, on).total
        assert late.total == late.late == whole.late == late.late_answers + late.late_promises
    assert tuple(field.name for field in fields(Figures)) == FIGURES


def test_filters_of_theme_challenge_words_and_own_dossiers(client, adviser):
    theme = make_theme("mobiliteit")
    by_theme = make_dossier("Op thema", theme=theme)
    placed, owned = make_dossier("Onder een opgave"), make_dossier("Van mij", owner=adviser)
    challenge = make_challenge("Duurzaam vervoer", main_theme=theme)
    place_item(actor=adviser, item=Item.objects.get(pk=placed.pk), challenge=challenge)
    for dossier in (by_theme, placed, owned):
        make_condition(actor=adviser, dossier=dossier, asked_on=ASKED, title=f"Gevraagd: {dossier.title}")
    log_in(client, adviser)
    assert set(titles(client, theme="mobiliteit")) == {"Gevraagd: Op thema"}
    assert set(titles(client, challenge=challenge.key)) == {
        "Gevraagd: Op thema",
        "Gevraagd: Onder een opgave",
    }
    assert titles(client, mine="on") == ["Gevraagd: Van mij"]
    assert titles(client, text="opgave") == ["Gevraagd: Onder een opgave"]
    assert titles(client, text="nergens te vinden") == []
    assert len(titles(client, text="kenteken")) == 3, "also what is asked exactly"
    log_in(client, make_person("mayor", member=make_member()))
    assert (
        len(titles(client, mine="on")) == 3
        and "mine" not in client.get(reverse("agenda:conditions")).context["form"].fields
    ), "only the bureau owns dossiers"


def test_what_makes_no_sense_in_the_address_is_left_out(client, adviser):
    make_condition(actor=adviser, dossier=make_dossier(visibility=Visibility.PUBLIC), asked_on=ASKED)
    for query in (
        {"state": "nonsense", "organisation": "nobody", "met": "x", "sort": "x", "show": "x", "theme": "'"},
        {"after": "nonsense", "on": "nonsense", "condition_kind": "\0", "text": "\0"},
        {"text": "& | ! :* <->", "challenge": "nowhere"},
        {"text": "x" * 10_000},
    ):
        answer = client.get(reverse("agenda:conditions"), query)
        assert answer.status_code in (200, 400), query
    assert len(titles(client, state="nonsense", organisation="nobody", met="x")) == 1


def test_the_table_crosses_parties_and_kinds_and_each_figure_leads_to_its_list(client, adviser):
    many(
        [make_party("ienw"), make_party("bzk")],
        [make_dossier(visibility=Visibility.PUBLIC), make_dossier(visibility=Visibility.BUREAU)],
    )
    log_in(client, adviser)
    for shown in ("", "late", "agreed", "met", "none", "not_met"):
        answer = client.get(reverse("agenda:conditions"), {"show": shown, "on": "2026-06-01"})
        table, total = answer.context["table"], answer.context["sum"]
        assert sum(row["sum"] for row in table) == sum(answer.context["sums"]) == total > 0
        for row in table:
            assert row["sum"] == sum(figure for figure, _url in row["cells"])
            for figure, url in row["cells"]:
                found = client.get(reverse("agenda:conditions") + url)
                assert found.context["total"].total == figure, (shown, url)
    answer = client.get(reverse("agenda:conditions"), {"on": "2026-06-01"})
    for words, figure, url in answer.context["totals"]:
        assert client.get(reverse("agenda:conditions") + url).context["total"].total == figure, words


def test_the_picture_shows_the_same_figures_as_the_table(client, adviser):
    parties = [make_party("ienw"), make_party("bzk")]
    many(parties, [make_dossier(visibility=Visibility.PUBLIC)])
    answer = client.get(reverse("agenda:conditions"), {"on": "2026-06-01"})
    chart, late = answer.context["chart"], answer.context["late_chart"]
    total = answer.context["total"]
    assert [sum(column) for column in zip(*(map(int, row.figures) for row in chart.rows), strict=True)] == [
        total.agreed,
        total.partly,
        total.refused,
        total.none,
    ]
    assert sum(sum(map(int, row.figures)) for row in late.rows) == total.late > 0
    text = answer.content.decode()
    assert text.count("<figure") == 2 and "<svg" in text and "style=" not in text.split("<main")[1]


def test_the_list_goes_by_what_is_due_first_and_turns_pages(client, adviser):
    dossier, party = make_dossier(visibility=Visibility.PUBLIC), make_party()
    for number in range(30):
        make_condition(
            actor=adviser,
            dossier=dossier,
            organisation=party,
            title=f"Vraag {number:02}",
            asked_on=ASKED,
            answer_due=ASKED + timedelta(days=100 - number) if number < 28 else None,
        )
    first = client.get(reverse("agenda:conditions"), {"sort": ""})
    rows = [line.condition.title for line in first.context["lines"]]
    assert rows == [f"Vraag {number:02}" for number in range(27, 2, -1)]
    rest = titles(client, after=first.context["page"].next)
    assert rest == ["Vraag 02", "Vraag 01", "Vraag 00", "Vraag 28", "Vraag 29"]
    assert titles(client, sort="newest")[0] == "Vraag 29" and len(titles(client, sort="promised")) == 25


def test_late_is_counted_on_the_day_in_the_address(client, adviser):
    make_condition(
        actor=adviser,
        dossier=make_dossier(visibility=Visibility.PUBLIC),
        asked_on=ASKED,
        answer_due=date(2026, 3, 1),
        title="Toegang tot gegevens",
    )
    assert titles(client, late="on", on="2026-03-01") == []
    assert titles(client, late="on", on="2026-03-02") == ["Toegang tot gegevens"]
    text = page(client, on="2026-03-02")
    assert "Answer 1 day late" in text and "2 March 2026" in text
    links = re.findall(r'href="(\?[^"]*late=on[^"]*)"', text)
    assert links and all("on=2026-03-02" in link for link in links), "the day stays in the links"


# --- to take along ---------------------------------------------------------------------------------------------
def test_the_file_holds_each_condition_whole_and_nothing_that_runs(client, adviser):
    dossier = make_dossier("=1+1", visibility=Visibility.PUBLIC)
    hidden = make_dossier("Alleen voor het bureau", visibility=Visibility.BUREAU)
    signals = [make_signal(visibility=Visibility.PUBLIC), make_signal(visibility=Visibility.BUREAU)]
    condition = make_condition(
        actor=adviser,
        dossier=dossier,
        title="=HYPERLINK(1;2)",
        exactly="@SUM(A1:A9) en nog meer, met\nnog een regel.",
        signals=signals,
        asked_on=ASKED,
        answer_due=date(2026, 3, 1),
    )
    make_condition(actor=adviser, dossier=hidden, asked_on=ASKED)
    for day, text in ((date(2026, 5, 3), "+Later gegeven"), (date(2026, 4, 1), "Eerder gegeven")):
        answer_condition(
            actor=adviser,
            condition=condition,
            answer="agreed",
            text=text,
            given_on=day,
            promised_on=date(2026, 8, 1),
            evidence_url="https://example.org/brief",
        )
    fulfil_condition(
        actor=adviser, condition=condition, met=False, text="-Nog niets", seen_on=date(2026, 9, 1)
    )
    [row] = file_rows(client, "export_conditions", on="2026-09-02")
    assert row["Dossier"] == "'=1+1" and row["Condition"] == "'=HYPERLINK(1;2)"
    assert row["What exactly"] == "'@SUM(A1:A9) en nog meer, met\nnog een regel."
    assert (row["The answer"], row["What was seen"]) == ("'+Later gegeven", "'-Nog niets")
    assert (row["Signals"], row["Met"], row["Late"], row["Days late"]) == ("1", "no", "yes", "32")
    assert row["Evidence of the answer"] == "https://example.org/brief" and row["State of the dossier"]
    [figures] = file_rows(client, "export_figures", on="2026-09-02")
    assert (figures["In all"], figures["Agreed"], figures["Late"], figures["Not met"]) == ("1", "1", "1", "1")
    log_in(client, adviser)
    assert len(file_rows(client, "export_conditions")) == 2
    assert file_rows(client, "export_conditions", state="refused") == []


def test_the_spreadsheet_reads_and_other_kinds_are_not_there(client, adviser):
    make_condition(
        actor=adviser,
        dossier=make_dossier(visibility=Visibility.PUBLIC),
        asked_on=ASKED,
        title="=1+1 en meer",
    )
    for name in ("export_conditions", "export_figures"):
        answer = client.get(reverse(f"agenda:{name}", args=["ods"]))
        content = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).read("content.xml").decode()
        assert "table:table-row" in content and "table:formula" not in content
        assert client.get(reverse(f"agenda:{name}", args=["xlsx"])).status_code == 404


# --- what waits, and how much it asks of the database ----------------------------------------------------------
def test_what_is_late_waits_for_who_owns_the_dossier(adviser):
    today = timezone.localdate()
    for owner, due in ((adviser, today - timedelta(days=1)), (adviser, today), (make_adviser(), ASKED)):
        make_condition(actor=adviser, dossier=make_dossier(owner=owner), asked_on=ASKED, answer_due=due)
    [waiting] = late_in_own_dossiers(adviser, standing_of(adviser))
    assert (waiting.count, waiting.late) == (1, True)
    mayor = make_person("mayor", member=make_member())
    assert late_in_own_dossiers(mayor, standing_of(mayor)) == []


@pytest.mark.parametrize("role", [None, "mayor", "adviser"])
def test_the_monitor_takes_a_fixed_number_of_queries(client, adviser, role):
    if role:
        log_in(client, make_person(role, member=make_member() if role == "mayor" else None))
    numbers = []
    for round_ in range(2):
        for _each in range(1 + 6 * round_):
            make_condition(
                actor=adviser,
                dossier=make_dossier(visibility=Visibility.PUBLIC),
                signals=[make_signal(visibility=Visibility.PUBLIC)],
                asked_on=ASKED,
                answer_due=ASKED,
            )
        page(client)
        with CaptureQueriesContext(connection) as queries:
            page(client)
        numbers.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            file_rows(client, "export_conditions")
        numbers.append(len(queries))
    assert numbers[:2] == numbers[2:], numbers
    assert Dossier.objects.count() == 8
