"""Every address of the product for every role.

The list is read from the URL configuration, so an address that is added without a rule, or without arguments in
`tests.world`, fails here. What is expected follows from the gate at the view; `WITHIN` tells where only some of
those inside the gate see the page. Here every address gets a POST; a GET of those that show a page is sent, and judged
by the same rules, in `tests/browser/test_pages.py`, which needs those pages anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.template import loader
from django.test import Client, TestCase
from django.urls import reverse

from omkering.listen.models import Signal
from omkering.ui import pdf
from omkering.who.models import Person
from tests import world_rooms
from tests.shared_world import shared
from tests.world import AT_MEMBER, BUREAU, ROLES, address, give_session, patterns

INSIDERS = tuple(role for role in ROLES if role != "visitor")
GATES = {
    "public": ROLES,
    "person": INSIDERS,
    "insider": INSIDERS,
    "member": AT_MEMBER,
    "bureau": BUREAU,
    "administrator": ("administrator",),
}

# Addresses whose views are not ours: who gets a page (200) by GET, and why they may have no gate of ours.
OWN = "one's own account only; allauth sends a visitor to the log-in page"
OUT = "for who is not logged in yet; the others are sent to the start"
LIBRARY = {
    "set_language": ((), "Django's own; sets a cookie, by POST"),
    "account_login": (("visitor",), OUT),
    "account_signup": (("visitor",), "says that nobody makes an account here"),
    "account_inactive": (ROLES, "a text"),
    "account_logout": (INSIDERS, OWN),
    "account_reset_password": (ROLES, "asks for a mail; the same answer for every address"),
    "account_reset_password_done": (ROLES, "a text"),
    "account_reset_password_from_key": (ROLES, "needs the key of the mail"),
    "account_reset_password_from_key_done": (ROLES, "a text"),
    "account_reauthenticate": (INSIDERS, OWN),
    "account_change_password": (INSIDERS, OWN),
    "account_set_password": ((), f"{OWN}; these people have a password"),
    "usersessions_list": (INSIDERS, OWN),
    "mfa_index": (INSIDERS, OWN),
    "mfa_list_webauthn": (INSIDERS, OWN),
    "mfa_authenticate": ((), "only in the middle of logging in"),
    "mfa_reauthenticate": ((), f"{OWN}; these people have no app with codes"),
    "mfa_reauthenticate_webauthn": ((), f"{OWN}; these people have no passkey"),
    "mfa_activate_totp": ((), f"{OWN}; asks for the password again first"),
    "mfa_deactivate_totp": ((), f"{OWN}; these people have no app with codes"),
    "mfa_view_recovery_codes": ((), f"{OWN}; these people have none"),
    "mfa_generate_recovery_codes": ((), f"{OWN}; these people have no second factor to recover"),
    "mfa_download_recovery_codes": ((), f"{OWN}; these people have none"),
    "mfa_add_webauthn": ((), f"{OWN}; asks for the password again first"),
    "mfa_remove_webauthn": ((), f"{OWN}; asks for the password again first"),
    "mfa_edit_webauthn": ((), f"{OWN}; asks for the password again first"),
    "mfa_login_webauthn": ((), "gives the question for a passkey to a script only"),
    "socialaccount_login_cancelled": (ROLES, "a text"),
    "socialaccount_login_error": ((), "a text, with status 401"),
    "oidc_login": ((), "leads to a provider; none is configured here"),
    "oidc_callback": ((), "needs the state of a log-in that was begun"),
}

POST_ONLY = {
    "web:read_all",
    "web:follow",
    "web:remove_search",
    "web:close_account",
    "web:export_person",
    "listen:similar",
    "listen:readability",
    "listen:discard_draft",
    "listen:withdraw_recognition",
    "listen:take_into_review",
    "listen:answer_readability",
    "listen:keep_search",
    "listen:renew_suggestions",
    "listen:dismiss_suggestion",
    *world_rooms.together("POST_ONLY"),
}
REDIRECTS = {"web:item", "listen:room", *world_rooms.together("REDIRECTS")}
# Inside the gate only these see it, because of the object; the others get the status named.
WITHIN = {
    **world_rooms.within(),
    "web:receipt": (("mayor",), 404),
    "web:mandate": ((*AT_MEMBER, "administrator"), 404),
    "listen:report_step": (("official",), 404),
    "listen:import": ((*AT_MEMBER, *BUREAU), 404),
    "listen:answer_objection": (("administrator",), 403),  # not by who gave the answer
    "decide:ballot": (("mayor",), 403),
}
NO_BALLOT_YET = {"decide:cast"}  # for the mayor a redirect: nothing was cast in this vote
FILES = {
    "decide:roll", "decide:roll_call", "listen:evidence", "listen:export", "listen:search_feed", "listen:theme_feed",
    "web:consistency", "web:export_members", "web:healthz", "web:metrics", "web:robots",
    "web:security_txt", *world_rooms.together("FILES"),
}  # fmt: skip
# What shows nobody a page. `tests/browser/test_pages.py` asks for all the others, for every role as well.
NO_PAGE = (
    FILES | POST_ONLY | REDIRECTS | NO_BALLOT_YET | {n for n, (roles, _why) in LIBRARY.items() if not roles}
)


def expected(name: str, role: str) -> set[int]:
    """The statuses a GET of this address may have for this role."""
    gate = gate_of(name)
    if gate is None:
        return {200} if role in LIBRARY[name][0] else {302, 401, 404}
    if role not in GATES[gate]:
        return {302} if role == "visitor" else {403}
    if name in POST_ONLY:
        return {405}
    if name in REDIRECTS:
        return {302}
    if name in NO_BALLOT_YET:
        return {302} if role == "mayor" else {403}
    roles, otherwise = WITHIN.get(name, (ROLES, 0))
    return {200} if role in roles else {otherwise}


def gate_of(name: str) -> str | None:
    """The gate at the view behind an address; None where the view is not ours."""
    return getattr(_callbacks()[name], "access", None)


@cache
def _callbacks() -> dict[str, Any]:
    return {name: pattern.callback for name, pattern in patterns()}


def wrong_answer(name: str, role: str, status: int, location: str) -> str:
    """What is wrong with the answer to a GET; nothing when it is as the gate says. A visitor is led to the log-in."""
    if status not in expected(name, role):
        return f"{role}: {status}"
    asks = role == "visitor" and gate_of(name) not in (None, "public")
    if asks and not location.startswith(f"{reverse('account_login')}?next="):
        return f"{role}: led to {location}"
    return ""


def undone(client: Client, method: str, path: str, **options):
    """A request whose changes are taken back."""
    with transaction.atomic():
        answer = getattr(client, method)(path, **options)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


@contextmanager
def drawn_once() -> Iterator[None]:
    """Within it each template is filled in for the first role that comes to it, and each PDF is drawn once.

    Whether a role may come is settled before.
    """
    fill, draw = loader.render_to_string, pdf.make_pdf
    drawn: set[str] = set()

    def first(name: str) -> bool:
        return name not in drawn and not drawn.add(name)

    def filled(name, *arguments, **options):
        return fill(name, *arguments, **options) if first(str(name)) else ""

    def drawing(html: str) -> bytes:
        return draw(html) if first("pdf") else b"%PDF-"

    with patch.object(loader, "render_to_string", filled), patch.object(pdf, "make_pdf", drawing):
        yield


def test_every_view_says_who_may_come():
    found = dict(patterns())
    without = {name for name, pattern in found.items() if getattr(pattern.callback, "access", None) is None}
    assert without == set(LIBRARY), "a view of ours needs @access, one of a library a line in LIBRARY"
    gates = {getattr(pattern.callback, "access", "public") for pattern in found.values()}
    assert gates <= set(GATES)
    assert all(reason for _roles, reason in LIBRARY.values())
    assert len(found) > 100
    assert set(found) >= NO_PAGE and len(set(found) - NO_PAGE) > 100


class Matrix(TestCase):
    """One world for all of it; each request is undone. Two processes share what is long, half of the addresses each."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = shared()

    def setUp(self) -> None:
        self.clients = {role: Client() for role in ROLES}
        for role in INSIDERS:
            give_session(self.clients[role], Person.objects.get(pk=self.world.people[role]), still=True)

    def test_every_address_without_a_page_for_every_role(self):
        for name in sorted(NO_PAGE):
            path = address(name, self.world)
            with self.subTest(name), drawn_once():
                got = {role: undone(self.clients[role], "get", path) for role in ROLES}
                wrong = [
                    wrong_answer(name, role, answer.status_code, answer.headers.get("location", ""))
                    for role, answer in got.items()
                ]
                assert not any(wrong), f"{path}: {wrong}"

    @pytest.mark.long
    def test_an_empty_form_is_refused_by_role_and_never_breaks(self):
        self.post_empty_forms(0)

    @pytest.mark.long
    def test_an_empty_form_of_the_other_half_is_refused_by_role_and_never_breaks(self):
        self.post_empty_forms(1)

    def post_empty_forms(self, half: int) -> None:
        for name, _pattern in list(patterns())[half::2]:
            path, gate = address(name, self.world), gate_of(name)
            if gate is None:
                continue
            with self.subTest(name), drawn_once():
                for role in ROLES:
                    status = undone(self.clients[role], "post", path).status_code
                    if role not in GATES[gate]:
                        assert status == (302 if role == "visitor" else 403), (role, status)
                    else:
                        assert status < 500, (role, status)

    def test_a_form_without_the_token_of_its_page_is_refused(self):
        admin = Client(enforce_csrf_checks=True)
        give_session(admin, Person.objects.get(pk=self.world.people["administrator"]))
        for name, _pattern in patterns():
            with self.subTest(name):
                # A page that knows no POST may say so first; nothing else gets past the check.
                assert undone(admin, "post", address(name, self.world)).status_code in (403, 405)

    def test_what_somebody_may_not_know_of_is_not_there(self):
        """Of another member, of another person, or for the bureau alone: 404, not 403."""
        hidden = self.world.ids["hidden"]
        paths = {
            reverse("listen:signal", args=[hidden]),
            reverse("web:item", args=[hidden]),
            reverse("listen:evidence", args=[self.world.ids["hidden_evidence"]]),
            reverse("listen:report_step", args=[self.world.ids["theirs_draft"], 1]),
        }
        for role in AT_MEMBER:
            for path in paths:
                assert self.clients[role].get(path).status_code == 404, (role, path)
            discard = reverse("listen:discard_draft", args=[self.world.ids["theirs_draft"]])
            assert self.clients[role].post(discard).status_code == 404
            follow = self.clients[role].post(reverse("web:follow"), {"item": hidden})
            assert follow.status_code == 404
            assert self.clients[role].post(reverse("listen:recognise", args=[hidden])).status_code == 404
        for role in ("visitor", "network_secretary", "committee_member"):
            for path in list(paths)[:3]:
                if "melden" not in path:
                    assert self.clients[role].get(path).status_code == 404, (role, path)
        for role in BUREAU:
            assert self.clients[role].get(reverse("listen:signal", args=[hidden])).status_code == 200
        title = Signal.objects.get(pk=hidden).title
        for role in set(ROLES) - set(BUREAU):
            for name in ("listen:board", "web:home"):
                assert title not in self.clients[role].get(reverse(name)).content.decode(), (role, name)
            found = self.clients[role].get(reverse("web:search"), {"q": title}).content.decode()
            assert f'/signaleren/{hidden}/"' not in found, role
            export = self.clients[role].get(reverse("listen:export", args=["csv"]))
            assert title not in b"".join(export.streaming_content).decode(), role

    def test_a_saved_search_belongs_to_who_saved_it(self):
        path = reverse("web:remove_search", args=[self.world.ids["saved"]])
        assert self.clients["mayor"].post(path).status_code == 404
        assert self.clients["official"].post(path).status_code == 302

    def test_a_ballot_is_for_who_holds_the_mandate_and_gave_a_second_factor(self):
        path = reverse("decide:ballot", args=[self.world.ids["running"], "GM0014"])
        for role in set(INSIDERS) - {"mayor"}:
            assert self.clients[role].post(path, {"choice": "for"}).status_code in (403, 404), role
        other = reverse("decide:ballot", args=[self.world.ids["running"], "GM0034"])
        assert self.clients["mayor"].post(other, {"choice": "for"}).status_code in (403, 404)
        session = self.clients["mayor"].session
        session["account_authentication_methods"] = []
        session.save()
        assert self.clients["mayor"].post(path, {"choice": "for"}).status_code == 403
        assert "tweede stap" in self.clients["mayor"].get(f"{path}?choice=for").content.decode()
