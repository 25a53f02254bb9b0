"""The gallery on a server of its own, without a database, for the tests of pages."""

from collections.abc import Iterator

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
PROCESSORS = [
    "django.template.context_processors.request",
    "django.template.context_processors.i18n",
    "django.contrib.messages.context_processors.messages",
]


@pytest.fixture
def pages(settings):
    """Settings under which `tests.ui.urls` answers, with the product's security policy and no database."""
    settings.ROOT_URLCONF = "tests.ui.urls"
    settings.MIDDLEWARE = MIDDLEWARE
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    engine = {**settings.TEMPLATES[0], "OPTIONS": {"context_processors": PROCESSORS}}
    settings.TEMPLATES = [engine]
    settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
    return settings


@pytest.fixture
def server(pages) -> Iterator[str]:
    """Address of the server with the gallery."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
