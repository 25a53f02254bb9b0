"""A form sent after the session ended leads to the log-in page and back to the page the form stood on."""

import pytest

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
