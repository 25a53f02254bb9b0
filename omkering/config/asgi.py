"""The ASGI application that granian serves."""

import os

from django.core.asgi import get_asgi_application

from omkering.config.memory import settle
from omkering.config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omkering.config.settings")
if os.environ.get("OMKERING_SUPERVISED"):
    die_with_parent()  # a worker of the server must not outlive a server that was killed
_django = get_asgi_application()
from omkering.ui.lean import with_quick_road  # noqa: E402 - reads the settings, so once Django is ready
from omkering.ui.stopping import with_stopping  # noqa: E402 - the same

application = with_stopping(with_quick_road(_django))  # type: ignore[arg-type]  # its own words for the same protocol
settle()
