"""What people put in during a round: reactions, formal views, replies, and the points and advice of meetings."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from omkering.deliberate import view_drafts
from omkering.deliberate.commands import consultation_times as times
from omkering.deliberate.commands import formal_views as views
from omkering.deliberate.commands import meetings, questions, reactions
from omkering.deliberate.models import Answer, Answered, Consultation, Contribution, Reply, View
from omkering.thread.models import Item
from omkering.who.standing import standing_of
from tests.deliberate.consultations_made import (
    LONG_ENOUGH,
    events,
    fields,
    fresh,
    make_body,
    make_consultation,
    make_round,
    open_one,
    paragraph_of,
    past_its_time,
    refused,
    told,
)
from tests.people import make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db
POINT = "Dit voorstel kost kleine gemeenten te veel."
REASON = "Deze reactie gaat over een persoon en niet over de tekst."


def may_read(person, item) -> bool:
    rows = Item.objects.filter(pk=item.pk)
    return rows.visible_to(standing_of(person), getattr(person, "pk", None)).exists()


# --- reactions -------------------------------------------------------------------------------------------
def test_a_reaction_is_somebodys_own_and_stands_at_its_paragraph():
    member = make_member()
    person = make_person("official", member=member)
    round_ = open_one()
    made = reactions.react(actor=person, round=round_, text=LONG_ENOUGH, paragraph=paragraph_of(round_, 2))
    again = reactions.react(actor=person, round=round_, text=LONG_ENOUGH, paragraph=paragraph_of(round_, 2))
    assert made.pk == again.pk and events("reaction.made") == 1
    assert (made.kind, made.author, made.owner_member, made.works_for) == ("reaction", person, None, member)
    elsewhere = reactions.react(actor=person, round=round_, text=LONG_ENOUGH)
    assert elsewhere.pk != made.pk and elsewhere.paragraph is None


@pytest.mark.parametrize("public", ["everyone", "members", "network", "body"])
def test_only_the_public_of_a_round_reacts(public):
    inside, outside = make_member(), make_member()
    network, body = make_network("g40", inside), make_body()
    people = {
        "anyone": make_person(),
        "outside": make_person("official", member=outside),
        "inside": make_person("official", member=inside),
        "secretary": make_person("network_secretary", network=network),
        "seat": make_person("committee_member", body=body),
    }
    asked = {
        "everyone": set(people),
        "members": set(people) - {"anyone"},
        "network": {"inside", "secretary"},
        "body": {"seat"},
    }[public]
    round_ = open_one(public=public, network=network, of_body=body, takes_views=False)
    made = {}
    for name, person in people.items():
        if name in asked:
            made[name] = reactions.react(actor=person, round=round_, text=f"{LONG_ENOUGH} Dat zegt {name}.")
        else:
            with pytest.raises(PermissionDenied):
                reactions.react(actor=person, round=round_, text=LONG_ENOUGH)
    for reaction in made.values():
        readers = {name for name, person in people.items() if may_read(person, reaction)}
        assert asked <= readers or public == "body"
        assert ("anyone" in readers) == (public == "everyone")
    assert may_read(make_adviser(), next(iter(made.values())))


def test_a_reaction_can_be_changed_and_withdrawn_by_who_wrote_it_while_the_round_is_open():
    person, other = (
        make_person("official", member=make_member()),
        make_person("official", member=make_member()),
    )
    round_ = open_one()
    made = reactions.react(actor=person, round=round_, text=LONG_ENOUGH)
    with pytest.raises(PermissionDenied):
        reactions.change_reaction(actor=other, reaction=made, text="Iets heel anders dan er stond.")
    changed = reactions.change_reaction(actor=person, reaction=made, text="Iets heel anders dan er stond.")
    assert (changed.text, changed.title) == ("Iets heel anders dan er stond.",) * 2
    with pytest.raises(PermissionDenied):
        reactions.withdraw_reaction(actor=other, reaction=made)
    for _twice in range(2):
        reactions.withdraw_reaction(actor=person, reaction=made)
    kept = Contribution.objects.get(pk=made.pk)
    assert (kept.state, kept.text) == ("withdrawn", "Iets heel anders dan er stond.")
    assert not may_read(other, kept) and events("reaction.withdrawn") == 1


def test_the_bureau_takes_a_reaction_out_only_with_a_reason_that_its_author_hears():
    person, adviser = make_person("official", member=make_member()), make_adviser()
    round_ = open_one()
    made = reactions.react(actor=person, round=round_, text=LONG_ENOUGH)
    with pytest.raises(ValidationError) as error:
        reactions.withdraw_reaction(actor=adviser, reaction=made)
    assert fields(error) == {"reason"}
    reactions.withdraw_reaction(actor=adviser, reaction=made, reason=REASON)
    assert REASON in told(person, "reaction.taken_out")[0]


@pytest.mark.parametrize("text", ["", "Nee", "x" * 10_001, "Bel mij op 06-12345678, dan leg ik het uit."])
def test_what_a_reaction_may_be(text):
    round_ = open_one()
    with pytest.raises(ValidationError) as error:
        reactions.react(actor=make_person("official", member=make_member()), round=round_, text=text)
    assert fields(error) == {"text"}
    assert not Contribution.objects.exists()


def test_nothing_gets_in_before_or_after_a_round_even_when_the_clock_was_not_by_yet():
    person = make_person("official", member=make_member())
    planned = make_round(opens_at=timezone.now() + timedelta(days=1))
    over = past_its_time(open_one(make_consultation(title="Een tweede raadpleging")))
    assert over.state == "open"
    for round_ in (planned, over):
        with pytest.raises(ValidationError):
            reactions.react(actor=person, round=round_, text=LONG_ENOUGH)
    assert not Contribution.objects.exists()


def test_a_paragraph_of_another_text_is_refused():
    person, round_ = make_person("official", member=make_member()), open_one()
    other = open_one(make_consultation(title="Een tweede raadpleging"))
    with pytest.raises(ValidationError) as error:
        reactions.react(actor=person, round=round_, text=LONG_ENOUGH, paragraph=paragraph_of(other, 1))
    assert fields(error) == {"paragraph"}


# --- formal views ----------------------------------------------------------------------------------------
class Town:
    """A member with an official and a mayor who has its mandate, in an open round."""

    def __init__(self, **changes) -> None:
        self.member = make_member()
        self.official = make_person("official", member=self.member)
        self.mayor = make_person("mayor", member=self.member, votes=True)
        self.round = open_one(**changes)
        self.view = views.start_view(actor=self.official, round=self.round, member=self.member)

    def save(self, text: str = LONG_ENOUGH, points=(), *, actor=None, version=None) -> View:
        now = View.objects.get(pk=self.view.pk)
        return views.save_view(
            actor=actor or self.official,
            view=now,
            version=version or now.version,
            text=text,
            points=points,
        )

    def hand_in(self, *, actor=None) -> View:
        now = View.objects.get(pk=self.view.pk)
        return views.hand_in_view(actor=actor or self.mayor, view=now, version=now.version)


def live_points(view: View) -> list[str]:
    rows = Contribution.objects.filter(view=view, state="submitted").order_by("order", "pk")
    return [row.text for row in rows]


def test_a_view_is_written_by_colleagues_and_handed_in_by_somebody_with_the_mandate():
    town = Town()
    stranger, adviser = make_person("official", member=make_member()), make_adviser()
    again = views.start_view(actor=town.mayor, round=town.round, member=town.member)
    assert again.pk == town.view.pk and events("view.begun") == 1
    with pytest.raises(PermissionDenied):
        views.start_view(actor=stranger, round=town.round, member=town.member)
    with pytest.raises(PermissionDenied):
        town.save(actor=stranger)
    with pytest.raises(PermissionDenied):
        town.save(actor=adviser)
    town.save(points=[{"point": None, "paragraph": 4, "text": POINT}])
    assert not may_read(stranger, town.view) and not Contribution.objects.exists()
    with pytest.raises(PermissionDenied):
        town.hand_in(actor=town.official)
    made = town.hand_in()
    assert (made.state, made.handed_in_by, made.late, made.text) == (
        "submitted",
        town.mayor,
        False,
        LONG_ENOUGH,
    )
    point = Contribution.objects.get()
    assert (point.kind, point.owner_member, point.paragraph.address) == ("view_point", town.member, 4)
    assert may_read(stranger, made) and may_read(stranger, point)
    assert not may_read(None, made), "it was a round of members"


def test_of_a_draft_nothing_can_be_found_by_others():
    town = Town()
    town.save(
        text="Een heel bijzonder woord: pimpelmees.",
        points=[{"point": None, "paragraph": None, "text": POINT}],
    )
    item = Item.objects.get(pk=town.view.pk)
    assert "pimpelmees" not in f"{item.title} {item.summary} {item.body}"


def test_handing_in_again_changes_keeps_and_withdraws_points():
    town = Town()
    town.save(points=[{"point": None, "paragraph": n, "text": f"{POINT} Punt {n}."} for n in (1, 2, 3)])
    town.hand_in()
    first, second, third = Contribution.objects.order_by("order")
    town.save(
        points=[
            {"point": third.pk, "paragraph": 3, "text": third.text},
            {"point": first.pk, "paragraph": 2, "text": f"{POINT} Anders."},
            {"point": None, "paragraph": None, "text": f"{POINT} Nieuw."},
        ]
    )
    assert live_points(town.view) == [f"{POINT} Punt {n}." for n in (1, 2, 3)], "a draft changes nothing"
    town.hand_in()
    assert live_points(town.view) == [f"{POINT} Punt 3.", f"{POINT} Anders.", f"{POINT} Nieuw."]
    assert Contribution.objects.get(pk=second.pk).state == "withdrawn"
    assert Contribution.objects.get(pk=first.pk).paragraph.address == 2
    assert Contribution.objects.count() == 4
    town.hand_in()
    assert events("view.handed_in") == 2, "the same draft again is nothing new"


def test_two_colleagues_never_overwrite_each_other_unseen():
    town = Town()
    town.save(text="Wat de eerste collega schrijft.")
    with pytest.raises(ValidationError) as error:
        town.save(text="Wat de tweede collega schrijft.", actor=town.mayor, version=1)
    assert error.value.code == "changed" and town.official.name in refused(error)
    assert View.objects.get(pk=town.view.pk).draft["text"] == "Wat de eerste collega schrijft."
    town.save(text="Wat de tweede collega schrijft.", actor=town.mayor)
    with pytest.raises(ValidationError) as error:
        views.hand_in_view(actor=town.mayor, view=town.view, version=1)
    assert error.value.code == "changed"


def test_closing_while_somebody_writes_keeps_the_draft_which_may_be_handed_in_late_with_a_mark():
    town = Town()
    town.save()
    times.close_round(actor=town.round.consultation.author, round=town.round)
    town.save(text=f"{LONG_ENOUGH} En nog iets.", points=[{"point": None, "paragraph": 1, "text": POINT}])
    made = town.hand_in()
    assert made.late and made.state == "submitted"
    assert Contribution.objects.get().late
    with pytest.raises(ValidationError):
        town.save(text=f"{LONG_ENOUGH} Toch weer anders.")


def test_a_view_that_was_handed_in_on_time_stays_as_it_was_after_closing():
    town = Town()
    town.save()
    town.hand_in()
    town.save(text=f"{LONG_ENOUGH} Nog niet ingediend.")
    past_its_time(town.round)
    with pytest.raises(ValidationError):
        town.hand_in()
    assert View.objects.get(pk=town.view.pk).text == LONG_ENOUGH


def test_nothing_is_handed_in_once_the_note_of_answer_is_there():
    town = Town()
    town.save()
    times.close_round(actor=town.round.consultation.author, round=town.round)
    Consultation.objects.filter(pk=town.round.consultation_id).update(answer_published_at=timezone.now())
    with pytest.raises(ValidationError):
        town.hand_in()
    assert View.objects.get(pk=town.view.pk).state == "draft"


def test_a_view_can_be_taken_back_and_handed_in_again():
    town = Town()
    town.save(points=[{"point": None, "paragraph": 1, "text": POINT}])
    town.hand_in()
    for _twice in range(2):
        views.take_back_view(actor=town.mayor, view=town.view)
    row = View.objects.get(pk=town.view.pk)
    assert (row.state, row.handed_in_at, live_points(row)) == ("withdrawn", None, [])
    assert not may_read(make_person("official", member=make_member()), row)
    town.hand_in()
    assert live_points(row) == [POINT] and Contribution.objects.count() == 1
    times.close_round(actor=town.round.consultation.author, round=town.round)
    with pytest.raises(ValidationError):
        views.take_back_view(actor=town.mayor, view=View.objects.get(pk=town.view.pk))


def test_an_answered_point_stays_what_it_was():
    town = Town()
    town.save(points=[{"point": None, "paragraph": 1, "text": POINT}])
    town.hand_in()
    point, adviser = Contribution.objects.get(), town.round.consultation.author
    answer = Answer.objects.create(
        consultation=town.round.consultation, kind="not", reason="Nee.", person=adviser
    )
    Answered.objects.create(answer=answer, item=point)
    town.save(points=[{"point": point.pk, "paragraph": 1, "text": f"{POINT} Anders."}])
    with pytest.raises(ValidationError):
        town.hand_in()
    assert Contribution.objects.get().text == POINT


def test_what_a_view_may_hold():
    town = Town()
    with pytest.raises(ValidationError) as error:
        town.save(
            points=[
                {"point": None, "paragraph": 1, "text": POINT},
                {"point": None, "paragraph": 99, "text": POINT},
                {"point": None, "paragraph": 1, "text": "Bel mij op 06-12345678."},
            ]
        )
    assert fields(error) == {"paragraph_1"}
    with pytest.raises(ValidationError) as error:
        town.save(points=[{"point": None, "paragraph": 1, "text": "Bel mij op 06-12345678."}])
    assert fields(error) == {"text_0"}
    town.save(text="", points=[{"point": None, "paragraph": 1, "text": "Nee"}])
    with pytest.raises(ValidationError) as error:
        town.hand_in()
    assert fields(error) == {"text_0"}
    town.save(text="", points=[])
    with pytest.raises(ValidationError):
        town.hand_in()
    other = make_member()
    mayor = make_person("mayor", member=other, votes=True)
    g40 = make_network("g40", make_member())
    elsewhere = open_one(make_consultation(title="Voor een netwerk"), public="network", network=g40)
    with pytest.raises(ValidationError):
        views.start_view(actor=mayor, round=elsewhere, member=other)


@given(
    st.lists(
        st.tuples(st.none() | st.integers(1, 5), st.none() | st.integers(1, 4), st.text(max_size=30)),
        max_size=12,
    )
)
def test_a_draft_keeps_every_point_that_says_something_and_each_known_one_once(raw):
    points = [{"point": point, "paragraph": place, "text": text} for point, place, text in raw]
    try:
        draft = view_drafts.checked(
            {"text": ""}, points, lengths={"text": "view"}, addresses=range(1, 5), known={1, 2, 3}
        )
    except ValidationError:  # personal data by chance
        return
    assert len(draft["points"]) == sum(bool(view_drafts.tidy(text)) for _point, _place, text in raw)
    named = [point["point"] for point in draft["points"] if point["point"] is not None]
    assert len(named) == len(set(named)) and set(named) <= {1, 2, 3}
    again = view_drafts.checked(
        {"text": ""}, draft["points"], lengths={"text": "view"}, addresses=range(1, 5), known={1, 2, 3}
    )
    assert again == draft and view_drafts.same(draft, again)


# --- questions -------------------------------------------------------------------------------------------
def asked(**changes):
    consultation = make_consultation(document=None, question="Waar moet de vereniging mee stoppen?")
    round_ = make_round(consultation, asks_questions=True, takes_views=False, **changes)
    adviser = consultation.author
    scale = questions.add_question(
        actor=adviser, round=round_, kind="scale", text="Hoe belangrijk is dit voor u?"
    )
    choice = questions.add_question(
        actor=adviser,
        round=round_,
        kind="choice",
        text="Wat moet de vereniging eerst doen?",
        options=["Geld\nRuimte"],
    )
    return times.open_round(actor=adviser, round=round_), scale, choice


def test_questions_are_replied_to_and_the_last_reply_counts():
    round_, scale, choice = asked()
    member = make_member()
    person = make_person("official", member=member)
    assert choice.options == ["Geld", "Ruimte"]
    assert questions.reply(actor=person, round=round_, values={scale.pk: 4, choice.pk: 1}) == 2
    assert questions.reply(actor=person, round=round_, values={scale.pk: 4, choice.pk: 0}) == 1
    assert questions.reply(actor=person, round=round_, values={scale.pk: 4}) == 0
    assert {(row.question_id, row.value, row.member) for row in Reply.objects.all()} == {
        (scale.pk, 4, member),
        (choice.pk, 0, member),
    }
    assert events("consultation.replied") == 2


def test_only_answers_that_are_there_count():
    round_, scale, choice = asked()
    person = make_person("official", member=make_member())
    for values in ({scale.pk: 0}, {scale.pk: 6}, {choice.pk: 2}):
        with pytest.raises(ValidationError) as error:
            questions.reply(actor=person, round=round_, values=values)
        assert fields(error) == {f"q{next(iter(values))}"}
    for values in ({}, {choice.pk + 1000: 1}):
        with pytest.raises(ValidationError):
            questions.reply(actor=person, round=round_, values=values)
    past_its_time(round_)
    with pytest.raises(ValidationError):
        questions.reply(actor=person, round=round_, values={scale.pk: 3})
    assert not Reply.objects.exists()


def test_questions_are_fixed_once_the_round_is_open():
    round_, scale, _choice = asked()
    adviser = round_.consultation.author
    with pytest.raises(ValidationError):
        questions.withdraw_question(actor=adviser, question=scale)
    with pytest.raises(ValidationError):
        questions.add_question(actor=adviser, round=round_, kind="scale", text="Nog een vraag erbij?")


@pytest.mark.parametrize(
    "options", [[], ["Eén"], ["Ja", "Ja"], ["x" * 201, "Nee"], [str(n) for n in range(13)]]
)
def test_what_a_choice_must_offer(options):
    round_ = make_round(asks_questions=True)
    with pytest.raises(ValidationError) as error:
        questions.add_question(
            actor=round_.consultation.author,
            round=round_,
            kind="choice",
            text="Wat moet eerst?",
            options=options,
        )
    assert fields(error) == {"options"}


# --- meetings --------------------------------------------------------------------------------------------
class Chapter:
    """A chapter with a secretary and a member, and a meeting in its own open round."""

    def __init__(self) -> None:
        self.member = make_member()
        self.network = make_network("chapter-utrecht", self.member, kind="chapter")
        self.secretary = make_person("network_secretary", network=self.network)
        self.official = make_person("official", member=self.member)
        self.round = open_one(public="network", network=self.network, takes_views=False)
        self.when = timezone.now() + timedelta(days=2)
        self.meeting = meetings.plan_meeting(
            actor=self.secretary, round=self.round, network=self.network, **self.times
        )

    @property
    def times(self):
        return {
            "starts_at": self.when,
            "ends_at": self.when + timedelta(hours=2),
            "place": "Stadhuis van Utrecht",
        }

    def save(self, *, actor=None, report="Wij spraken over de tekst.", advice="", points=()):
        self.meeting.refresh_from_db()
        return meetings.save_report(
            actor=actor or self.secretary,
            meeting=self.meeting,
            version=self.meeting.version,
            report=report,
            advice=advice,
            points=points,
        )

    def publish(self, *, actor=None):
        self.meeting.refresh_from_db()
        return meetings.publish_report(
            actor=actor or self.secretary, meeting=self.meeting, version=self.meeting.version
        )


def test_a_chapter_meets_and_its_people_hear_when():
    chapter = Chapter()
    stranger = make_person("official", member=make_member())
    again = meetings.plan_meeting(
        actor=chapter.secretary, round=chapter.round, network=chapter.network, **chapter.times
    )
    assert again.pk == chapter.meeting.pk
    assert "CHAPTER-UTRECHT" in told(chapter.official, "consultation.meeting_planned")[0]
    assert not told(stranger, "consultation.meeting_planned")
    later = {**chapter.times, "starts_at": chapter.when + timedelta(hours=1)}
    meetings.change_meeting(actor=chapter.secretary, meeting=chapter.meeting, version=1, **later)
    with pytest.raises(ValidationError) as error:
        meetings.change_meeting(actor=make_adviser(), meeting=chapter.meeting, version=1, **chapter.times)
    assert error.value.code == "changed" and chapter.secretary.name in refused(error)
    for _twice in range(2):
        meetings.cancel_meeting(
            actor=chapter.secretary, meeting=chapter.meeting, reason="De zaal is niet vrij."
        )
    assert len(told(chapter.official, "consultation.meeting_cancelled")) == 1


@pytest.mark.parametrize("role", ["official", "committee_member", "network_secretary"])
def test_others_plan_and_report_no_meeting_of_a_chapter(role):
    chapter = Chapter()
    elsewhere = make_network("k80")
    person = make_person(role, member=chapter.member if role == "official" else None, network=elsewhere)
    for deed in (
        lambda: meetings.plan_meeting(
            actor=person, round=chapter.round, network=chapter.network, **chapter.times
        ),
        lambda: meetings.cancel_meeting(
            actor=person, meeting=chapter.meeting, reason="De zaal is niet vrij."
        ),
        lambda: chapter.save(actor=person),
        lambda: chapter.publish(actor=person),
    ):
        with pytest.raises(PermissionDenied):
            deed()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"place": ""}, "place"), ({"link": "javascript:alert(1)"}, "link"), ({"hours": -1}, "ends_at")],
)
def test_what_a_meeting_must_say(changes, field):
    chapter = Chapter()
    values = {**chapter.times, **changes}
    values["ends_at"] = chapter.when + timedelta(hours=values.pop("hours", 2))
    with pytest.raises(ValidationError) as error:
        meetings.plan_meeting(actor=chapter.secretary, round=chapter.round, network=chapter.network, **values)
    assert fields(error) == {field}


def test_the_report_brings_in_points_at_paragraphs_and_the_advice_of_the_chapter():
    chapter = Chapter()
    chapter.save(advice="Neem de tekst over.", points=[{"point": None, "paragraph": 3, "text": POINT}])
    assert not Contribution.objects.exists()
    chapter.publish()
    point = Contribution.objects.get(kind="report_point")
    advice = Contribution.objects.get(kind="chapter_advice")
    assert (point.paragraph.address, advice.text, advice.late) == (3, "Neem de tekst over.", False)
    assert len(told(chapter.official, "consultation.meeting_reported")) == 1
    chapter.save(advice="Neem de tekst niet over.", points=[])
    chapter.publish()
    assert Contribution.objects.get(kind="chapter_advice").text == "Neem de tekst niet over."
    assert Contribution.objects.get(pk=point.pk).state == "withdrawn"
    chapter.publish()
    assert events("consultation.meeting_reported") == 2
    assert len(told(chapter.official, "consultation.meeting_reported")) == 1


def test_a_report_after_closing_is_marked_late_and_none_comes_after_the_note():
    chapter = Chapter()
    adviser = chapter.round.consultation.author
    times.close_round(actor=adviser, round=chapter.round)
    chapter.save(advice="Neem de tekst over.")
    chapter.publish()
    assert Contribution.objects.get(kind="chapter_advice").late
    Consultation.objects.filter(pk=chapter.round.consultation_id).update(answer_published_at=timezone.now())
    with pytest.raises(ValidationError):
        chapter.save(advice="Toch niet.")


def test_a_meeting_is_of_the_network_that_its_round_asks():
    chapter = Chapter()
    other = make_network("k80")
    with pytest.raises(ValidationError) as error:
        meetings.plan_meeting(actor=make_adviser(), round=chapter.round, network=other, **chapter.times)
    assert fields(error) == {"network"}
    of_members = open_one(make_consultation(title="Voor alle leden samen"))
    assert (
        meetings.plan_meeting(actor=make_adviser(), round=of_members, network=other, **chapter.times).network
        == other
    )
    times.close_round(actor=of_members.consultation.author, round=fresh(of_members))
    with pytest.raises(ValidationError):
        meetings.plan_meeting(
            actor=make_adviser(), round=of_members, network=chapter.network, **chapter.times
        )
