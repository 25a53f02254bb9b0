"""Forms of allauth with our labels and explanations; what they do is allauth's."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.totp.forms import ActivateTOTPForm as BaseActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD_RULES = _(
    "At least 12 characters. A few words in a row are easy to remember and hard to guess. Not a password that "
    "many people use."
)


class _Labelled(forms.BaseForm):
    """Gives the fields of a form of allauth other words."""

    labels: dict[str, str | Promise] = {}
    help_texts: dict[str, str | Promise] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in self.labels:
                field.label = str(self.labels[name])
            field.help_text = str(self.help_texts.get(name, ""))


class LoginForm(_Labelled, account.LoginForm):
    labels = {"login": _("E-mail address"), "password": _("Password")}


class ChangePasswordForm(_Labelled, account.ChangePasswordForm):
    labels = {
        "oldpassword": _("Your password now"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    help_texts = {"password1": PASSWORD_RULES}


class SetPasswordForm(_Labelled, account.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": _("New password once more")}
    help_texts = {"password1": PASSWORD_RULES}


class ResetPasswordForm(_Labelled, account.ResetPasswordForm):
    labels = {"email": _("E-mail address")}


class ResetPasswordKeyForm(_Labelled, account.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("New password once more")}
    help_texts = {"password1": PASSWORD_RULES}


class ActivateTOTPForm(_Labelled, BaseActivateTOTPForm):
    labels = {"code": _("The code that the app shows")}


class AddPasskeyForm(_Labelled, AddWebAuthnForm):
    labels = {"name": _("Name of this passkey"), "passwordless": _("Also log in with it without a password")}
    help_texts = {
        "name": _("So that you recognise it later, for example “laptop at work”."),
        "passwordless": _("Your device then asks for your finger, face or PIN."),
    }


class EditPasskeyForm(_Labelled, EditWebAuthnForm):
    labels = {"name": _("Name of this passkey")}
