"""Settings of the server that the browser tests visit: those of the tests, static files straight from the sources."""

import os

from tests.settings import *  # noqa: F403

MEDIA_ROOT = os.environ["BROWSER_FILES"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
