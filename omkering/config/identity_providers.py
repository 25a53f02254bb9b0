"""OIDC_PROVIDERS: the identity providers of municipalities, as JSON in the environment.

A list of objects. Required:
  id         short name in addresses, for example "gm0363"
  name       the name on the log-in page
  server_url the issuer, https (its /.well-known/openid-configuration must answer)
  client_id, secret
  domains    e-mail domains this provider may speak for, for example ["voorbeeld.nl"]
Optional:
  member            code of the member whose people log in here: only who holds a role there comes in
  acr_values        levels of assurance, one of which is asked for and required
  second_factor_acr levels of assurance that count as a second factor (beside "mfa" in `amr`)
  scope             list, default ["openid", "profile", "email"]
"""

import json
import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

REQUIRED = ("id", "name", "server_url", "client_id", "secret", "domains")
OPTIONAL = ("member", "acr_values", "second_factor_acr", "scope")
LISTS = ("domains", "acr_values", "second_factor_acr", "scope")


def read(text: str, *, insecure_http: bool = False) -> list[dict[str, Any]]:
    """The rows for allauth's SOCIALACCOUNT_PROVIDERS; ImproperlyConfigured with a sentence for a fault."""
    if not text.strip():
        return []
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS is not JSON: {error}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ImproperlyConfigured("OIDC_PROVIDERS must be a list of objects.")
    apps = [_app(number, row, insecure_http) for number, row in enumerate(rows, start=1)]
    if len({app["provider_id"] for app in apps}) < len(apps):
        raise ImproperlyConfigured("OIDC_PROVIDERS: two providers have the same id.")
    return apps


def _app(number: int, row: dict[str, Any], insecure_http: bool) -> dict[str, Any]:
    where = f"OIDC_PROVIDERS, provider {number}"
    missing = [key for key in REQUIRED if not row.get(key)]
    if missing:
        raise ImproperlyConfigured(f"{where}: {', '.join(missing)} must be given.")
    if unknown := sorted(set(row) - {*REQUIRED, *OPTIONAL}):
        raise ImproperlyConfigured(f"{where}: {', '.join(unknown)} is not known.")
    for key in LISTS:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, str) and part for part in value):
            raise ImproperlyConfigured(f"{where}: {key} must be a list of words.")
    if not re.fullmatch(r"[a-z0-9-]{1,40}", str(row["id"])):
        raise ImproperlyConfigured(f"{where}: id may hold small letters, digits and hyphens.")
    if not str(row["server_url"]).startswith(("https://", *(("http://",) if insecure_http else ()))):
        raise ImproperlyConfigured(f"{where}: server_url must begin with https://.")
    return {
        "provider_id": row["id"],
        "name": row["name"],
        "client_id": row["client_id"],
        "secret": row["secret"],
        "settings": {
            "server_url": row["server_url"],
            "domains": [domain.lower().lstrip("@") for domain in row["domains"]],
            **{key: row[key] for key in OPTIONAL if key in row},
        },
    }
