"""A form sent after the session ended leads to the log-in page and back to the page the form stood on."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from omkering.listen.models import Draft
from tests.people import make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("referer", "way_back"),
    [
        ("http://testserver/signaleren/melden/3/1/", "/signaleren/melden/3/1/"),
        ("http://testserver/leden/?q=a&on=2022-06-01", "/leden/%3Fq%3Da%26on%3D2022-06-01"),
        ("https://elders.example/kwaad/", "/"),
        ("", "/"),
    ],
)
def test_after_a_post_the_page_of_the_form(client, referer, way_back):
    answer = client.post("/nieuws/gelezen/", headers={"referer": referer})
    assert answer.url == f"/account/login/?next={way_back}"


def test_after_a_get_the_page_itself(client):
    assert client.get("/nieuws/?page=2").url == "/account/login/?next=/nieuws/%3Fpage%3D2"


# --- what was typed --------------------------------------------------------------------------------------
TYPED = {"title": "De veerboot vaart te weinig", "case": "Bewoners missen\nde <laatste> boot.", "go": "next"}
PAGE = "/signaleren/melden/"


def come_back(client, person=None):
    """Send a form without a session, log in, and open the page it was typed on."""
    client.post(PAGE, TYPED, headers={"referer": f"http://testserver{PAGE}"})
    client.force_login(person or make_person("official", member=make_member()))
    return client.get(PAGE)


def test_what_was_typed_comes_back_after_logging_in(client):
    page = come_back(client)
    fields = dict(page.context["kept_form"].fields)
    assert fields == TYPED
    text = page.content.decode()
    assert "Ga verder met wat u invulde" in text
    assert "&lt;laatste&gt; boot" in text
    answer = client.post(page.context["kept_form"].action, fields)
    assert answer.status_code == 302
    assert Draft.objects.get().data["title"] == TYPED["title"]
    assert "Ga verder met wat u invulde" not in client.get(PAGE).content.decode()


def test_on_another_page_and_after_a_while_it_is_not_there(client):
    page = come_back(client)
    assert page.context["kept_form"]
    assert not client.get("/nieuws/").context["kept_form"]
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert not client.get(PAGE).context["kept_form"]


def test_a_form_without_end_is_not_kept(client):
    client.post(PAGE, {"case": "x" * 200_001}, headers={"referer": f"http://testserver{PAGE}"})
    assert "kept_form" not in client.session


def test_a_visitor_is_not_shown_what_was_typed(client):
    client.post("/nieuws/gelezen/", TYPED, headers={"referer": "http://testserver/leden/"})
    assert "veerboot" not in client.get("/leden/").content.decode()
