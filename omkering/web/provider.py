"""The one kind of identity provider: OpenID Connect after the NL GOV profile. allauth finds it by this name.

Each municipality is a row: in OIDC_PROVIDERS (see `omkering.config.identity_providers`) or a SocialApp of
provider `oidc` with the same settings.
"""

import secrets
from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse

from omkering.web.oidc import OIDCAdapter


class OIDCProvider(OpenIDConnectProvider):
    """Always PKCE and a nonce; nothing in the address of our page changes what is asked of the provider."""

    id = "oidc"
    name = "OpenID Connect"
    pkce_enabled_default = True
    oauth2_adapter_class = OIDCAdapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Only where to go afterwards is taken from the visitor; not `process`, `scope` or `auth_params`."""
        kwargs = super().get_redirect_from_request_kwargs(request)
        return {"process": "login"} | ({"next_url": kwargs["next_url"]} if "next_url" in kwargs else {})

    def redirect(
        self, request: HttpRequest, process: str, next_url: Any = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """To the provider, with a nonce that the ID token must carry back."""
        nonce = secrets.token_urlsafe(24)
        asked = {"nonce": nonce}
        if wanted := self.app.settings.get("acr_values"):
            asked["acr_values"] = " ".join(wanted)
        return super().redirect(request, process, next_url, data, auth_params=asked, nonce=nonce, **kwargs)

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept of a token: who issued it, and whether it vouches for a second factor; no more."""
        claims = data["id_token"]
        return {"iss": claims["iss"], "second_factor": self.vouches_for_second_factor(claims)}

    def vouches_for_second_factor(self, claims: dict[str, Any]) -> bool:
        """Whether the token says so: `mfa` in `amr`, or an `acr` that this provider's row counts as one."""
        methods = claims.get("amr")
        return (isinstance(methods, list) and "mfa" in methods) or (
            claims.get("acr") in self.app.settings.get("second_factor_acr", [])
        )

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """An address counts unless the provider says that it did not verify it: the adapter checks that the
        provider may speak for its domain."""
        addresses = super().extract_email_addresses(data)
        for address in addresses:
            address.verified = data["id_token"].get("email_verified", True) in (True, "true")
        return addresses


provider_classes = [OIDCProvider]
