"""The reference date of a request: `?on=2022-06-01`, else today. Every list, count and weight uses it."""

from datetime import date

from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.translation import gettext as _


def parse_reference_date(text: str | None) -> date:
    """The date in ISO spelling, or today when there is none; BadRequest with a sentence otherwise."""
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(
            _("“%(text)s” is not a date. Write it as year-month-day, for example 2022-06-01.")
            % {"text": text[:20]}
        ) from None


class ReferenceDateMiddleware:
    """Gives each request `request.on`, and `request.on_given` when the address names it."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        request.on = timezone.localdate()
        request.on_given = False
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> None:
        request.on = parse_reference_date(request.GET.get("on"))
        request.on_given = "on" in request.GET
