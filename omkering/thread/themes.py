"""The themes of the association folder, in the database."""

from django.db import transaction

from omkering.journal.commands import record
from omkering.thread.models import Theme
from omkering.who.current import association
from omkering.who.models import Body


@transaction.atomic
def load_themes() -> int:
    """Add the themes that are new in the folder and take over changed names; returns how many changed.

    A theme that left the folder stays: items hang under it.
    """
    bodies = dict(Body.objects.values_list("key", "pk"))
    present = {theme.key: theme for theme in Theme.objects.all()}
    changed = 0
    for order, record_ in enumerate(association().themes):
        fields = {
            "names": dict(record_.names),
            "descriptions": dict(record_.descriptions),
            "body_id": bodies.get(record_.body or ""),
            "order": order,
        }
        theme = present.get(record_.key) or Theme(key=record_.key)
        if theme.pk is None or any(getattr(theme, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(theme, name, value)
            theme.save()
            changed += 1
    if changed:
        record(verb="themes.loaded", subject="association", data={"changed": changed})
    return changed
