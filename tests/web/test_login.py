"""Logging in: password, what is closed, lock-out, second factor, sessions, and what the journal keeps."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from omkering.journal.models import Event
from omkering.ui.second_factor import PERSON_KEY, SESSION_KEY
from omkering.web.adapters import MFAAdapter
from omkering.web.login_watch import mail_odd_place, mail_peak
from omkering.who.models import Person
from tests.people import make_member, make_person

pytestmark = pytest.mark.django_db

PASSWORD = "geheim-geheim-geheim"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN = "/account/login/"
PAGES = (
    "account_change_password",
    "account_logout",
    "mfa_index",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
)


def log_in(client: Client, person: Person, password: str = PASSWORD, **extra: str):
    return client.post(LOGIN, {"login": person.email, "password": password, **extra})


def enrol(person: Person) -> None:
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def confirm(client: Client) -> None:
    """Show again who you are, as every change of how one logs in asks."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_a_password_logs_in_and_leads_back(client):
    person = make_person("alderman", member=make_member())
    page = client.get(LOGIN, {"next": "/nieuws/"})
    assert 'name="next" value="/nieuws/"' in page.content.decode()
    answer = log_in(client, person, next="/nieuws/")
    assert (answer.status_code, answer.url) == (302, "/nieuws/")
    event = Event.objects.get(verb="login.done")
    assert (event.actor, event.data["methods"]) == (person.pk, ["password"])


def test_another_host_is_never_led_to(client):
    assert log_in(client, make_person(), next="https://elders.example/").url == "/"


def test_a_wrong_password_is_told_once_in_the_summary_and_keeps_the_address(client):
    person = make_person()
    page = log_in(client, person, "fout-fout-fout").content.decode()
    assert "data-error-summary" in page and f'value="{person.email}"' in page
    assert "Het e-mailadres of het wachtwoord klopt niet." in page
    event = Event.objects.get(verb="login.failed")
    assert (event.subject, event.actor, event.result) == (f"person:{person.pk}", None, "failed")


@pytest.mark.parametrize("known", [True, False])
def test_five_wrong_passwords_lock_out_in_plain_words(client, known):
    email = make_person().email if known else "niemand@example.test"
    for _ in range(4):
        assert client.post(LOGIN, {"login": email, "password": "fout"}).status_code == 200
    locked = client.post(LOGIN, {"login": email.upper(), "password": "fout"})
    assert locked.status_code == 429 and "Wacht 15 minuten" in locked.content.decode()
    again = client.post(LOGIN, {"login": email, "password": PASSWORD})
    assert again.status_code == 429 and "_auth_user_id" not in client.session
    assert "login.locked" in verbs()
    assert not Event.objects.filter(data__icontains="@").exists()
    other = make_person()
    assert log_in(client, other).status_code == 302  # from the same address, somebody else comes in


def test_a_log_in_from_a_new_place_is_told(client):
    person = make_person()
    log_in(client, person)
    log_in(Client(REMOTE_ADDR="127.0.9.9"), person)  # the same network
    assert "login.odd_place" not in verbs()
    log_in(Client(REMOTE_ADDR="203.0.113.7"), person)
    event = Event.objects.get(verb="login.odd_place")
    assert event.subject == f"person:{person.pk}"
    assert not Event.objects.filter(data__icontains="203").exists()
    assert mail_odd_place(person.pk) == 1
    assert "netwerk dat u nog niet eerder gebruikte" in mail.outbox[-1].body
    log_in(Client(REMOTE_ADDR="203.0.200.1"), person)
    assert verbs().count("login.odd_place") == 1


def test_many_failures_are_told_once(client, settings):
    settings.LOGIN_PEAK = 6
    administrator = make_person("administrator")
    for _ in range(4):
        for _ in range(2):
            client.post(LOGIN, {"login": make_person().email, "password": "fout"})
    event = Event.objects.get(verb="login.peak")
    assert event.data == {"failures": 6}
    assert mail_peak(6) == 1
    assert mail.outbox[-1].to == [administrator.email] and "15 minuten" in mail.outbox[-1].body


def test_nobody_makes_an_account_alone(client):
    page = client.get(reverse("account_signup"))
    assert page.status_code == 200 and "Accounts maakt het bureau" in page.content.decode()
    client.post(
        reverse("account_signup"), {"email": "ik@example.test", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not Person.objects.filter(email="ik@example.test").exists()


@pytest.mark.parametrize(
    "name",
    ["account_email", "account_confirm_login_code", "account_email_verification_sent", "socialaccount_signup",
     "socialaccount_connections", "mfa_trust", "mfa_signup_webauthn", "openid_connect_login"],
)  # fmt: skip
def test_what_is_not_used_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_forgotten_password_is_replaced_by_mail(client):
    person = make_person()
    person.set_unusable_password()  # as the bureau makes them
    person.save()
    assert client.post(reverse("account_reset_password"), {"email": person.email}).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == [person.email] and "nieuw wachtwoord" in letter.body
    link = re.search(r"http://testserver(\S+)", letter.body).group(1)
    form = client.get(link, follow=True)
    here = form.redirect_chain[-1][0]
    for weak in ("kort", "wachtwoord1", "password1234", person.email):
        refused = client.post(here, {"password1": weak, "password2": weak})
        assert refused.status_code == 200 and "data-error-summary" in refused.content.decode()
    new = "drie blije olifanten"
    assert client.post(here, {"password1": new, "password2": new}).status_code == 302
    assert log_in(Client(), person, new).status_code == 302
    assert "login.password_changed" in verbs()
    assert "Is hier niets" not in letter.body
    assert "werkt niet meer" in client.get(link, follow=True).content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client):
    answer = client.post(reverse("account_reset_password"), {"email": "niemand@example.test"})
    assert answer.url == reverse("account_reset_password_done") and mail.outbox == []


def test_changing_the_password_ends_other_sessions_and_is_mailed(client):
    person = make_person()
    elsewhere = Client()
    for one in (client, elsewhere):
        log_in(one, person)
    new = "drie blije olifanten"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data).status_code == 302
    assert client.get("/nieuws/").status_code == 200
    assert elsewhere.get("/nieuws/").status_code == 302
    assert "Uw wachtwoord is gewijzigd." in mail.outbox[0].body


def test_passwords_are_kept_with_argon2id():
    from omkering.config.settings import PASSWORD_HASHERS

    assert PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    from django.contrib.auth.hashers import Argon2PasswordHasher

    assert Argon2PasswordHasher().encode("x" * 12, "zoutzoutzoutzout").startswith("argon2$argon2id$")


def test_the_bureau_sees_nothing_without_a_second_factor(client):
    adviser = make_person("adviser")
    log_in(client, adviser)
    for path in ("/", "/nieuws/", "/leden/", "/besluiten/", "/mijn/account/gegevens/", "/zoeken/?q=x"):
        page = client.get(path)
        assert page.status_code == 403 and "tweede stap" in page.content.decode(), path
    assert client.get(reverse("mfa_index")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_bureau_and_leads_back(client):
    adviser = make_person("adviser")
    log_in(client, adviser)
    client.get("/leden/?q=a")
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    confirm(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>(\w+)</code>", page).group(1)
    right = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000" if right != "000000" else "111111"})
    assert "Deze code klopt niet." in wrong.content.decode()
    client.post(reverse("mfa_activate_totp"), {"code": right})
    assert client.get("/leden/?q=a").status_code == 200
    assert 'href="/leden/?q=a"' in client.get(reverse("mfa_index")).content.decode()
    kept = Authenticator.objects.get(user=adviser, type="totp").data["secret"]
    assert secret not in kept and MFAAdapter().decrypt(kept) == secret
    assert "login.factor_added" in verbs() and mail.outbox


def test_a_code_is_asked_after_the_password_and_works_once(client):
    adviser = make_person("adviser")
    enrol(adviser)
    answer = log_in(client, adviser, next="/nieuws/")
    assert answer.url.startswith(reverse("mfa_authenticate")) and "_auth_user_id" not in client.session
    assert "Deze code klopt niet." in client.post(answer.url, {"code": "12345"}).content.decode()
    used = code()
    done = client.post(answer.url, {"code": used})
    assert done.url == "/nieuws/" and client.get("/nieuws/").status_code == 200
    assert Event.objects.get(verb="login.done").data["methods"] == ["password", "mfa"]
    other = Client()
    step = log_in(other, adviser)
    assert other.post(step.url, {"code": used}).status_code == 200 and "_auth_user_id" not in other.session


def test_a_recovery_code_works_once(client):
    adviser = make_person("adviser")
    enrol(adviser)
    recovery = Authenticator.objects.get(user=adviser, type="recovery_codes").wrap()
    one = recovery.get_unused_codes()[0]
    step = log_in(client, adviser)
    assert client.post(step.url, {"code": one}).status_code == 302
    other = Client()
    assert other.post(log_in(other, adviser).url, {"code": one}).status_code == 200
    confirm(client)
    listed = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert one not in listed and recovery.get_unused_codes()[1] in listed


def test_guessing_codes_is_slowed_down(client):
    adviser = make_person("adviser")
    enrol(adviser)
    step = log_in(client, adviser).url
    for _ in range(10):
        client.post(step, {"code": "000000"})
    assert "Te veel pogingen" in client.post(step, {"code": code()}).content.decode()


def test_records_of_another_person_do_not_count(client):
    adviser = make_person("adviser")
    log_in(client, adviser)
    session = client.session
    session[SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
    session[PERSON_KEY] = str(make_person().pk)
    session.save()
    assert client.get("/nieuws/").status_code == 403


def test_the_list_of_sessions_ends_the_others(client):
    person = make_person()
    elsewhere = Client(headers={"user-agent": "Een andere browser"})
    for one in (elsewhere, client):
        log_in(one, person)
        one.get("/nieuws/")
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Een andere browser" in page and UserSession.objects.filter(user=person).count() == 2
    client.post(reverse("usersessions_list"))
    assert elsewhere.get("/nieuws/").status_code == 302 and client.get("/nieuws/").status_code == 200


def test_a_session_ends_when_idle_and_at_its_absolute_limit(client):
    for age in (
        {"last_used": settings.SESSION_IDLE_SECONDS + 5},
        {"started": settings.SESSION_COOKIE_AGE + 5},
    ):
        log_in(client, make_person())
        assert client.get("/nieuws/").status_code == 200
        session = client.session
        for key, seconds in age.items():
            session[key] = int(time.time()) - seconds
        session.save()
        assert client.get("/nieuws/").status_code == 302


def test_logging_in_gives_a_new_session(client):
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    log_in(client, make_person())
    assert client.session.session_key != before


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_of_logging_in_speaks_one_language(client, language):
    person = make_person("alderman", member=make_member(), language=language)
    enrol(person)
    client.post("/taal/setlang/", {"language": language})
    assert f'<html lang="{language}"' in client.get(reverse("account_signup")).content.decode()
    step = log_in(client, person)
    client.post(step.url, {"code": code()})
    confirm(client)
    with translation.override(language):
        for name in PAGES:
            page = client.get(reverse(name))
            text = page.content.decode()
            assert f'<html lang="{language}"' in text, name
            assert not re.search(r"style=|onclick=|<script(?![^>]*(src=|type=\"application/json\"))", text), (
                name
            )
            strange = r"\b[Jj](e|ouw)\b" if language == "nl" else r"\b(het|een|uw)\b"
            shown = re.sub(r"<(script|template)\b.*?</\1>|<[^>]+>", " ", text, flags=re.S)
            assert not re.search(strange, shown), (name, re.search(strange, shown))
