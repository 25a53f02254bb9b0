"""Log-in through a municipality: what is asked of its provider, whom it lets in, and every token refused."""

import base64
import hashlib
import json
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured

from omkering.config.identity_providers import read
from omkering.journal.models import Event
from omkering.who.models import Person
from tests.people import make_member, make_person
from tests.web.provider import CLIENT, KEY, OTHER_KEY, Provider

pytestmark = pytest.mark.django_db

ROW = {
    "id": "ons",
    "name": "Ons",
    "server_url": "https://x",
    "client_id": "c",
    "secret": "s",
    "domains": ["X.nl"],
}
START, BACK = "/account/gemeente/ons/", "/account/gemeente/ons/terug/"


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings):
    """The provider of one municipality, answering rightly for its alderman."""
    running.__dict__.update(
        claims={"email": "wethouder@ons.example"},
        userinfo={},
        key=KEY,
        algorithm="RS256",
        kid="1",
        issuer=running.url,
        tamper=lambda token: token,
    )
    running.row = {
        "id": "ons",
        "name": "Gemeente Ons",
        "server_url": running.url,
        "client_id": CLIENT,
        "secret": "s",
        "domains": ["ons.example"],
        "member": "GM9001",
    }
    configure(settings, running.row)
    return running


def configure(settings, row):
    settings.SOCIALACCOUNT_PROVIDERS = {"oidc": {"APPS": read(json.dumps([row]), insecure_http=True)}}


@pytest.fixture
def alderman():
    person = make_person("alderman", member=make_member("GM9001"))
    Person.objects.filter(pk=person.pk).update(email="wethouder@ons.example")
    person.refresh_from_db()
    return person


def start(client, provider, query=""):
    """To the provider; returns what was asked of it."""
    there = urlsplit(client.get(START + query).url)
    asked = {key: values[0] for key, values in parse_qs(there.query).items()}
    provider.nonce = asked["nonce"]
    provider.authorize = f"{there.scheme}://{there.netloc}{there.path}"
    return asked


def come_back(client, asked):
    return client.get(BACK, {"code": "c", "state": asked["state"]})


def logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_what_is_asked_of_the_provider(client, provider, alderman):
    asked = start(client, provider, "?auth_params=prompt%3Dnone%26nonce%3Dmine&scope=admin&process=connect")
    assert provider.authorize == f"{provider.url}/authorize"
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 24 and asked["nonce"] != "mine"
    assert "prompt" not in asked and sorted(asked["scope"].split()) == ["email", "openid", "profile"]
    come_back(client, asked)
    digest = hashlib.sha256(provider.asked["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]


def test_somebody_known_comes_in_and_goes_where_they_were_going(client, provider, alderman):
    answer = come_back(client, start(client, provider, "?next=/nieuws/"))
    assert answer.url == "/nieuws/" and client.session["_auth_user_id"] == str(alderman.pk)
    account = SocialAccount.objects.get(user=alderman)
    assert account.uid == "abc" and account.extra_data == {"iss": provider.url, "second_factor": False}
    assert Event.objects.get(verb="login.done").data["methods"] == ["socialaccount"]
    client.post("/account/uitloggen/")
    assert come_back(client, start(client, provider)).url == "/"  # a second time, by its number
    assert SocialAccount.objects.count() == 1


def test_userinfo_gives_the_address_when_the_token_does_not(client, provider, alderman):
    provider.claims = {}
    provider.userinfo = {"email": "wethouder@ons.example"}
    come_back(client, start(client, provider))
    assert logged_in(client)


@pytest.mark.parametrize(
    ("claims", "row", "counts"),
    [
        ({"amr": ["pwd", "mfa"]}, {}, True),
        ({"amr": ["pwd"]}, {}, False),
        ({"amr": "mfa"}, {}, False),
        ({"acr": "high"}, {"second_factor_acr": ["high"]}, True),
        ({"acr": "low"}, {"second_factor_acr": ["high"]}, False),
    ],
)
def test_a_second_factor_given_elsewhere_counts(client, provider, settings, claims, row, counts):
    adviser = make_person("adviser")
    Person.objects.filter(pk=adviser.pk).update(email="adviseur@ons.example")
    configure(settings, {key: value for key, value in {**provider.row, **row}.items() if key != "member"})
    provider.claims = {"email": "adviseur@ons.example", **claims}
    come_back(client, start(client, provider))
    assert logged_in(client)
    assert client.get("/nieuws/").status_code == (200 if counts else 403)


def test_a_level_of_assurance_can_be_required(client, provider, settings, alderman):
    configure(settings, {**provider.row, "acr_values": ["substantial", "high"]})
    asked = start(client, provider)
    assert asked["acr_values"] == "substantial high"
    provider.claims["acr"] = "low"
    come_back(client, asked)
    assert not logged_in(client)
    asked = start(client, provider)
    provider.claims["acr"] = "high"
    come_back(client, asked)
    assert logged_in(client)


def flip_signature(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body}.{signature[:-6]}{'A' if signature[-6] != 'A' else 'B'}{signature[-5:]}"


def swap_body(token: str) -> str:
    head, _body, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False}) | {"sub": "other"}
    forged = jwt.encode(claims, "x" * 32, "HS256").split(".")[1]
    return f"{head}.{forged}.{signature}"


def unsigned(token: str) -> str:
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, None, "none", {"kid": "1"})


def signed_with_public_key(token: str) -> str:
    """The old trick: the public key as the secret of a symmetric signature."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, "public key as secret, long enough for sha256", "HS256", {"kid": "1"})


NOW = int(time.time())
WRONG = {
    "nonce of another request": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "other audience": {"claims": {"aud": "another-client"}},
    "two audiences without azp": {"claims": {"aud": [CLIENT, "another-client"]}},
    "other issuer": {"claims": {"iss": "https://elders.example"}},
    "expired": {"claims": {"exp": NOW - 3600}},
    "no end": {"claims": {"exp": None}},
    "from the future": {"claims": {"iat": NOW + 3600}},
    "no subject": {"claims": {"sub": None}},
    "changed signature": {"tamper": flip_signature},
    "changed body": {"tamper": swap_body},
    "unsigned": {"tamper": unsigned},
    "symmetric": {"tamper": signed_with_public_key},
    "not a token": {"tamper": lambda _: "abc"},
    "empty": {"tamper": lambda _: ""},
    "key of somebody else": {"key": OTHER_KEY},
    "unknown key": {"kid": "2"},
    "discovery of another issuer": {"issuer": "https://elders.example"},
    "userinfo of somebody else": {
        "claims": {"email": None},
        "userinfo": {"sub": "other", "email": "wethouder@ons.example"},
    },
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_token_that_does_not_hold_lets_nobody_in(client, provider, alderman, wrong):
    asked = start(client, provider)
    for name, value in wrong.items():
        setattr(provider, name, {**provider.claims, **value} if name == "claims" else value)
    page = come_back(client, asked)
    assert not logged_in(client) and not SocialAccount.objects.exists()
    assert "Het inloggen is niet gelukt" in page.content.decode()
    event = Event.objects.get(verb="login.failed")
    assert event.data["provider"] == "ons" and event.result == "failed"


@pytest.mark.parametrize("state", ["", "invented"])
def test_a_forged_state_lets_nobody_in(client, provider, alderman, state):
    start(client, provider)
    page = come_back(client, {"state": state})
    assert not logged_in(client) and "Het inloggen is niet gelukt" in page.content.decode()


def test_a_state_works_once(client, provider, alderman):
    asked = start(client, provider)
    come_back(client, asked)
    client.logout()
    come_back(client, asked)
    assert not logged_in(client)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "wethouder@elders.example"}, "hoort niet bij de organisatie"),
        ({"email": "wethouder@sub.ons.example"}, "hoort niet bij de organisatie"),
        ({"email_verified": False}, "geen e-mailadres mee dat is gecontroleerd"),
        ({"email": None}, "geen e-mailadres mee dat is gecontroleerd"),
        ({"email": "nieuw@ons.example"}, "Er is hier geen account"),
    ],
)
def test_who_is_refused_reads_why_and_gets_no_account(client, provider, alderman, claims, words):
    provider.claims |= claims
    page = come_back(client, start(client, provider))
    assert page.status_code == 403 and words in page.content.decode()
    assert not logged_in(client) and Person.objects.count() == 1 and not SocialAccount.objects.exists()
    assert Event.objects.get(verb="login.refused").result == "refused"


def test_a_municipality_lets_in_only_people_with_a_role_there(client, provider):
    make_member("GM9001")
    elsewhere = make_person("alderman", member=make_member("GM9002"))
    Person.objects.filter(pk=elsewhere.pk).update(email="wethouder@ons.example")
    page = come_back(client, start(client, provider))
    assert page.status_code == 403 and "geen rol bij de gemeente" in page.content.decode()


def test_a_closed_account_stays_closed(client, provider, alderman):
    Person.objects.filter(pk=alderman.pk).update(is_active=False)
    assert come_back(client, start(client, provider)).status_code == 403
    assert not logged_in(client)


def test_a_number_tied_to_somebody_else_is_refused(client, provider, alderman):
    SocialAccount.objects.create(user=make_person(), provider="ons", uid="abc")
    page = come_back(client, start(client, provider))
    assert page.status_code == 403 and not logged_in(client)


def test_a_provider_that_is_away_gives_a_page(client, settings):
    row = {**ROW, "server_url": "http://127.0.0.1:9"}
    configure(settings, row)
    assert "Het inloggen is niet gelukt" in client.get(START).content.decode()


def test_an_unknown_provider_is_not_found(client, provider):
    assert client.get("/account/gemeente/onbekend/").status_code == 404
    assert client.get("/account/gemeente/onbekend/terug/").status_code == 404


def test_the_log_in_page_offers_the_municipality(client, provider):
    page = client.get("/account/login/", {"next": "/nieuws/"}).content.decode()
    assert f'href="{START}?next=/nieuws/"' in page and "Gemeente Ons" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "A b"}, "small letters"),
        ({"server_url": "http://x"}, "https://"),
        ({"domains": "x"}, "a list of words"),
        ({"mfa": 1}, "mfa is not known"),
        ({"name": "", "secret": ""}, "provider 1: name, secret must be given"),
    ],
)
def test_a_fault_in_the_setting_is_a_sentence(change, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        read(json.dumps([{**ROW, **change}]))


@pytest.mark.parametrize(("text", "words"), [("{", "is not JSON"), ("{}", "a list of objects")])
def test_a_setting_that_is_no_list_is_a_sentence(text, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        read(text)


def test_two_providers_need_two_names():
    with pytest.raises(ImproperlyConfigured, match="same id"):
        read(json.dumps([ROW, ROW]))
    assert read(json.dumps([ROW]))[0]["settings"]["domains"] == ["x.nl"] and read("") == []
