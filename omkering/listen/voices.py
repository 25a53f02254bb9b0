"""What members reported and recognised, for who decides about what came of it."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from omkering.listen.models import Recognition, Signal
from omkering.thread.texts import summary_of
from omkering.thread.voices import MOST, Voice, register
from omkering.who.models import Person
from omkering.who.standing import Standing

SIGNALS, RECOGNISED = _("Signals"), _("Members that see this too")


@register(order=10)
def signals(ids: Collection[int], person: Person | None, standing: Standing) -> list[Voice]:
    """The signals among these items, and the members that recognise them; two queries."""
    rows = Signal.objects.filter(pk__among=frozenset(ids)).visible_to(standing, getattr(person, "pk", None))
    found = list(rows.order_by("-supporters", "pk").values_list("pk", "title", "owner_member_id")[:MOST])
    if not found:
        return []
    titles = {pk: title for pk, title, _member in found}
    own = {(pk, member) for pk, _title, member in found}
    seen = Recognition.objects.filter(signal__in=titles, withdrawn_at__isnull=True).order_by("pk")
    return [
        *(Voice(SIGNALS, title, _page(pk), member=member) for pk, title, member in found),
        *(
            Voice(RECOGNISED, summary_of(case) or titles[pk], _page(pk), member=member)
            for pk, member, case in seen.values_list("signal_id", "member_id", "case")[:MOST]
            if (pk, member) not in own
        ),
    ]


def _page(pk: int) -> str:
    return reverse("listen:signal", args=[pk])
