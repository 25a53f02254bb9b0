"""A page as a PDF that a screen reader can read (PDF/UA), made by WeasyPrint.

Nothing is fetched: neither the network nor the file system, only the static files of the product itself. WeasyPrint
needs the library Pango of the operating system; where that is missing, `pdf_response` says so on a page.
"""

import mimetypes
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from omkering.ui.export import disposition

ORIGIN = "https://static.invalid"  # no address of anything: where the static files seem to stand (RFC 2606)


class PdfUnavailable(RuntimeError):
    """This machine cannot make PDFs: WeasyPrint or the library Pango is not there."""


class NotOurs(ValueError):
    """Something that is no static file of the product; it is left out."""


def make_pdf(html: str) -> bytes:
    """The bytes of a PDF of a whole HTML page, tagged, with its title and language; PdfUnavailable without Pango.

    Addresses in the page are taken from its root, as `{% static %}` writes them.
    """
    weasyprint = _weasyprint()
    page = weasyprint.HTML(string=html, base_url=f"{ORIGIN}/", url_fetcher=_fetcher(weasyprint))
    return page.write_pdf(pdf_variant="pdf/ua-1")


def pdf_response(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    filename: str,
    *,
    finish: Callable[[bytes], bytes] = bytes,
) -> HttpResponse:
    """A template as a PDF to download; where PDFs cannot be made a page that says so, with status 503.

    `finish` gets the PDF before it goes out, to put files behind it (`pdf_joining`).
    """
    html = render_to_string(template, context, request)
    try:
        made = make_pdf(html)
    except PdfUnavailable:
        return render(request, "ui/pdf_unavailable.html", status=503)
    response = HttpResponse(finish(made), content_type="application/pdf")
    response["Content-Disposition"] = disposition(filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def static_file(url: str) -> tuple[bytes, str]:
    """The content and type of a static file by its address; NotOurs for any other address."""
    parts = urlsplit(url)
    path, prefix = unquote(parts.path), urlsplit(settings.STATIC_URL).path
    prefix = prefix if prefix.startswith("/") else f"/{prefix}"
    if f"{parts.scheme}://{parts.netloc}" != ORIGIN or not path.startswith(prefix):
        raise NotOurs(f"not a static file: {url}")
    name = path.removeprefix(prefix)
    try:
        content = _read(name)
    except (OSError, SuspiciousFileOperation, ValueError) as problem:
        raise NotOurs(f"no such static file: {url}") from problem
    return content, mimetypes.guess_type(name)[0] or "application/octet-stream"


def _read(name: str) -> bytes:
    """A static file as collected, or where it is collected from."""
    found = finders.find(name)
    if found:
        with open(found, "rb") as file:  # noqa: PTH123 - a path that the finder vouches for
            return file.read()
    with staticfiles_storage.open(name, "rb") as stored:
        return stored.read()


def _weasyprint() -> Any:
    """The library, imported when it is first needed: it loads Pango, which a server without PDFs can do without."""
    try:
        import weasyprint
    except (ImportError, OSError) as problem:
        raise PdfUnavailable(str(problem)) from problem
    return weasyprint


@cache
def _fetcher(weasyprint: Any) -> Any:
    """What WeasyPrint asks for everything that a page refers to."""

    class StaticOnly(weasyprint.urls.URLFetcher):
        """Gives the static files of the product, and nothing else."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=["https"], allow_redirects=False)

        def fetch(self, url: str, headers: Any = None) -> Any:
            content, content_type = static_file(url)
            return weasyprint.urls.URLFetcherResponse(url, BytesIO(content), {"Content-Type": content_type})

    return StaticOnly()
