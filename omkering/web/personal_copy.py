"""What is kept of a person as something to read, and as one zip file to take along."""

import json
import zipfile
from tempfile import TemporaryFile
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from omkering.ui.templatetags.ui import day, moment
from omkering.who.current import roles_by_key
from omkering.who.models import Person
from omkering.who.personal_data import files_of

# The kinds and columns of the data in words; a test checks that none is missing.
KINDS: dict[str, str | Promise] = {
    "account": _("Account"),
    "appointments": _("Roles"),
    "mandates": _("Mandates to vote"),
    "items": _("What you wrote"),
    "drafts": _("Reports not sent yet"),
    "recognitions": _("What you see too"),
    "evidence": _("Links and files you added"),
    "answers": _("Answers you gave"),
    "objections": _("Objections"),
    "ballots": _("Ballots in the name of a member"),
    "candidacies": _("Seats you stood for"),
    "desk_ballots": _("Ballots on paper or by hand that you took down or checked"),
    "vote_objections": _("Objections you made to a decision by acclamation"),
    "seats_in_votes": _("Votes in which you had a voice of your own"),
    "ties_decided": _("Ties you decided as chair"),
    "recommendations": _("Recommendations you gave for a network or association"),
    "terms": _("Seats you held"),
    "attendance": _("Meetings you were at for a member or on a seat"),
    "delegations": _("Meetings at which you vote for a member, or said who does"),
    "proxies": _("Proxies you gave for a member"),
    "interests": _("Interests of your own that you declared"),
    "papers": _("Papers you added to meetings"),
    "supported_requests": _("Requests for an extra meeting that you supported for a member"),
    "speeches": _("When you asked to speak in a meeting, and spoke"),
    "motion_signatures": _("Motions you signed for a member or network"),
    "motion_texts": _("Texts of motions you wrote"),
    "motion_talks": _("Talks about motions"),
    "motion_steps": _("Steps of motions you took"),
    "advice_given": _("Advice on motions and proposals that you recorded"),
    "follow_up": _("Plans, reports and accounts of what was decided"),
    "couplings": _("Couplings of challenges you made"),
    "placements": _("What you put under a challenge"),
    "dossiers_owned": _("Dossiers you own"),
    "dossier_steps": _("Steps of dossiers you took or own"),
    "dossier_documents": _("Documents you added to dossiers"),
    "dossier_members": _("Members you let take part in dossiers"),
    "dossier_parties": _("Parties you added to dossiers"),
    "condition_answers": _("Answers on conditions that you recorded"),
    "fulfilments": _("What you recorded of promises that were kept or not"),
    "candidates": _("Candidates you nominated in a priority round"),
    "round_seats": _("Priority rounds in which you have a seat"),
    "priority_ballots": _("What you chose in priority rounds"),
    "departures": _("Departures from a result that you recorded"),
    "documents_owned": _("Documents you look after"),
    "document_versions": _("Versions of documents you made"),
    "document_imports": _("Files of texts you brought in"),
    "amendment_backings": _("Amendments you submitted or supported for a member or network"),
    "amendment_advices": _("Advice on amendments that you recorded"),
    "amendment_talks": _("Talks about amendments that you asked for"),
    "answers_to_contributions": _("Answers you gave to contributions"),
    "notes_in_minutes": _("Notes you wrote in minutes"),
    "consultations_owned": _("Consultations you answer questions about"),
    "views": _("Formal views you wrote or handed in"),
    "replies": _("Replies you gave to questions"),
    "meetings": _("Meetings you planned"),
    "statement_votes": _("What you voted on statements"),
    "moderated_statements": _("Statements you looked at for the bureau"),
    "positions_owned": _("Positions you own"),
    "stances": _("How members and networks stand to positions, as you said"),
    "lobby_relations": _("How messages stand to positions, as you said"),
    "alignment_talks": _("Talks you wrote down in an alignment"),
    "follows": _("What you follow"),
    "searches": _("Searches you keep"),
    "news": _("News you got"),
    "ways_to_log_in": _("Ways to log in"),
    "sessions": _("Where you are logged in"),
    "failed_logins": _("Failed attempts to log in"),
    "log": _("The log: what you did"),
    "changes_by_others": _("The log: what others changed of you"),
}
COLUMNS: dict[str, str | Promise] = {
    "at": _("when"),
    "case": _("what happens"),
    "choice": _("choice"),
    "closed": _("closed"),
    "device": _("device"),
    "email": _("e-mail address"),
    "from": _("from"),
    "helps": _("what would help"),
    "id": _("number"),
    "ip": _("internet address"),
    "joined": _("made on"),
    "kind": _("kind"),
    "language": _("language"),
    "last_login": _("last logged in"),
    "made": _("date"),
    "mail": _("mail about news"),
    "mailed": _("mailed"),
    "member": _("member"),
    "name": _("name"),
    "read": _("read or used"),
    "reason": _("reason"),
    "reply": _("reply"),
    "role": _("role"),
    "search": _("search"),
    "state": _("state"),
    "subject": _("subject"),
    "text": _("text"),
    "title": _("title"),
    "touches": _("whom it touches"),
    "until": _("until"),
    "url": _("address"),
    "version": _("version"),
    "verb": _("what happened"),
    "visibility": _("who may read it"),
    "what": _("what"),
    "where": _("where"),
}
Section = tuple[str | Promise, list[str | Promise], list[list[Any]], int]
MOMENTS = ("at", "closed", "from", "joined", "last_login", "made", "mailed", "read", "until")
SHOWN = 50  # rows of each kind on a page; the file holds all


def readable(data: dict[str, Any], *, most: int | None = None) -> list[Section]:
    """The data as sections in the active language: heading, column names, rows of words, how many rows
    there are in all. With `most` only so many rows of each section, the newest.
    """
    sections: list[Section] = []
    for key, heading in KINDS.items():
        found = data.get(key, [])
        rows = [found] if isinstance(found, dict) else found
        columns = list(rows[0]) if rows else []
        shown = rows[-most:] if most else rows
        cells = [[_words(column, row[column]) for column in columns] for row in shown]
        sections.append((heading, [COLUMNS[column] for column in columns], cells, len(rows)))
    return sections


def _words(column: str, value: Any) -> Any:
    """A moment, a day, a role and a choice as the language writes them; anything else as it is."""
    if value is None or value == "":
        return ""
    if column == "role" and value in roles_by_key():
        return roles_by_key()[value].names.get_in(get_language() or "")
    if column == "mail":
        return Person.Digest(value).label
    if column in MOMENTS and isinstance(value, str):
        at = parse_datetime(value)
        if at is not None and "T" in value:
            return moment(at)
        on = parse_date(value)
        return day(on) if on is not None else value
    return value


def archive(person: Person, data: dict[str, Any]) -> IO[bytes]:
    """One zip file, opened at its start: `data.json` for a program, `data.html` to read, and the person's files.

    A file that is no longer there is named in `missing.txt`.
    """
    target: IO[bytes] = TemporaryFile()  # noqa: SIM115 - the caller sends it and closes it
    missing = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(data, indent=1, ensure_ascii=False))
        page = render_to_string("web/my_data_file.html", {"person": person, "sections": readable(data)})
        packed.writestr("data.html", page)
        for name, file in files_of(person):
            try:
                with file.open("rb") as source, packed.open(f"files/{name}", "w") as copy:
                    while chunk := source.read(1 << 20):
                        copy.write(chunk)
            except FileNotFoundError:
                missing.append(name)
        if missing:
            packed.writestr("missing.txt", "\n".join(missing))
    target.seek(0)
    return target
