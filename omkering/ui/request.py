"""The request as our views get it, for the type checker."""

from datetime import date
from typing import Any

from django.http import HttpRequest


class Request(HttpRequest):
    """A request past the middleware: who reads, on which reference date."""

    user: Any  # a Person, or AnonymousUser at pages that are public
    on: date
    on_given: bool
    htmx: Any
