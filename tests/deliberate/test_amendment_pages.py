"""The pages of amendments: who sees and does what, and that nothing typed is lost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from omkering.deliberate.commands.amendment_decisions import adopt_amendment, decided_elsewhere
from omkering.deliberate.commands.amendment_talks import ask_talks, propose_common
from omkering.deliberate.commands.amendments import cosign, draft_amendment
from omkering.deliberate.commands.document_rows import write_version
from omkering.deliberate.models import Amendment, AmendmentAdvice, CollisionTalk
from omkering.thread.commands import link
from omkering.thread.models import Item
from omkering.who.models import Body, Network
from tests.decide.votes import log_in
from tests.deliberate.amendments_made import ONE, REASON, TWO, make_document, make_world, submitted, words
from tests.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def at(name, *args):
    return reverse(f"deliberate:{name}", args=args)


def see(client, who, name, *args, query=""):
    log_in(client, who)
    response = client.get(at(name, *args) + query)
    return response, response.content.decode()


def send(client, who, address, **data):
    log_in(client, who)
    return client.post(address, data)


def new(**more):
    return {
        "deed": "change",
        "on_version": "1",
        "text": ONE.replace("2030", "2031"),
        "title": "Een jaar later",
        "reason": REASON,
        "consequences": "",
        "go": "submit",
    } | more


# --- writing -----------------------------------------------------------------------------------------------
def test_the_paragraph_stands_in_the_form_to_change_in_place(client, w):
    response, page = see(client, w.mayor, "propose", w.one.pk)
    assert response.status_code == 200
    assert ONE in page and 'name="go" value="submit"' in page
    assert "word_diff.js" in page
    _response, drop = see(client, w.mayor, "propose", w.one.pk, query="?deed=drop")
    assert 'name="text"' not in drop and ONE in drop


def test_a_colleague_keeps_a_draft_and_sees_no_button_to_hand_in(client, w):
    _response, page = see(client, w.official, "propose", w.one.pk)
    assert 'value="submit"' not in page and 'value="draft"' in page
    response = send(client, w.official, at("propose", w.one.pk), **new(go="draft"))
    row = Amendment.objects.get()
    assert response.url == at("amendment", row.pk) and row.state == "draft"
    forced = send(client, w.official, at("propose", w.one.pk), **new(title="Toch indienen"))
    assert forced.status_code == 403
    assert Amendment.objects.count() == 1


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(client, w):
    response = send(client, w.mayor, at("propose", w.one.pk), **new(reason="kort"))
    page = response.content.decode()
    assert response.status_code == 422
    assert ONE.replace("2030", "2031") in page and "kort" in page
    assert not Amendment.objects.exists()
    response = send(client, w.mayor, at("propose", w.one.pk), **new(text=ONE))
    assert response.status_code == 422 and 'href="#id_text"' in response.content.decode()


def test_the_difference_is_shown_without_script(client, w):
    page = send(client, w.mayor, at("propose", w.one.pk), **new(go="look")).content.decode()
    assert "2031" in page.split("<ins>")[1] and "2030" in page.split("<del>")[1]
    assert not Amendment.objects.exists()


def test_handing_in_goes_to_its_page(client, w):
    response = send(client, w.mayor, at("propose", w.one.pk), **new())
    row = Amendment.objects.get()
    assert row.state == "submitted" and response.url == at("amendment", row.pk)


def test_somebody_for_two_chooses_in_whose_name(client, w):
    both = make_person("mayor", member=w.own, votes=True)
    from omkering.who.models import Mandate
    from tests.people import LONG_AGO

    Mandate.objects.create(person=both, member=w.other, starts=LONG_AGO)
    _response, page = see(client, both, "propose", w.one.pk)
    assert 'name="owner"' in page
    assert send(client, both, at("propose", w.one.pk), **new()).status_code == 422
    send(client, both, at("propose", w.one.pk), **new(owner=f"member-{w.other.pk}"))
    assert Amendment.objects.get().owner_member == w.other


def test_two_who_edit_one_draft_do_not_overwrite_unseen(client, w):
    row = draft_amendment(actor=w.official, paragraph=w.one, owner=w.own, title="Later", text=ONE + " Echt.")
    send(
        client,
        w.mayor,
        at("edit_amendment", row.pk),
        **new(version="1", go="draft", title="Van de burgemeester"),
    )
    response = send(
        client,
        w.official,
        at("edit_amendment", row.pk),
        **new(version="1", go="draft", title="Van de ambtenaar"),
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert w.mayor.name in page and "Van de ambtenaar" in page and 'name="version" value="2"' in page
    assert Amendment.objects.get().title == "Van de burgemeester"


def test_who_may_not_write_for_anybody_is_refused(client, w):
    assert see(client, w.adviser, "propose", w.one.pk)[0].status_code == 403
    assert see(client, w.stranger, "propose", w.one.pk)[0].status_code == 403
    client.logout()
    assert client.get(at("propose", w.one.pk)).status_code == 302


# --- reading -----------------------------------------------------------------------------------------------
def test_the_page_shows_both_sides_of_a_collision_with_the_exact_words(client, w):
    mine = submitted(w, ONE.replace("2030", "2031"))
    theirs = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    for who, row in ((w.mayor, mine), (w.theirs, theirs)):
        _response, page = see(client, who, "amendment", row.pk)
        clash = page.split('id="clashes"')[1].split("</section>")[0]
        assert "<mark>2030</mark>" in clash and "2031" in clash and "2035" in clash
        assert at("ask_talks", row.pk, (theirs if row == mine else mine).pk) in page
    _response, page = see(client, w.official, "amendment", mine.pk)
    assert "/overleg/" not in page


def test_a_draft_is_not_found_by_others(client, w):
    row = draft_amendment(actor=w.official, paragraph=w.one, owner=w.own, title="Later", text=ONE + " Echt.")
    assert see(client, w.official, "amendment", row.pk)[0].status_code == 200
    assert see(client, w.theirs, "amendment", row.pk)[0].status_code == 404
    assert "Later" not in see(client, w.theirs, "amendments", w.document.pk)[1]
    assert "Later" in see(client, w.official, "amendments", w.document.pk)[1]
    assert "Later" not in see(client, w.adviser, "amendments", w.document.pk)[1]


def test_a_hidden_document_hides_all_its_pages(client, w):
    for name in ("amendments", "collisions", "voting_order", "consolidated"):
        assert see(client, w.stranger, name, w.document.pk)[0].status_code == 404
        assert see(client, w.mayor, name, w.document.pk)[0].status_code == 200
    assert see(client, w.mayor, "adopt_amendments", w.document.pk)[0].status_code == 403


def test_the_list_filters_and_says_what_collides(client, w):
    submitted(w, ONE.replace("2030", "2031"), title="Eerste keuze")
    submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other, title="Tweede keuze")
    submitted(w, TWO.replace("alle", "de"), at=w.two, title="Derde keuze")
    _response, page = see(client, w.mayor, "amendments", w.document.pk)
    assert all(f"{name} keuze" in page for name in ("Eerste", "Tweede", "Derde"))
    _response, page = see(client, w.mayor, "amendments", w.document.pk, query="?paragraph=3")
    assert "Derde keuze" in page and "Eerste keuze" not in page
    _response, page = see(client, w.mayor, "amendments", w.document.pk, query="?q=vergoedt")
    assert "Derde keuze" in page and "Eerste keuze" not in page
    _response, page = see(client, w.mayor, "amendments", w.document.pk, query="?state=adopted")
    assert "keuze" not in page
    client.force_login(w.mayor)
    lines = b"".join(client.get(at("export_amendments", w.document.pk, "csv")).streaming_content).decode()
    assert lines.count("keuze") == 3


def test_lists_ask_a_fixed_number_of_questions(client, w):
    client.force_login(w.mayor)
    names = ("amendments", "collisions", "voting_order", "consolidated")

    def asked():
        counts = []
        for name in names:
            with CaptureQueriesContext(connection) as found:
                assert client.get(at(name, w.document.pk) + "?with=all").status_code == 200
            counts.append(len(found))
        return counts

    def more(times):
        for number in range(times):
            row = submitted(w, f"{ONE} Zin {number}.", title=f"Keuze {number}")
            submitted(w, f"Zin {number}.", deed="add", title=f"Erbij {number}")
            cosign(actor=w.theirs, amendment=row, owner=w.other)

    more(2)
    asked()  # warms what is remembered
    few = asked()
    more(5)
    assert asked() == few


# --- the text ----------------------------------------------------------------------------------------------
def test_the_consolidated_text_for_any_choice_with_whose_words(client, w):
    first = submitted(w, ONE.replace("betaalt", "regelt"))
    second = submitted(w, ONE.replace("2030", "2031"), by=w.theirs, owner=w.other)
    third = submitted(w, ONE.replace("2030", "2035"), by=w.far, owner=w.third)
    _response, page = see(
        client,
        w.mayor,
        "consolidated",
        w.document.pk,
        query=f"?with=choice&a={first.number}&a={second.number}",
    )
    text = page.split('id="p2"')[1].split("</div>")[0]
    assert "regelt" in text and "2031" in text and "2035" not in text
    _response, everything = see(client, w.mayor, "consolidated", w.document.pk, query="?with=all")
    text = everything.split('id="p2"')[1].split("</div>")[0]
    assert "<mark>2030</mark>" in text and f"{third.number}</sup>" in text
    adopt_amendment(actor=w.adviser, amendment=first, version=Amendment.objects.get(pk=first.pk).version)
    _response, page = see(client, w.mayor, "consolidated", w.document.pk)
    text = page.split('id="p2"')[1].split("</div>")[0]
    assert "regelt" in text and f"{first.number}</sup>" in text and "2031" not in text


def test_the_consolidated_text_keeps_lists_and_headings_as_the_text_has_them(client, w):
    document = make_document(ONE)
    kinds = (("heading", 2), ("item", 1), ("item", 2), ("item", 1), ("paragraph", 0))
    blocks = [
        {"kind": kind, "level": level, "label": "", "text": f"Deel {n}.", "paragraph": None}
        for n, (kind, level) in enumerate(kinds)
    ]
    write_version(document, blocks, person=None)
    _response, page = see(client, w.mayor, "consolidated", document.pk)
    shape = re.findall(r"</?(?:ul|li|h[2-4])\b", page.split("<main")[1].split("</main>")[0])
    assert [tag for tag in shape if "h" not in tag][-9:] == [
        "<ul", "<li", "<ul", "<li", "</li", "</ul", "<li", "</li", "</ul",
    ]  # fmt: skip
    assert "<h2" in shape and "Deel 0." in page


def test_the_order_of_voting_tells_what_falls(client, w):
    submitted(w, ONE.replace("2030", "2031"))
    submitted(
        w, "De gemeente regelt alles vanaf 2035 samen.", by=w.theirs, owner=w.other, title="Alles anders"
    )
    _response, page = see(client, w.mayor, "voting_order", w.document.pk)
    assert page.index("Alles anders") < page.index("Een ander jaar")
    client.force_login(w.mayor)
    lines = b"".join(client.get(at("export_voting_order", w.document.pk, "csv")).streaming_content).decode()
    assert lines.splitlines()[1].startswith("1,2,") and lines.splitlines()[1].endswith(",1")


# --- doing -------------------------------------------------------------------------------------------------
def test_cosigning_and_stepping_out(client, w):
    row = submitted(w, ONE.replace("2030", "2031"))
    assert "medeondertekenen" in see(client, w.theirs, "amendment", row.pk)[1]
    assert send(client, w.theirs, at("cosign", row.pk)).url == at("amendment", row.pk)
    backing = row.backings.get(member=w.other)
    _response, page = see(client, w.theirs, "amendment", row.pk)
    assert at("end_backing", backing.pk) in page and "medeondertekenen" not in page
    assert at("end_backing", backing.pk) not in see(client, w.mayor, "amendment", row.pk)[1]
    send(client, w.theirs, at("end_backing", backing.pk))
    assert row.backings.filter(ended_at__isnull=True).count() == 1
    assert send(client, w.official, at("cosign", row.pk)).status_code == 403


def test_a_network_is_not_taken_for_the_member_with_its_number(client, w):
    row = submitted(w, ONE.replace("2030", "2031"))
    network, _made = Network.objects.get_or_create(
        pk=w.own.pk, defaults={"key": "k80", "kind": "size", "names": {"nl": "K80", "en": "K80"}}
    )
    secretary = make_person("network_secretary", network=network)
    assert see(client, secretary, "cosign", row.pk)[0].status_code == 200


def test_withdrawing_and_replacing(client, w):
    row = submitted(w, ONE.replace("2030", "2031"))
    cosign(actor=w.theirs, amendment=row, owner=w.other)
    version = Amendment.objects.get(pk=row.pk).version
    response = send(
        client,
        w.mayor,
        at("replace_amendment", row.pk),
        **new(go="keep", version=version, text=ONE.replace("2030", "2032")),
    )
    fresh = Amendment.objects.get(number=2)
    assert response.url == at("amendment", fresh.pk)
    _response, page = see(client, w.mayor, "amendment", fresh.pk)
    assert w.other.name in page and at("amendment", row.pk) in page
    assert send(client, w.mayor, at("withdraw_amendment", fresh.pk)).status_code == 422
    send(client, w.mayor, at("withdraw_amendment", fresh.pk), why=REASON)
    assert Amendment.objects.get(pk=fresh.pk).state == "withdrawn"


def test_from_talks_to_a_common_amendment(client, w):
    mine = submitted(w, ONE.replace("2030", "2031"))
    theirs = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    response = send(client, w.mayor, at("ask_talks", mine.pk, theirs.pk))
    talk = CollisionTalk.objects.get()
    assert response.url == at("amendment_talk", talk.pk)
    proposed = send(
        client,
        w.mayor,
        at("propose_common", talk.pk),
        **new(go="keep", text=ONE.replace("2030", "2033"), title="Samen in 2033"),
    )
    assert proposed.url == at("amendment_talk", talk.pk)
    drafted = Amendment.objects.get(number=3).pk
    _response, page = see(client, w.mayor, "amendment", drafted)
    assert at("amendment_talk", talk.pk) in page and at("submit_amendment", drafted) not in page
    _response, page = see(client, w.far, "amendment_talk", talk.pk)
    assert "2033" not in page and 'value="agree"' not in page
    _response, page = see(client, w.mayor, "amendment_talk", talk.pk)
    assert "2033" in page and 'value="agree"' not in page  # who proposed it waits for the other side
    _response, page = see(client, w.theirs, "amendment_talk", talk.pk)
    assert "2033" in page and 'value="agree"' in page
    assert send(client, w.far, at("amendment_talk", talk.pk), go="agree", version="1").status_code == 403
    assert send(client, w.theirs, at("amendment_talk", talk.pk), go="agree", version="9").status_code == 422
    assert send(client, w.mayor, at("amendment_talk", talk.pk), go="agree", version="1").status_code == 422
    done = send(client, w.theirs, at("amendment_talk", talk.pk), go="agree", version="1")
    common = Amendment.objects.get(number=3)
    assert done.url == at("amendment", common.pk)
    page = see(client, w.far, "amendment", common.pk)[1]
    assert w.own.name in page and w.other.name in page
    assert "2033" in see(client, w.far, "amendment_talk", talk.pk)[1]


def test_talks_that_end_apart_need_words(client, w):
    mine = submitted(w, ONE.replace("2030", "2031"))
    theirs = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    talk = ask_talks(actor=w.mayor, first=mine, second=theirs)
    propose_common(
        actor=w.mayor, talk=talk, owner=w.own, title="Samen", text=ONE.replace("2030", "2033"), reason=REASON
    )
    assert send(client, w.theirs, at("amendment_talk", talk.pk), go="end", why="").status_code == 422
    send(client, w.theirs, at("amendment_talk", talk.pk), go="end", why="Wij worden het niet eens.")
    assert CollisionTalk.objects.get().outcome == "apart"


def test_a_seat_records_the_advice_of_its_own_body(client, w):
    body = Body.objects.create(key="commissie", kind="committee", names={"nl": "Commissie Zorg"})
    elsewhere = Body.objects.create(key="anders", kind="committee", names={"nl": "Commissie Anders"})
    seat = make_person("committee_member", body=body)
    row = submitted(w, ONE.replace("2030", "2031"))
    data = {"kind": "changed", "why": REASON, "alternative": ONE.replace("2030", "2034")}
    assert send(client, seat, at("advise", row.pk), **data, body=elsewhere.pk).status_code == 422
    send(client, seat, at("advise", row.pk), **data, body=body.pk)
    assert AmendmentAdvice.objects.get().body == body
    page = see(client, w.mayor, "amendment", row.pk)[1]
    assert "Commissie Zorg" in page and "2034" in page
    assert see(client, w.mayor, "advise", row.pk)[0].status_code == 403


def test_the_bureau_records_what_was_decided(client, w):
    first = submitted(w, ONE.replace("2030", "2031"))
    second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    third = submitted(w, ONE.replace("2030", "2036"), by=w.far, owner=w.third)
    _response, page = see(client, w.adviser, "adopt_amendment", first.pk)
    assert f'value="{second.pk}"' in page
    version = Amendment.objects.get(pk=first.pk).version
    send(
        client,
        w.adviser,
        at("adopt_amendment", first.pk),
        version=version,
        note="Ledenvergadering.",
        falls=second.pk,
    )
    assert words(w.document)[0] == ONE.replace("2030", "2031")
    assert Amendment.objects.get(pk=second.pk).state == "fallen"
    page = see(client, w.adviser, "amendment", third.pk)[1]
    assert at("fall_amendment", third.pk, first.pk) in page
    version = Amendment.objects.get(pk=third.pk).version
    assert (
        send(client, w.adviser, at("adopt_amendment", third.pk), version=version, note="").status_code == 422
    )
    send(client, w.adviser, at("fall_amendment", third.pk, first.pk))
    assert Amendment.objects.get(pk=third.pk).state == "fallen"
    fourth = submitted(w, TWO.replace("alle", "de"), at=w.two)
    version = Amendment.objects.get(pk=fourth.pk).version
    send(client, w.adviser, at("hold_amendment", fourth.pk), version=version, why=REASON)
    send(client, w.adviser, at("reject_amendment", fourth.pk), version=version, why=REASON)
    assert Amendment.objects.get(pk=fourth.pk).state == "held"  # the second came with an old version
    assert (
        send(client, w.mayor, at("reject_amendment", fourth.pk), version=version, why=REASON).status_code
        == 403
    )


def test_several_are_adopted_at_once_unless_they_collide(client, w):
    rows = [
        submitted(w, ONE.replace("betaalt", "regelt")),
        submitted(w, ONE.replace("2030", "2031"), by=w.theirs, owner=w.other),
        submitted(w, ONE.replace("2030", "2035"), by=w.far, owner=w.third),
    ]
    address = at("adopt_amendments", w.document.pk)
    assert send(client, w.adviser, address, based_on="1", note="", a=[1, 2, 3]).status_code == 422
    assert send(client, w.adviser, address, based_on="1", note="").status_code == 422
    response = send(client, w.adviser, address, based_on="1", note="Ledenvergadering.", a=[1, 2])
    assert response.url == at("consolidated", w.document.pk)
    assert words(w.document)[0] == "De gemeente regelt de zorg vanaf 2031 zelf."
    assert [Amendment.objects.get(pk=row.pk).state for row in rows] == ["adopted", "adopted", "submitted"]


def test_what_a_vote_adopted_against_the_text_is_written_in_by_hand(client, w):
    first = submitted(w, ONE.replace("2030", "2031"))
    second = submitted(w, ONE.replace("2030", "2035"), by=w.theirs, owner=w.other)
    adopt_amendment(actor=w.adviser, amendment=first, version=Amendment.objects.get(pk=first.pk).version)
    vote = Item.objects.create(kind="vote", state="closed", title="Stemming", visibility="members")
    link(upstream=second, downstream=vote, kind="decided_in", actor=None)
    decided_elsewhere(item=Item.objects.get(pk=second.pk), cause=vote, actor=None, adopted=True)
    assert at("write_in", second.pk) in see(client, w.adviser, "amendment", second.pk)[1]
    assert at("write_in", second.pk) not in see(client, w.mayor, "amendment", second.pk)[1]
    send(client, w.adviser, at("write_in", second.pk), text=ONE.replace("2030", "2034"), note="")
    assert words(w.document)[0] == ONE.replace("2030", "2034")
