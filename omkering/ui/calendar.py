"""Calendar files (iCalendar, RFC 5545): events that somebody puts in their own calendar."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse

from omkering.ui.export import disposition

CONTENT_TYPE = "text/calendar; charset=utf-8"
LINE = 75  # octets; a longer line is folded
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class CalendarEvent:
    """An event. `uid` never changes; `sequence` is one more at each change, so that calendars take the change over."""

    uid: str
    starts: datetime
    ends: datetime
    title: str
    changed: datetime
    place: str = ""
    text: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


def calendar(events: Iterable[CalendarEvent], *, maker: str) -> str:
    """A calendar file with these events; times are written in UTC. `maker` names who made it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_escape(maker)}//Omkering//NL",
        "CALSCALE:GREGORIAN",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escape(event.uid)}",
            f"DTSTAMP:{_utc(event.changed)}",
            f"DTSTART:{_utc(event.starts)}",
            f"DTEND:{_utc(event.ends)}",
            f"SUMMARY:{_escape(event.title)}",
            f"SEQUENCE:{event.sequence}",
            f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        ]
        lines += [f"LOCATION:{_escape(event.place)}"] if event.place else []
        lines += [f"DESCRIPTION:{_escape(event.text)}"] if event.text else []
        lines += [f"URL:{''.join(event.url.split())}"] if event.url else []
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def calendar_response(filename: str, events: Iterable[CalendarEvent], *, maker: str) -> HttpResponse:
    """A download of a calendar file; `filename` carries its extension."""
    response = HttpResponse(calendar(events, maker=maker), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = disposition(filename)
    return response


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escape(text: str) -> str:
    """A text value: backslash, semicolon, comma and line ends are escaped."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(line: str) -> list[str]:
    """The line in pieces of at most 75 octets, never within a character; each but the first begins with a blank."""
    pieces, piece, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + octets
    return [*pieces, piece]
