"""Handing in a signal, correcting it, and recognising that of another."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from omkering.journal.models import Event
from omkering.listen.commands import signals as commands
from omkering.listen.commands.recognition import recognise, withdraw_recognition
from omkering.listen.models import Draft, Recognition, Signal
from omkering.thread import terms
from omkering.thread.models import Follow, Meaning, Notice
from omkering.thread.queries import in_words
from omkering.who.models import Member
from tests.listen.factory import CASE, make_signal
from tests.people import make_adviser, make_member, make_network, make_person, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member("GM0014", name="Groningen", inhabitants=238_147)


@pytest.fixture
def official(member):
    return make_person("official", member=member)


# --- handing in ------------------------------------------------------------------------------------------
def test_a_signal_gets_a_term_a_meaning_and_one_event(official, member):
    theme = make_theme()
    signal = make_signal(author=official, member=member, theme=theme, helps="Een noodfonds.")
    signal.refresh_from_db()
    assert (signal.state, signal.supporters, signal.author) == ("submitted", 1, official)
    assert signal.due_at == terms.due(terms.Term(10, "working_days"), signal.created_at)
    assert signal.body == f"{CASE}\n\nEen noodfonds."
    assert Meaning.objects.filter(item_id=signal.pk).exists()
    event = Event.objects.get(verb="signal.submitted")
    assert (event.subject, event.actor, event.on_behalf_of) == (signal.subject, official.pk, "member:GM0014")
    assert event.data == {"theme": theme.pk, "visibility": "members"}


def test_only_for_ones_own_member(official, member):
    with pytest.raises(PermissionDenied):
        make_signal(author=official, member=make_member())
    secretary = make_person("network_secretary", network=make_network("k80"))
    with pytest.raises(PermissionDenied):
        make_signal(author=secretary, member=member)


def test_the_bureau_may_report_for_a_member_without_becoming_its_author(member):
    assert make_signal(author=make_adviser(), member=member).author is None


def test_whoever_follows_the_theme_hears_of_it_and_the_author_does_not(official, member):
    theme, reader = make_theme(), make_person("official", member=make_member())
    Follow.objects.create(person=reader, theme=theme)
    make_signal(author=official, member=member, theme=theme)
    assert [notice.person for notice in Notice.objects.all()] == [reader]
    assert in_words(Notice.objects.get()).text == "Groningen meldt een signaal: “Energierekening te hoog”."


def test_an_ended_member_reports_nothing(official, member):
    Member.objects.filter(pk=member.pk).update(ends=date(2021, 1, 1))
    member.refresh_from_db()
    with pytest.raises(ValidationError, match="geen lid meer"):
        make_signal(author=official, member=member)


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("title", "Kort", "ten minste 5 tekens"),
        ("case", "", "Vul dit in"),
        ("case", "é" * 5_001, "dat is 1 te veel"),
        ("helps", "x" * 2_500, "dat is 500 te veel"),
    ],
)
def test_lengths_count_characters(official, member, field, text, sentence):
    with pytest.raises(ValidationError) as caught:
        make_signal(author=official, member=member, **{field: text})
    assert list(caught.value.message_dict) == [field]
    assert sentence in caught.value.message_dict[field][0]


def test_texts_of_every_kind_are_kept_as_they_are(official, member):
    odd = "<script>alert(1)</script> 🏘️ مرحبا עברית\r\nnieuwe regel\x00\x07 einde van dit voorbeeld"
    signal = make_signal(
        author=official,
        member=member,
        case="😀" * 5_000,
        helps=odd,
        title="Titel \u202e<b>om</b>\n\x00 gekeerd",
    )
    signal.refresh_from_db()
    assert signal.helps == "<script>alert(1)</script> 🏘️ مرحبا עברית\nnieuwe regel einde van dit voorbeeld"
    assert (signal.case, signal.title) == ("😀" * 5_000, "Titel <b>om</b> gekeerd")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Het BSN van deze inwoner is 111222333, zegt de balie.", "burgerservicenummer"),
        ("Mail haar op a.jansen@voorbeeld.nl over dit geval.", "e-mailadres"),
        ("Bel 06-12345678 voor meer over dit geval.", "telefoonnummer"),
        ("De auto met kenteken 12-ABC-3 staat er nog.", "kenteken"),
    ],
)
def test_personal_data_is_refused_unless_a_reason_is_given(official, member, text, kind):
    with pytest.raises(ValidationError) as caught:
        make_signal(author=official, member=member, touches=text)
    sentence = caught.value.message_dict["touches"][0]
    assert kind in sentence and "<mark>" in sentence
    assert not Signal.objects.exists()
    kept = make_signal(
        author=official, member=member, touches=text, personal_data_reason="Het is een openbaar nummer."
    )
    assert kept.personal_data_reason == "Het is een openbaar nummer."


def test_the_reason_holds_no_personal_data_itself(official, member):
    with pytest.raises(ValidationError) as caught:
        make_signal(author=official, member=member, personal_data_reason="Bel mij op 06-12345678 hierover.")
    assert list(caught.value.message_dict) == ["personal_data_reason"]


def test_a_network_must_be_ones_own(official, member):
    own, other = make_network("g40", member), make_network("p10", make_member())
    assert make_signal(author=official, member=member, visibility="network", audience=own).audience == own
    for audience in (None, other):
        with pytest.raises(ValidationError, match="netwerk"):
            make_signal(author=official, member=member, visibility="network", audience=audience)


# --- correcting ------------------------------------------------------------------------------------------
def test_a_colleague_corrects_it_while_nobody_looks_at_it(official, member):
    signal = make_signal(author=official, member=member)
    colleague = make_person("alderman", member=member)
    again = commands.correct_signal(
        actor=colleague, signal=signal, title="Stroomrekening te hoog", case=CASE, visibility="public"
    )
    assert (again.title, again.visibility, again.author) == ("Stroomrekening te hoog", "public", official)
    with pytest.raises(PermissionDenied):
        commands.correct_signal(
            actor=make_person("official", member=make_member()),
            signal=signal,
            title="Nieuwe titel",
            case=CASE,
        )
    Signal.objects.filter(pk=signal.pk).update(state="in_review")
    with pytest.raises(ValidationError, match="niet meer verbeteren"):
        commands.correct_signal(actor=official, signal=signal, title="Nieuwe titel", case=CASE)


def test_the_successor_speaks_for_a_member_that_ended(official, member):
    signal = make_signal(author=official, member=member)
    heir = make_member(name="Nieuw Groningen")
    Member.objects.filter(pk=member.pk).update(ends=date(2021, 1, 1), successor=heir)
    colleague = make_person("official", member=heir)
    again = commands.correct_signal(
        actor=colleague, signal=Signal.objects.get(pk=signal.pk), title="Nieuwe titel", case=CASE
    )
    assert again.title == "Nieuwe titel"


# --- recognising -----------------------------------------------------------------------------------------
def test_another_member_sees_this_too(official, member):
    signal = make_signal(author=official, member=member)
    other = make_member("GM0505", name="Dordrecht")
    alderman = make_person("alderman", member=other)
    recognition = recognise(actor=alderman, signal=signal, member=other, case="Bij ons ook, in drie wijken.")
    signal.refresh_from_db()
    assert signal.supporters == 2
    assert Follow.objects.filter(person=alderman, item_id=signal.pk).exists()
    event = Event.objects.get(verb="signal.recognised")
    assert event.data == {"recognition": recognition.pk, "member": other.pk}
    notice = Notice.objects.get(milestone="signal.recognised")
    assert notice.person == official
    assert in_words(notice).text == "Dordrecht ziet dit ook: “Energierekening te hoog”."


def test_not_twice_not_ones_own_and_not_for_another(official, member):
    signal = make_signal(author=official, member=member)
    other = make_member()
    colleague = make_person("official", member=other)
    recognise(actor=colleague, signal=signal, member=other)
    with pytest.raises(ValidationError, match="al gezegd"):
        recognise(actor=colleague, signal=signal, member=other)
    with pytest.raises(ValidationError, match="zelf"):
        recognise(actor=official, signal=signal, member=member)
    with pytest.raises(PermissionDenied):
        recognise(actor=official, signal=signal, member=other)


def test_what_one_may_not_read_one_cannot_recognise(official, member):
    signal = make_signal(author=official, member=member, visibility="bureau")
    other = make_member()
    with pytest.raises(PermissionDenied):
        recognise(actor=make_person("official", member=other), signal=signal, member=other)


def test_a_recognition_is_withdrawn_by_ones_own_member_and_may_come_back(official, member):
    signal = make_signal(author=official, member=member)
    other = make_member()
    colleague = make_person("official", member=other)
    recognition = recognise(actor=colleague, signal=signal, member=other)
    with pytest.raises(PermissionDenied):
        withdraw_recognition(actor=official, recognition=recognition)
    withdraw_recognition(actor=colleague, recognition=recognition)
    withdraw_recognition(actor=colleague, recognition=recognition)
    signal.refresh_from_db()
    assert signal.supporters == 1
    assert Event.objects.filter(verb="signal.recognition_withdrawn").count() == 1
    recognise(actor=colleague, signal=signal, member=other)
    assert Recognition.objects.filter(signal=signal).count() == 2


# --- drafts ----------------------------------------------------------------------------------------------
def test_a_draft_never_holds_personal_data(official):
    with pytest.raises(ValidationError):
        commands.save_draft(
            actor=official, draft=None, step=1, values={"case": "Bel 06-12345678 voor meer over dit geval."}
        )
    assert not Draft.objects.exists()


def test_a_draft_is_handed_in_once(official, member):
    draft = commands.save_draft(
        actor=official, draft=None, step=1, values={"title": "Een titel", "case": CASE, "member": member.pk}
    )
    first = commands.submit_draft(actor=official, draft=draft)
    assert commands.submit_draft(actor=official, draft=draft) == first
    draft.refresh_from_db()
    assert (Signal.objects.count(), draft.data) == (1, {})


def test_somebody_elses_draft_is_left_alone(official, member):
    draft = commands.save_draft(actor=official, draft=None, step=1, values={"title": "Een titel"})
    colleague = make_person("official", member=member)
    for command in (commands.submit_draft, commands.discard_draft):
        with pytest.raises(PermissionDenied):
            command(actor=colleague, draft=draft)


def test_old_drafts_go_and_young_ones_stay(official):
    for _number in range(2):
        draft = commands.save_draft(actor=official, draft=None, step=1, values={"title": "Een titel"})
    Draft.objects.filter(pk=draft.pk).update(changed_at=timezone.now() - timedelta(days=92))
    assert commands.remove_old_drafts() == 1
    assert Draft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_at_the_same_moment_it_is_still_one_signal():
    member = make_member()
    official = make_person("official", member=member)
    draft = commands.save_draft(
        actor=official, draft=None, step=1, values={"title": "Een titel", "case": CASE, "member": member.pk}
    )
    sent, gate = [], threading.Barrier(2)

    def send() -> None:
        try:
            gate.wait()
            sent.append(commands.submit_draft(actor=official, draft=draft).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 2 and len(set(sent)) == 1
    assert Signal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_recognised_at_the_same_moment_it_counts_once():
    signal, other = make_signal(), make_member()
    people = [make_person("official", member=other) for _number in range(2)]
    problems, gate = [], threading.Barrier(2)

    def say(person) -> None:
        try:
            gate.wait()
            with transaction.atomic():
                recognise(actor=person, signal=signal, member=other)
        except ValidationError as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=say, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(problems) == 1
    assert Recognition.objects.filter(signal=signal, withdrawn_at__isnull=True).count() == 1
