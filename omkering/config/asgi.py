"""The ASGI application that granian serves."""

import os

from django.core.asgi import get_asgi_application

from omkering.config.memory import settle
from omkering.config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omkering.config.settings")
if os.environ.get("OMKERING_SUPERVISED"):
    die_with_parent()  # a worker of the server must not outlive a server that was killed
application = get_asgi_application()
settle()
