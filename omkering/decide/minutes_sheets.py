"""Minutes as a spreadsheet of several sheets: who was there, what was decided, what was undertaken, who voted what."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from omkering.decide.queries.minutes_reading import all_entries, decisions
from omkering.ui.export import Sheet

Data = dict[str, Any]


def sheets(data: Data) -> Iterator[Sheet]:
    """The sheets of minutes as read: attendance, decisions, undertakings, and a roll-call for each open vote."""
    yield _attendance(data)
    yield _decisions(data)
    yield _undertakings(data)
    for entry in all_entries(data):
        if entry["type"] == "vote" and entry.get("roll_call"):
            yield _roll_call(entry)


def _attendance(data: Data) -> Sheet:
    header = [_("Code"), _("Member"), _("By whom"), _("How"), _("From"), _("Until"), _("Proxy to")]
    rows: list[list[Any]] = [
        [
            line["member"]["code"] if line["member"] else "",
            line["member"]["name"] if line["member"] else "",
            stay["person_name"],
            stay["presence_words"],
            stay["arrived_at"],
            stay["left_at"],
            "",
        ]
        for line in data["attendance"]
        for stay in line["stays"]
    ]
    rows += [
        [
            proxy["giver"]["code"],
            proxy["giver"]["name"],
            "",
            _("By proxy"),
            proxy["given_at"],
            proxy["ended_at"],
            proxy["holder"]["name"],
        ]
        for proxy in data["proxies"]
    ]
    return _("Who was there"), header, rows


def _decisions(data: Data) -> Sheet:
    header = [
        _("Item"),
        _("Subject"),
        _("About"),
        _("Needed"),
        _("Result"),
        _("For"),
        _("Against"),
        _("Abstain"),
    ]
    rows = []
    for item in decisions(data):
        for entry in item["entries"]:
            if entry["type"] == "undertaking":
                continue
            votes = entry["result"]["votes"] if entry["type"] == "vote" else {}
            rows.append(
                [
                    item["number"],
                    item["title"],
                    entry["title"],
                    entry.get("needed_words", ""),
                    entry["outcome_words"] if entry["type"] == "vote" else entry["state_words"],
                    votes.get("for"),
                    votes.get("against"),
                    votes.get("abstain"),
                ]
            )
    return _("List of decisions"), header, rows


def _undertakings(data: Data) -> Sheet:
    header = [_("Number"), _("Title"), _("Text"), _("By"), _("Asked by"), _("Before")]
    rows = [
        [
            entry["id"],
            entry["title"],
            entry["text"],
            entry["by_words"] or "",
            entry["asked_by"]["name"] if entry["asked_by"] else "",
            entry["due_at"],
        ]
        for entry in all_entries(data)
        if entry["type"] == "undertaking" and not entry["hidden"]
    ]
    return _("Undertakings"), header, rows


def _roll_call(entry: Data) -> Sheet:
    header = [_("Code"), _("Member"), _("Part"), _("Votes"), _("Choice"), _("By proxy through")]
    rows = [
        [line["voter"], line["who"], line["part"] or "", line["votes"], line["words"], line["by_proxy"] or ""]
        for line in entry["roll_call"]
    ]
    return _("Vote %(number)s %(title)s") % {"number": entry["id"], "title": entry["title"]}, header, rows
