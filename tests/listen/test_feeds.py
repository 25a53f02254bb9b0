"""Feeds: a theme's shows what is public; that of a saved search what its owner may read, and to nobody else."""

import xml.etree.ElementTree as ET

import pytest
from django.urls import reverse

from omkering.listen.saved_searches import tell_followers
from omkering.thread.commands import save_search
from omkering.thread.models import Notice, SavedSearch
from omkering.thread.queries import in_words
from tests.listen.made import log_in, make_signal
from tests.people import make_member, make_person, make_theme

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(response) -> list[str]:
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return [entry.findtext(f"{ATOM}title") for entry in ET.fromstring(response.content).iter(f"{ATOM}entry")]


def test_a_theme_feed_holds_public_signals_only(client):
    theme = make_theme()
    make_signal(theme=theme, visibility="public", title="Openbaar signaal")
    make_signal(theme=theme, visibility="members", title="Signaal voor leden")
    make_signal(visibility="public", title="Ander thema")
    assert titles(client.get(reverse("listen:theme_feed", args=[theme.key]))) == ["Openbaar signaal"]
    assert client.get(reverse("listen:theme_feed", args=["geen"])).status_code == 404


def test_a_saved_search_is_kept_and_its_feed_has_the_rights_of_its_owner(client):
    member = make_member()
    person = make_person("official", member=member)
    make_signal(title="Jeugdhulp loopt vast", visibility="members")
    make_signal(title="Jeugdhulp achter gesloten deuren", visibility="bureau")
    make_signal(title="Zwembad dicht", visibility="public", summary="Geen personeel")
    log_in(client, person)
    page = client.get(reverse("listen:board"), {"text": "jeugdhulp"})
    assert page.context["save"] is not None
    data = {"name": "Jeugd", "query": page.context["query"]}
    assert client.post(reverse("listen:keep_search"), data).status_code == 302
    search = SavedSearch.objects.get(person=person)
    assert search.query == {"text": "jeugdhulp"}
    client.cookies.clear()
    address = reverse("listen:search_feed", args=[search.secret])
    response = client.get(address)
    assert titles(response) == ["Jeugdhulp loopt vast"]
    assert "no-store" in response["Cache-Control"]
    assert client.get(reverse("listen:search_feed", args=["geraden"])).status_code == 404
    person.is_active = False
    person.save()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("data", [{"name": "", "query": "text=huis"}, {"name": "Alles", "query": ""}])
def test_a_search_needs_a_name_and_a_filter(client, data):
    log_in(client, make_person("official", member=make_member()))
    assert client.post(reverse("listen:keep_search"), data).status_code == 302
    assert SavedSearch.objects.count() == 0


def test_who_follows_a_search_hears_of_each_new_signal_once():
    member = make_member()
    person = make_person("official", member=member)
    make_signal(title="Jeugdhulp was er al")
    save_search(person=person, name="Jeugd", kind="signal", query={"text": "jeugdhulp"})
    save_search(person=person, name="Ook jeugd", kind="signal", query={"text": "jeugdhulpaanbieder"})
    make_signal(title="Zwembad dicht", summary="Geen personeel")
    make_signal(title="Jeugdhulp voor het bureau", visibility="bureau")
    make_signal(member, person=person, title="Jeugdhulp van mijzelf")
    new = make_signal(title="Jeugdhulpaanbieders zitten vol")
    assert tell_followers() == 1
    assert tell_followers() == 0
    notice = Notice.objects.get(person=person)
    assert notice.item_id == new.pk
    assert "Jeugd" in in_words(notice).text
    assert new.title in in_words(notice).text
