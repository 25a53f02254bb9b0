"""How long the texts of an amendment may be, and what is refused in them."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.deliberate.models import Deed
from omkering.engine.personal_data import find
from omkering.thread import texts
from omkering.thread.privacy import check_personal_data

# Least and most characters of each text once it is handed in; a draft may be shorter.
LENGTHS: texts.Lengths = {
    "title": (5, 200),
    "text": (1, 20_000),
    "reason": (10, 5_000),
    "consequences": (0, 5_000),
    "alternative": (0, 20_000),
    "note": (0, 3_000),
    "why": (10, 3_000),
}
_DRAFT: texts.Lengths = {name: (0, most) for name, (_least, most) in LENGTHS.items()} | {"title": (3, 200)}


def checked(written: Mapping[str, str], *, base: str = "", draft: bool = False) -> dict[str, str]:
    """The texts tidied; ValidationError by field for a wrong length or personal data.

    Personal data that `base` holds already may stay in `text` and `alternative`: what the document says is not the
    author's to answer for.
    """
    tidied = texts.checked(written, _DRAFT if draft else LENGTHS)
    own = dict(tidied)
    for finding in find(base):
        for name in own.keys() & {"text", "alternative"}:
            own[name] = own[name].replace(finding.text, " ")
    check_personal_data(own)
    return tidied


def check_deed(deed: str, text: str, base: str) -> None:
    """Raise ValidationError for an unknown deed, or one that changes nothing."""
    if deed not in Deed.values:
        raise ValidationError({"deed": _("Choose what the amendment does: change, add or drop.")})
    if deed == Deed.DROP:
        return
    if not text:
        message = (
            _("Write the text that is to be added.")
            if deed == Deed.ADD
            else _("An empty text drops the paragraph. Choose “Drop” if that is what you want.")
        )
        raise ValidationError({"text": message})
    if text == texts.tidy(base):
        message = (
            _("This is the paragraph itself. Write the text that is to come after it.")
            if deed == Deed.ADD
            else _("This is what the paragraph says now. Change something in it.")
        )
        raise ValidationError({"text": message})
