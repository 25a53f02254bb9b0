"""The page of a signal: who sees it, what became of it, and what each reader can do there."""

import time

import pytest
from django.urls import reverse

from omkering.listen.commands.answers import answer_signal, object_to_answer, take_into_review
from omkering.listen.commands.recognition import recognise
from omkering.listen.models import Objection, Recognition, Signal
from omkering.listen.queries.similar import similar_signals
from omkering.thread.models import Link, LinkKind
from omkering.ui.second_factor import SESSION_KEY
from omkering.who.models import Member
from tests.listen.factory import CASE, REASON, make_signal
from tests.people import make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db
OBJECTION = "Er is niet gekeken naar de dorpen, waar het juist het ergste is."


def come_as(client, person) -> None:
    client.cookies.clear()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
        session.save()


def page(client, signal, person=None) -> str:
    come_as(client, person)
    response = client.get(address("signal", signal))
    assert response.status_code == 200
    return response.content.decode()


def address(name: str, signal) -> str:
    return reverse(f"listen:{name}", args=[signal.pk])


@pytest.fixture
def member():
    return make_member("GM0014", name="Groningen", inhabitants=238_147)


@pytest.fixture
def signal(member):
    return make_signal(member=member, visibility="public", helps="Een noodfonds voor gezinnen.")


def test_everybody_reads_what_is_public(client, signal, member):
    text = page(client, signal)
    for part in (CASE, "Een noodfonds", "Groningen", "Ingediend", "Antwoord uiterlijk", "238.147"):
        assert part in text
    assert "Wij zien dit ook</a>" not in text and "Beantwoord" not in text


@pytest.mark.parametrize(
    ("visibility", "statuses"),
    [
        ("public", [200, 200, 200, 200, 200]),
        ("members", [404, 200, 200, 200, 200]),
        ("network", [404, 404, 200, 200, 200]),
        ("bureau", [404, 404, 404, 200, 200]),
    ],
)
def test_who_may_read_it(client, visibility, statuses):
    member, friend = make_member(), make_member()
    network = make_network("g40", member, friend)
    audience = network if visibility == "network" else None
    signal = make_signal(member=member, visibility=visibility, audience=audience)
    readers = [
        None,
        make_person("official", member=make_member()),
        make_person("official", member=friend),
        make_person("clerk", member=member),
        make_adviser(),
    ]
    found = []
    for reader in readers:
        come_as(client, reader)
        found.append(client.get(address("signal", signal)).status_code)
    assert found == statuses


@pytest.mark.parametrize("name", ["recognise", "correct", "object", "withdraw_recognition"])
def test_what_one_may_not_read_is_not_found_at_any_address(client, name):
    signal = make_signal(visibility="bureau")
    come_as(client, make_person("official", member=make_member()))
    assert client.post(address(name, signal), {}).status_code == 404


def test_markup_in_a_text_is_shown_not_run(client):
    odd = "<script>alert('x')</script> en een <img src=x onerror=alert(1)> 🏘️ مرحبا"
    signal = make_signal(title="<b>Titel</b> met tekens", case=odd, visibility="public")
    text = page(client, signal)
    assert "<script>alert" not in text and "<img" not in text and "<b>Titel" not in text
    assert "&lt;script&gt;" in text and "🏘️ مرحبا" in text


def test_an_example_says_so(client):
    assert "Voorbeeld</span>" in page(client, make_signal(visibility="public", example=True))


# --- we see this too -------------------------------------------------------------------------------------
def test_a_member_adds_itself_with_its_case_and_takes_itself_off(client, signal):
    other = make_member(name="Dordrecht", inhabitants=120_000)
    official = make_person("official", member=other)
    assert "Wij zien dit ook</a>" in page(client, signal, official)
    response = client.post(
        address("recognise", signal), {"own_case": "In drie wijken zien wij dit ook."}, follow=True
    )
    text = response.content.decode()
    for part in ("In drie wijken zien wij dit ook.", "Dordrecht", "Dit zien ook: Dordrecht.", "358.147"):
        assert part in text
    assert "Wij zien dit ook</a>" not in text and "Niet meer volgen" in text
    own = Recognition.objects.get()
    come_as(client, make_person("official", member=make_member()))
    assert client.post(address("withdraw_recognition", signal), {"recognition": own.pk}).status_code == 403
    come_as(client, official)
    text = client.post(
        address("withdraw_recognition", signal), {"recognition": own.pk}, follow=True
    ).content.decode()
    assert "Dordrecht zegt niet langer dit ook te zien." in text and "358.147" not in text


def test_the_case_of_a_recognition_is_checked_too(client, signal):
    come_as(client, make_person("official", member=make_member()))
    response = client.post(address("recognise", signal), {"own_case": "Bel 06-12345678 hierover."})
    assert response.status_code == 422
    assert "<mark>06-12345678</mark>" in response.content.decode()
    assert not Recognition.objects.exists()


def test_a_report_of_the_same_becomes_a_recognition(client, signal):
    official = make_person("official", member=make_member())
    come_as(client, official)
    client.post(
        reverse("listen:report"), {"title": "Zelfde verhaal", "case": "Ons eigen geval, in de wijk Noord."}
    )
    draft = official.signal_drafts.get()
    there = f"{address('recognise', signal)}?melding={draft.pk}"
    assert "Ons eigen geval, in de wijk Noord." in client.get(there).content.decode()
    client.post(there, {"own_case": "Ons eigen geval, in de wijk Noord.", "discard": "on"})
    assert not official.signal_drafts.exists()
    come_as(client, make_person("official", member=make_member()))
    assert "Ons eigen geval, in de wijk Noord." not in client.get(there).content.decode().split("<form")[-1]


def test_ones_own_signal_or_twice_leads_back_to_the_signal(client, signal):
    come_as(client, signal.author)
    assert client.get(address("recognise", signal)).url == address("signal", signal)


def test_a_member_that_ended_counts_as_its_successor(client, signal, member):
    old = make_member(name="Weesp", inhabitants=20_000)
    heir = make_member(name="Amsterdam", inhabitants=900_000)
    recognise(actor=make_person("official", member=old), signal=signal, member=old)
    recognise(actor=make_person("official", member=heir), signal=signal, member=heir)
    Member.objects.filter(pk=old.pk).update(ends="2022-03-24", successor=heir)
    come_as(client, None)
    now = client.get(address("signal", signal)).content.decode()
    then = client.get(address("signal", signal) + "?on=2022-01-15").content.decode()
    assert "1.138.147" in now and "1.158.147" in then


# --- the bureau and the sender ---------------------------------------------------------------------------
def test_the_bureau_looks_and_answers_and_the_sender_objects(client, signal):
    adviser, second = make_adviser(), make_adviser()
    assert "Neem in behandeling" in page(client, signal, adviser)
    assert client.get(address("take_into_review", signal)).status_code == 405
    text = client.post(address("take_into_review", signal), follow=True).content.decode()
    assert "In behandeling" in text and "Beantwoord dit signaal" in text
    short = client.post(address("answer", signal), {"state": "declined", "reason": "Nee."})
    assert short.status_code == 422 and "ten minste 20 tekens" in short.content.decode()
    nobody = client.post(address("answer", signal), {"state": "referred", "reason": REASON})
    assert nobody.status_code == 422 and "Zeg naar wie" in nobody.content.decode()
    client.post(address("answer", signal), {"state": "declined", "reason": REASON})

    text = page(client, signal, signal.author)
    assert REASON in text and "Maak bezwaar" in text
    assert client.post(address("object", signal), {"text": "Nee."}).status_code == 422
    client.post(address("object", signal), {"text": OBJECTION})

    text = page(client, signal, adviser)
    assert OBJECTION in text and "dat doet een collega" in text
    assert client.get(address("answer_objection", signal)).status_code == 403
    assert "Beantwoord het bezwaar" in page(client, signal, second)
    assert OBJECTION in client.get(address("answer_objection", signal)).content.decode()
    text = client.post(
        address("answer_objection", signal), {"upheld": "yes", "reply": REASON}, follow=True
    ).content.decode()
    assert "Het bezwaar klopt" in text
    assert Objection.objects.get().upheld is True


def test_two_advisers_at_once(client, signal):
    adviser = make_adviser()
    take_into_review(actor=adviser, signal=signal)
    come_as(client, make_adviser())
    response = client.post(address("take_into_review", signal), follow=True)
    assert "kan niet “in behandeling” worden" in response.content.decode()
    answer_signal(actor=adviser, signal=signal, state="taken_up", reason=REASON)
    response = client.post(address("answer", signal), {"state": "declined", "reason": REASON})
    assert response.status_code == 422 and REASON in response.content.decode()


def test_the_sender_corrects_the_text(client, signal):
    assert "Verbeter de tekst" in page(client, signal, signal.author)
    form = client.get(address("correct", signal)).content.decode()
    assert CASE in form
    values = {"title": "Stroomrekening te hoog", "case": CASE, "visibility": "members"}
    text = client.post(address("correct", signal), values, follow=True).content.decode()
    assert "Stroomrekening te hoog" in text and "Groningen verbetert de tekst." in text
    come_as(client, make_person("official", member=make_member()))
    assert client.get(address("correct", signal)).status_code == 403


def test_a_bundle_stands_on_the_page_as_far_as_one_may_see_it(client, signal):
    other = make_signal(title="Een andere melding hierover", visibility="bureau")
    Link.objects.create(upstream=signal, downstream=other, kind=LinkKind.BUNDLED_IN)
    assert "gebundeld met andere signalen" not in page(client, signal)
    assert "gebundeld met andere signalen" in page(client, signal, make_adviser())


@pytest.mark.parametrize("recognitions", [1, 50])
def test_the_same_number_of_queries_however_many_see_it(
    client, signal, recognitions, django_assert_num_queries
):
    for _number in range(recognitions):
        other = make_member()
        recognise(actor=make_person("official", member=other), signal=signal, member=other, case="Ook hier.")
    adviser = make_adviser()
    take_into_review(actor=adviser, signal=signal)
    answer_signal(actor=adviser, signal=signal, state="declined", reason=REASON)
    object_to_answer(actor=signal.author, signal=signal, text=OBJECTION)
    reader = make_person("official", member=make_member())
    come_as(client, reader)
    client.get(address("signal", signal))
    with django_assert_num_queries(QUERIES):
        text = client.get(address("signal", signal)).content.decode()
    assert ("nog 42 leden" in text) == (recognitions == 50)


QUERIES = 22  # one of them for the meetings that have it on their agenda


# --- alike -----------------------------------------------------------------------------------------------
def test_meaning_and_words_together_find_what_neither_says(signal):
    wanted = make_signal(title="Huishoudens in financiële problemen door hoge gasprijzen", case="x" * 30)
    for title in (
        "Wachttijd voor jeugdhulp loopt op",
        "Bus rijdt niet meer in het weekend",
        "Stikstofregels houden woningbouw tegen",
    ):
        make_signal(title=title, case="Zo gaat het hier al een jaar lang in de hele gemeente.")
    Signal.objects.filter(pk=signal.pk).update(visibility="bureau")
    reader = make_person("official", member=make_member())
    found = similar_signals("Inwoners kunnen hun energierekening niet betalen", reader)
    assert [row.item.pk for row in found] == [wanted.pk]


def test_what_one_may_not_read_is_not_shown_as_alike():
    make_signal(title="Inwoners kunnen hun energierekening niet betalen", visibility="bureau")
    reader = make_person("official", member=make_member())
    assert similar_signals("Inwoners kunnen hun energierekening niet betalen", reader) == []
    assert len(similar_signals("Inwoners kunnen hun energierekening niet betalen", make_adviser())) == 1
