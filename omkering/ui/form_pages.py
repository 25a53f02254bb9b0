"""Pages with one form: shown, sent, handed to a command, and shown again with what the command found wrong."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from omkering.ui.request import Request
from omkering.ui.text_forms import CommandForm, add_errors


def sent(request: Request) -> Any:
    """What was sent with a form, also one without a single value; None where it is only shown."""
    return request.POST if request.method == "POST" else None


def is_changed(error: ValidationError) -> bool:
    """Whether a command refused because somebody else changed it meanwhile."""
    return any(one.code == "changed" for one in _each(error))


def _each(error: ValidationError) -> list[ValidationError]:
    if hasattr(error, "error_dict"):
        return [one for errors in error.error_dict.values() for one in errors]
    return error.error_list


def with_new(form: forms.Form, **values: object) -> None:
    """Give a form that was sent other values, such as the version as it is now, so that sending it again saves it."""
    data: Any = form.data
    data = data.copy()
    for name, value in values.items():
        data[form.add_prefix(name)] = str(value)
    form.data = data


def form_page(
    request: Request,
    form: forms.Form,
    *,
    template: str,
    deed: Callable[[Any], str],
    done: str,
    context: dict[str, Any],
    refused: Callable[[Any, ValidationError], tuple[forms.Form, dict[str, Any]]] | None = None,
) -> HttpResponse:
    """Show a form; when it was sent and is right, do the deed with it, say `done`, and go to the address it gives.

    `refused` may make the form anew for what a command refused (somebody else changed it meanwhile), and give the
    page more to show. A form with something wrong is shown again with status 422.
    """
    more: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            where = deed(form)
        except ValidationError as error:
            if refused is not None:
                form, more = refused(form, error)
            if isinstance(form, CommandForm):
                form.take_errors(error)
            else:
                add_errors(form, error)
        else:
            if done:
                messages.success(request, done)
            return HttpResponseRedirect(where)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {**context, "form": form, **more}, status=status)
