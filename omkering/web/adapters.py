"""How allauth behaves here: nobody makes an account alone, and an identity provider is not believed blindly."""

import base64
import logging
from pathlib import PurePosixPath
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from omkering.web.login_log import log_login
from omkering.who.models import Appointment, Person

logger = logging.getLogger(__name__)

# What is said on the page after a change, and mailed to its owner, by the name allauth gives it.
SAID: dict[str, str | Promise] = {
    "password_changed": _("Your password has been changed."),
    "password_set": _("Your password has been set."),
    "logged_out": _("You are logged out."),
    "totp_activated": _("The app with codes is your second step now."),
    "totp_deactivated": _("The app with codes is no longer your second step."),
    "recovery_codes_generated": _("You have new recovery codes. The old ones no longer work."),
    "webauthn_added": _("The passkey has been added."),
    "webauthn_removed": _("The passkey has been removed."),
    "sessions_logged_out": _("You are logged out everywhere else."),
}
MAILED = {
    **{key: SAID[key] for key in SAID if key not in ("logged_out", "sessions_logged_out")},
    "password_reset": SAID["password_changed"],
    "account_connected": _("You can now log in with the account of your organisation."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the bureau; texts are ours."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right."),
        "incorrect_password": _("This password is not right."),
        "invalid_login": _("The e-mail address or the password is not right."),
        "invalid_password_reset": _("This link has been used, or is too old. Ask for a new one."),
        "too_many_login_attempts": _("Too many attempts failed. Wait a few minutes and try again."),
        "rate_limited": _("This goes too fast. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our words for what was done; nothing where the page itself shows it (being logged in)."""
        said = message or SAID.get(PurePosixPath(message_template or "").stem)
        if said:
            level = messages.SUCCESS if message_template else level
            super().add_message(request, level, extra_tags=extra_tags, message=str(said))

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """One mail for every change of how somebody logs in."""
        if what := MAILED.get(PurePosixPath(template_prefix).name):
            super().send_notification_mail(
                "account/email/changed", user, {**(context or {}), "what": what}, email or user.email
            )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away must not undo what somebody just did."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("a mail about an account (%s) could not be sent", template_prefix)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show again who you are, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [
            {**method, "description": words.get(method["id"], method["description"])} for method in methods
        ]


# Why a log-in through an identity provider is refused; the key goes to the log, the sentence to the page.
REFUSALS: dict[str, str | Promise] = {
    "connect": _(
        "Accounts cannot be tied together here. Log out and log in with the account you want to use."
    ),
    "address": _("Your organisation’s log-in did not send an e-mail address that it has verified."),
    "domain": _("Your e-mail address does not belong to the organisation whose log-in you used."),
    "unknown": _("There is no account here for your e-mail address. The association’s bureau can make one."),
    "other": _("This log-in belongs to another account here. Ask the association’s bureau."),
    "member": _("You hold no role at the municipality whose log-in you used. The bureau can give you one."),
}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Log-in through the identity provider of a municipality.

    A provider speaks for its own e-mail domains and, where it is one municipality's, for people with a role
    there. Nobody gets an account this way who has none.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person the token speaks of, or say clearly why there is none."""
        options = sociallogin.provider.app.settings
        if sociallogin.state.get("process") != "login":
            self._refuse(request, sociallogin, "connect")
        address = next((row for row in sociallogin.email_addresses), None)
        if address is None or not address.verified:
            self._refuse(request, sociallogin, "address")
        if address.email.rpartition("@")[2].lower() not in options["domains"]:
            self._refuse(request, sociallogin, "domain")
        person = Person.objects.filter(email__iexact=address.email, is_active=True).first()
        if person is None:
            self._refuse(request, sociallogin, "unknown")
        if sociallogin.is_existing and sociallogin.user != person:
            self._refuse(request, sociallogin, "other")
        if code := options.get("member"):
            here = Appointment.objects.on(timezone.localdate()).filter(person=person, member__code=code)
            if not here.exists():
                self._refuse(request, sociallogin, "member")
        if not sociallogin.is_existing:
            sociallogin.connect(request, person)

    def _refuse(self, request: HttpRequest, sociallogin: Any, reason: str) -> NoReturn:
        log_login(
            "login.refused",
            result="refused",
            data={"provider": sociallogin.account.provider, "reason": reason},
        )
        page = render(request, "socialaccount/refused.html", {"reason": REFUSALS[reason]}, status=403)
        raise ImmediateHttpResponse(page)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **details: Any) -> None:
        """A token that fails a check, or a provider that cannot be reached: note it; allauth shows the page."""
        cause = details.get("exception")
        log_login(
            "login.failed",
            result="failed",
            data={
                "provider": slugify(str(getattr(provider, "sub_id", provider)))[:60],
                "cause": type(cause).__name__,
            },
        )


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: the secrets are encrypted in the database with a key made from SECRET_KEY."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right."),
    }

    def get_totp_issuer(self) -> str:
        return "Omkering"

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """The newest key first; older ones (SECRET_KEY_FALLBACKS) still read."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"omkering second factor").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
