"""Settings of the tests: the product's own, over plain http on loopback, with a fast password hash."""

import os
import tempfile

os.environ.setdefault("OMKERING_INSECURE_HTTP", "1")
os.environ.setdefault("SECRET_KEY", "only-for-the-tests-" + "x" * 40)
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")

from omkering.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Uploaded files stay apart.
MEDIA_ROOT = os.environ.get("TESTS_FILES") or tempfile.mkdtemp(
    prefix="omkering-files-", dir=os.environ.get("TESTS_FOLDER")
)
