"""What only the demo has: one-click log-in and the outbox. These addresses do not exist elsewhere."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.ui.second_factor import count_as_given
from omkering.web.login_log import log_login
from omkering.web.models import OutboxMail
from omkering.who.example_people import DOMAIN
from omkering.who.models import Person


@access("public")
@require_POST
def log_in(request: Request) -> HttpResponse:
    """Log in as one of the example people, with the second factor counted as given."""
    if not settings.DEMO:
        raise Http404
    person = get_object_or_404(
        Person, email=request.POST.get("email", ""), email__endswith=f"@{DOMAIN}", is_active=True
    )
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    count_as_given(request, "demo")
    log_login("login.done", person=person, data={"methods": ["demo"]})
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else settings.LOGIN_REDIRECT_URL)


@access("person")
def outbox(request: Request) -> HttpResponse:
    """Mail the demo would have sent to me."""
    if not settings.DEMO:
        raise Http404
    mails = OutboxMail.objects.filter(recipient=request.user.email)
    return render(request, "web/outbox.html", {"page": paginate(mails, request.GET, order=["-id"], size=25)})
