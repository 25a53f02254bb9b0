"""Administrators hear of every change of special rights: by mail, and on their home page until they looked."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from omkering.thread.terms import due
from omkering.thread.waiting import Waiting
from omkering.who.current import association, roles_by_key
from omkering.who.models import Person
from omkering.who.rights import administrators, changes_since, on_special_change, reviews
from omkering.who.standing import Standing


def look(person: Person, standing: Standing) -> list[Waiting]:
    """What an administrator is asked: reviews that are due, and changes of special rights; three queries."""
    if not standing.is_administrator:
        return []
    found, now = [], timezone.now()
    rights = reverse("web:rights")
    states = reviews()
    for scope, text, address in (
        ("all_rights", _("review of all rights"), rights),
        ("special_rights", _("review of the special rights of the bureau"), f"{rights}?special=1"),
    ):
        review = states[scope]
        late = review.runs_from is not None and now > due(
            getattr(association().reviews, scope), review.runs_from
        )
        found.append(Waiting(text, int(late), address, late=True, counted=False))
    changes = changes_since(states["special_rights"].done_at)
    found.append(Waiting(_("changes of special rights to look at"), changes, f"{rights}?special=1"))
    return found


@on_special_change
def _mail_later(person: Person, role: str, given: bool) -> None:
    """A job in the same transaction: no mail for what was taken back, and nobody waits for the mail server."""
    from omkering.web.tasks import mail_special_change

    mail_special_change.defer(person=person.pk, role=role, given=given)


def mail_change(person: int, role: str, given: bool) -> int:
    """Tell every administrator, and whom it is about, in their own language; returns how many mails went out."""
    about = Person.objects.filter(pk=person).first()
    record = roles_by_key().get(role)
    if about is None or record is None:
        return 0
    told = {reader.pk: reader for reader in administrators()}
    if about.is_active:
        told[about.pk] = about
    for reader in told.values():
        with translation.override(reader.language):
            values = {"person": about.name, "role": record.names.get_in(reader.language)}
            what = (
                _("%(person)s was made %(role)s.") if given else _("%(person)s is no longer %(role)s.")
            ) % values
            text = render_to_string(
                "web/special_rights.txt",
                {"what": what, "site": settings.SITE_URL.rstrip("/"), "own": reader.pk == about.pk},
            )
            EmailMessage(_("Rights were changed"), text, to=[reader.email]).send()
    return len(told)
