"""What internet.nl and the NCSC ask of an application, in production's own settings over TLS."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
pages = {}
for path, accept in (("/robots.txt", "*/*"), ("/over/", "*/*"), ("/over/", "gzip, br")):
    answer = Client(headers={"accept-encoding": accept}).get(path, secure=True, headers={"host": "omkering.example"})
    pages[path + accept] = {"status": answer.status_code, **{k.lower(): v for k, v in answer.headers.items()}}
plain = Client().get("/over/", headers={"host": "omkering.example"})
other = Client().get("/over/", secure=True, headers={"host": "elders.example"})
language = Client().post("/taal/setlang/", {"language": "en"}, secure=True, headers={"host": "omkering.example"})
cookies = {k: v.OutputString() for k, v in language.cookies.items()}
flags = {k: getattr(settings, k) for k in dir(settings) if k.startswith(("SESSION_COOKIE", "CSRF_COOKIE"))}
print(json.dumps({"pages": pages, "plain": [plain.status_code, plain.get("Location")], "other": other.status_code,
    "cookies": cookies, "flags": flags, "compressing": [m for m in settings.MIDDLEWARE if "gzip" in m.lower()]},
    default=str))
"""


@pytest.fixture(scope="module")
def asked(django_db_setup) -> dict:
    """Answers of the product in a process of its own, without the tests' settings."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    head, _, tail = os.environ["DATABASE_URL"].partition("?")
    url = f"{head.rpartition('/')[0]}/{name}?{tail}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "omkering.config.settings",
        "OMKERING_INSECURE_HTTP": "0",
        "OMKERING_DEMO": "0",
        "ALLOWED_HOSTS": "omkering.example",
        "SECRET_KEY": "".join(chr(48 + n % 70) for n in range(60)),
        "OMKERING_VAR": str(ROOT / "tests" / "nothing"),
        "PYTHONWARNINGS": "ignore",
    }
    program = ASK.replace("import json, django", PLAIN_FILES)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, env=environment
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# The static files are not prepared for the tests: their addresses need no hash here.
PLAIN_FILES = """
import json, django
from django.conf import settings
settings.STORAGES = {**settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
"""


def test_each_answer_has_the_headers(asked):
    for name, headers in asked["pages"].items():
        assert headers["status"] == 200, name
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains; preload"
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "server" not in headers and "x-powered-by" not in headers


def test_the_content_policy_allows_this_site_and_nothing_else(asked):
    policy = asked["pages"]["/over/*/*"]["content-security-policy"]
    rules = {
        name: set(values) for name, *values in (part.split() for part in policy.split(";") if part.strip())
    }
    assert rules["default-src"] == {"'none'"} and rules["base-uri"] == rules["frame-ancestors"] == {"'none'"}
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == {"'self'"}
    allowed = set().union(*rules.values())
    assert allowed == {"'none'", "'self'", "data:"}
    assert [name for name, values in rules.items() if "data:" in values] == ["img-src"]


def test_pages_are_not_compressed(asked):
    """A secret beside what a stranger can add could be guessed from the length (BREACH)."""
    assert asked["compressing"] == []
    assert "content-encoding" not in asked["pages"]["/over/gzip, br"]


def test_plain_http_is_led_to_tls_and_another_host_is_refused(asked):
    assert asked["plain"] == [301, "https://omkering.example/over/"]
    assert asked["other"] == 400


def test_cookies_stay_here(asked):
    (name, cookie), *more = asked["cookies"].items()
    assert not more and name == "django_language"
    assert {"HttpOnly", "Secure", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    flags = asked["flags"]
    for kind in ("SESSION", "CSRF"):
        assert flags[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert flags[f"{kind}_COOKIE_SECURE"] is True and flags[f"{kind}_COOKIE_HTTPONLY"] is True
        assert flags[f"{kind}_COOKIE_SAMESITE"] == "Lax" and flags[f"{kind}_COOKIE_PATH"] == "/"
        assert flags[f"{kind}_COOKIE_DOMAIN"] is None
    assert flags["SESSION_COOKIE_AGE"] <= 12 * 3600
