"""Log-in by OpenID Connect: the ID token is checked in full (OpenID Connect Core 3.1.3.7, NL GOV profile).

allauth leaves the signature unchecked when the token comes straight from the provider, and knows no nonce;
here both are required, and the algorithms are ours to choose, not the token's.
"""

import json
from typing import Any

import jwt
import requests
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
CLOCK_SKEW = 60  # seconds
REQUIRED = ["iss", "aud", "exp", "iat", "sub", "nonce"]


class OIDCAdapter(OpenIDConnectOAuth2Adapter):
    """Talks to one provider; raises OAuth2Error for any token that does not hold."""

    nonce: str = ""  # set by the callback from the state of this log-in

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        address = reverse("oidc_callback", kwargs={"provider_id": self.provider_id})
        return build_absolute_uri(request, address, self.redirect_uri_protocol)

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own description; its issuer must be the one we asked (Discovery 4.3)."""
        config = super().openid_config
        asked = self.get_provider().server_url.partition("/.well-known/")[0]
        if str(config.get("issuer", "")).rstrip("/") != asked.rstrip("/"):
            raise OAuth2Error("the provider names another issuer")
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        claims = self.verified(app, kwargs["response"].get("id_token") or "")
        if "email" not in claims:
            told = self._fetch_user_info(token.token)
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo speaks of somebody else")
            claims = {**told, **claims}
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def verified(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """The claims of an ID token whose signature, issuer, audience, time, nonce and level hold."""
        try:
            claims = jwt.decode(
                id_token,
                key=self._key(id_token),
                algorithms=list(ALGORITHMS),
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=CLOCK_SKEW,
                options={"require": REQUIRED},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise OAuth2Error("the ID token does not hold") from error
        if not self.nonce or claims["nonce"] != self.nonce:
            raise OAuth2Error("the ID token answers another request")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("the ID token is meant for another client")
        wanted = app.settings.get("acr_values")
        if wanted and claims.get("acr") not in wanted:
            raise OAuth2Error("the level of the log-in is too low")
        return claims

    def _key(self, id_token: str) -> Any:
        """The provider's public key that the token names; with a single key it may leave the name out."""
        name = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = [key for key in answer.json().get("keys", []) if key.get("use", "sig") == "sig"]
        named = [key for key in keys if key.get("kid") == name] if name else keys
        if len(named) != 1 or named[0].get("kty") not in ("RSA", "EC"):
            raise OAuth2Error("the provider does not know the key of the ID token")
        return jwt.PyJWK.from_json(json.dumps(named[0])).key


class Callback(OAuth2CallbackView):
    """Where the provider sends the visitor back to; the nonce of this log-in goes to the adapter."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        if state:
            self.adapter.nonce = state.get("nonce", "")  # type: ignore[attr-defined]
        return state, response


def _answered(adapter: OIDCAdapter, view: Any) -> HttpResponse:
    """The view's answer; a provider that is away, or says something strange, gives a page and not an error."""
    try:
        return view(adapter.request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (requests.RequestException, OAuth2Error, ValueError) as error:
        return render_authentication_error(adapter.request, adapter.get_provider(), exception=error)


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the log-in page of a municipality. By GET: a form may not be sent to another host."""
    adapter = OIDCAdapter(request, provider_id)
    return _answered(adapter, OAuth2LoginView.adapter_view(adapter))


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from a municipality's log-in page."""
    adapter = OIDCAdapter(request, provider_id)
    return _answered(adapter, Callback.adapter_view(adapter))
