"""The register of processing (GDPR article 30), as the platform ships it, in the reader's language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from omkering.who.association.records import Term
from omkering.who.current import association

FILE = Path(__file__).with_name("processing.toml")
TEXTS = ("name", "purpose", "basis", "people", "data", "recipients")


@dataclass(frozen=True)
class Processing:
    """One kind of processing, in one language; `kept` is how long, in words."""

    key: str
    name: str
    purpose: str
    basis: str
    people: str
    data: str
    recipients: str
    kept: str


@cache
def entries() -> list[dict[str, Any]]:
    """The file as it is."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["processing"]


def register() -> list[Processing]:
    """The register in the active language, else in English."""
    language = (get_language() or "en").split("-")[0]
    return [
        Processing(
            key=entry["key"],
            kept=kept(entry["kept"]),
            **{text: entry[text].get(language, entry[text]["en"]) for text in TEXTS},
        )
        for entry in entries()
    ]


def kept(key: str) -> str:
    """How long, in words. KeyError for what is neither a period of the association nor known here."""
    folder = association()
    for periods in (folder.retention, folder.terms):
        if hasattr(periods, key):
            return in_words(getattr(periods, key))
    return {
        "role": _(
            "while you have a role, and %(period)s after it; when your account is closed %(closed)s after it"
        )
        % {
            "period": in_words(folder.retention.accounts_without_role),
            "closed": in_words(folder.retention.closed_accounts),
        },
        "session": _("until you log out or remove it"),
        "contributed": _("it stays; your name goes when you leave"),
        "log": _("it stays; it holds numbers only"),
    }[key]


def in_words(period: Term) -> str:
    """A period in the active language: "3 months"."""
    n = {"n": period.amount}
    return {
        "working_days": ngettext("%(n)s working day", "%(n)s working days", period.amount),
        "days": ngettext("%(n)s day", "%(n)s days", period.amount),
        "weeks": ngettext("%(n)s week", "%(n)s weeks", period.amount),
        "months": ngettext("%(n)s month", "%(n)s months", period.amount),
    }[period.unit] % n
