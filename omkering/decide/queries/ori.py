"""The minutes of a meeting as data in the terms of Open Raadsinformatie 2.0 (the information model of 2.0.0-beta.3).

Each object has `url` and `id`; a reference to another object is `{"url", "id"}`. What that model has no place for
stands beside it under names that begin with `x-`: votes have weights here, and members vote, not people.
`docs/ori-minutes.schema.json` says exactly what can be there, and `docs/standards.md` what stands for what.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import override

from omkering.decide.queries.minutes_reading import all_entries, decisions, read
from omkering.who.current import association

Data = dict[str, Any]
VERSION = "2.0.0-beta.3"
STATUS = {"planned": "gepland", "called": "gepland", "cancelled": "geannuleerd"}  # others: gehouden
MEETING_TYPE = {
    "committee": "commissievergadering"
}  # by the kind of body; others: algemene_bestuursvergadering
CHOICES = {"for": "voor", "against": "tegen", "abstain": "onthouden", "absent": "afwezig"}
SPOKEN = {"adopted": "voor", "rejected": "tegen", "tie": "gelijk"}
OUTCOMES = {
    "adopted": "Aangenomen",
    "rejected": "Verworpen",
    "tie": "Gelijk",
    "no_quorum": "Geen quorum",
    "elected": "Gekozen",
}
KINDS = {"motion": "motie", "amendment": "amendement", "proposal": "voorstel"}  # others: besluitvormingsstuk
SHORT = 200  # characters of a title or a note in the model


def ori(meeting: Any, reader: Any, address: Callable[[str], str]) -> Data:
    """The meeting with its agenda, attendance, votes, decisions, papers and undertakings, for a reader, in Dutch.

    `address` makes a whole address of the site out of a part ("stemming/12").
    """
    with override("nl"):
        return _Export(read(meeting, reader), address).data()


class _Export:
    """The objects of one meeting, by their names in the model."""

    def __init__(self, data: Data, address: Callable[[str], str]) -> None:
        self.source, self.address = data, address
        self.meeting = self.ref("vergadering", data["meeting"]["id"])
        self.people: dict[str, Data] = {}
        self.present: dict[str, Data] = {}
        self.first_of: dict[str, str] = {}  # member → its first participant

    def ref(self, kind: str, key: Any) -> Data:
        """A reference to an object."""
        return {"url": self.address(f"{kind}/{key}"), "id": f"{kind}-{key}"}

    def data(self) -> Data:
        """Everything, in lists by kind of object."""
        self._attendance()
        votes = [
            entry for entry in all_entries(self.source) if entry["type"] == "vote" and not entry["hidden"]
        ]
        told = [vote for vote in votes if vote["state"] != "undone"]
        return {
            "standaard": "Open Raadsinformatie",
            "versie": VERSION,
            "organisatie": str(association().names),
            "vergadering": self._meeting(),
            "agendapunten": [self._item(item) for item in self.source["items"]],
            "aanwezigeDeelnemers": list(self.present.values()),
            "natuurlijkePersonen": list(self.people.values()),
            "spreekfragmenten": [
                self._speech(entry) for entry in all_entries(self.source) if entry["type"] == "speech"
            ],
            "stemmingen": [self._vote(vote) for vote in told],
            "stemmen": [ballot for vote in told for ballot in self._ballots(vote)],
            "besluiten": [self._decision(vote) for vote in told if vote["result"]],
            "informatieobjecten": self._papers(told),
        }

    # --- the meeting and its agenda ------------------------------------------------------------------------------
    def _meeting(self) -> Data:
        meeting, body = self.source["meeting"], self.source["meeting"]["body"]
        return {
            **self.meeting,
            "naam": meeting["title"][:100],
            "vergaderingstype": MEETING_TYPE.get(
                body["kind"] if body else "", "algemene_bestuursvergadering"
            ),
            "status": STATUS.get(meeting["state"], "gehouden"),
            "vergaderdatum": f"{meeting['opened_at'] or meeting['starts_at']:%Y-%m-%d}",
            **_moments(
                geplandeAanvangVergadering=meeting["starts_at"],
                geplandeEindeVergadering=meeting["ends_at"],
                aanvangVergadering=meeting["opened_at"],
                eindeVergadering=meeting["closed_at"],
            ),
            **({"locatie": meeting["place"][:100]} if meeting["place"] else {}),
            **(
                {
                    "georganiseerdDoorGremium": {
                        "gremiumidentificatie": body["key"],
                        "gremiumnaam": body["name_words"],
                    }
                }
                if body
                else {}
            ),
            "agendapunten": [self.ref("agendapunt", item["id"])["url"] for item in self.source["items"]],
            "notulen": self.ref("verslag", meeting["id"]),
        }

    def _item(self, item: Data) -> Data:
        votes = [
            e["id"]
            for e in item["entries"]
            if e["type"] == "vote" and not e["hidden"] and e["state"] != "undone"
        ]
        return {
            **self.ref("agendapunt", item["id"]),
            "vergadering": self.meeting,
            "agendapuntvolgnummer": item["number"],
            "agendapuntTitel": item["title"],
            **({"agendapuntOmschrijving": item["text"]} if item["text"] else {}),
            **({"hoofdagendapunt": self.ref("agendapunt", item["part_of"])} if item["part_of"] else {}),
            **_moments(starttijd=item["begun_at"], eindtijd=item["ended_at"]),
            "indicatorBehandeld": item["begun_at"] is not None,
            "indicatieHamerstuk": any(
                e["type"] == "vote" and e["procedure"] == "acclamation" for e in item["entries"]
            ),
            "stemmingen": [self.ref("stemming", pk)["url"] for pk in votes],
        }

    # --- people --------------------------------------------------------------------------------------------------
    def _attendance(self) -> None:
        """Each stay of somebody is a participant; where the reader may not know names, the member stands for them."""
        for line in self.source["attendance"]:
            member = line["member"]
            for stay in line["stays"]:
                key = f"{member['code'] if member else 'zetel'}-{stay['person']}"
                self.first_of.setdefault(member["code"] if member else key, key)
                known = self.present.get(key)
                if known is None:
                    self.present[key] = {
                        **self.ref("deelnemer", key),
                        "vergadering": self.meeting,
                        "natuurlijkPersoon": self._person(stay["person"], stay["person_name"], member),
                        **({"organisatie": member["name"]} if member else {}),
                        **({"x-lid": member["code"]} if member else {}),
                        "x-wijze": "op_afstand" if stay["presence"] == "remote" else "ter_plaatse",
                        **_moments(aanvangAanwezigheid=stay["arrived_at"], eindeAanwezigheid=stay["left_at"]),
                    }
                    continue
                known.pop("eindeAanwezigheid", None)
                known.update(_moments(eindeAanwezigheid=stay["left_at"]))

    def _person(self, pk: int | None, name: str, member: Data | None, key: str = "") -> Data:
        """A reference to a person; its name is there for who may know it."""
        ref = self.ref("persoon", key or pk)
        shown = name or (f"Vertegenwoordiger van {member['name']}" if member else "Deelnemer")
        self.people.setdefault(
            ref["id"], {**ref, "naamNatuurlijkPersoon": {"achternaam": shown, "volledigeNaam": shown}}
        )
        return ref

    def _speech(self, entry: Data) -> Data:
        member = entry["member"]
        key = f"{member['code'] if member else 'zetel'}-{entry['person']}"
        if key not in self.present:
            key = f"spreker-{entry['id']}"
            visitor = entry["kind"] == "visitor"
            self.present[key] = {
                **self.ref("deelnemer", key),
                "vergadering": self.meeting,
                "natuurlijkPersoon": self._person(
                    entry["person"],
                    entry["person_name"],
                    member,
                    "" if entry["person"] else f"spreker-{entry['id']}",
                ),
                **({"rolnaam": "inspreker"} if visitor else {}),
                **({"organisatie": member["name"]} if member else {}),
            }
        return {
            **self.ref("spreekfragment", entry["id"]),
            "aanwezigeDeelnemer": self.ref("deelnemer", key),
            **({"agendapunt": self.ref("agendapunt", entry["agenda_item"])} if entry["agenda_item"] else {}),
            **({"titelSpreekfragment": entry["subject"][:100]} if entry["subject"] else {}),
            **_moments(aanvangSpreekfragment=entry["at"], eindeSpreekfragment=entry["ended_at"]),
        }

    # --- votes ---------------------------------------------------------------------------------------------------
    def _vote(self, vote: Data) -> Data:
        result = vote["result"]
        plain = vote["kind"] == "for_against_abstain"
        found: Data = {
            **self.ref("stemming", vote["id"]),
            **({"agendapunt": self.ref("agendapunt", vote["agenda_item"])} if vote["agenda_item"] else {}),
            "informatieobject": self.ref("stuk", vote["about"]["id"]),
            "stemmingstype": "schriftelijk" if vote["secret"] else _manner(vote),
            "x-benodigd": vote["needed_words"],
            "x-geheim": vote["secret"],
        }
        if not result:
            return found
        found["besluit"] = self.ref("besluit", vote["id"])
        found["x-uitslag"] = {
            "stemmen": _named(result["votes"], plain),
            "leden": _named(result["heads"], plain),
            "grondslag": result["base"],
            "benodigd": result["required"],
            "stemlijst": result["roll"],
        }
        # What the chair decided on a tie is the decision; the vote itself was even.
        came_to = "tie" if result.get("by_chair") else result["outcome"]
        if plain and came_to in SPOKEN:
            found["resultaatMondelingeStemming"] = SPOKEN[came_to]
        if not plain:
            titles = {option["key"]: option["title"] for option in vote["options"]}
            found["resultaatStemmingOverPersonen"] = vote["outcome_words"][:SHORT]
            found["stemmingOverPersonen"] = [
                {"naamKandidaat": titles[key][:100], "aantalUitgebrachteStemmen": result["votes"][key]}
                for key in titles
            ]
        found["stemmen"] = [self._ballot(vote, line)["url"] for line in vote["roll_call"] or ()]
        return found

    def _ballot(self, vote: Data, line: Data) -> Data:
        return self.ref("stem", f"{vote['id']}-{line['voter']}-{line['part']}")

    def _ballots(self, vote: Data) -> list[Data]:
        """Each line of the roll-call; a secret vote has none."""
        return [
            {
                **self._ballot(vote, line),
                "stemming": self.ref("stemming", vote["id"]),
                "keuzeStemming": CHOICES.get(line["choice"], "voor"),
                "x-lid": line["voter"],
                "x-lidnaam": line["name"] or "",
                "x-aantalStemmen": line["votes"],
                **({"x-keuze": line["words"]} if line["choice"] not in CHOICES else {}),
                **({"x-volmachtAan": line["by_proxy"]} if line["by_proxy"] else {}),
                **({"aanwezigeDeelnemer": ref} if (ref := self._voter(line)) else {}),
            }
            for line in vote["roll_call"] or ()
        ]

    def _voter(self, line: Data) -> Data | None:
        """The first participant for the member that voted; none where it voted by proxy or from afar."""
        key = self.first_of.get(line["voter"] if line["name"] else f"zetel-{line['person']}")
        return self.ref("deelnemer", key) if key else None

    def _decision(self, vote: Data) -> Data:
        return {
            **self.ref("besluit", vote["id"]),
            "besluitresultaat": OUTCOMES[vote["result"]["outcome"]],
            "besluittoelichting": vote["outcome_words"][:SHORT],
            "stemmingen": [self.ref("stemming", vote["id"])["url"]],
        }

    def _papers(self, votes: list[Data]) -> list[Data]:
        """What was voted on or dealt with, and the undertakings; each once."""
        found: dict[str, Data] = {}
        for vote in votes:
            about = vote["about"]
            self._paper(
                found, about["id"], KINDS.get(about["kind"], "besluitvormingsstuk"), about["title"], vote
            )
        for item in decisions(self.source):
            for entry in item["entries"]:
                if entry["type"] == "undertaking":
                    self._paper(found, entry["item"], "toezegging", entry["title"], entry)
                elif entry["type"] == "motion":
                    self._paper(found, entry["item"], "motie", entry["title"], entry)
        return list(found.values())

    def _paper(self, found: dict[str, Data], pk: int, kind: str, title: str, entry: Data) -> None:
        ref = self.ref("stuk", pk)
        agenda = [self.ref("agendapunt", entry["agenda_item"])] if entry["agenda_item"] else []
        paper: Data = {
            **ref,
            "informatieobjecttype": kind,
            "titel": title,
            **({"inhoud": entry["text"]} if entry["text"] else {}),
            "agendapunten": agenda,
            "vergaderingen": [self.meeting],
        }
        if kind == "motie":
            paper["motietype"] = "overig"
        if kind == "toezegging" and entry["due_at"]:
            paper["x-uiterlijk"] = f"{entry['due_at']:%Y-%m-%d}"
        found.setdefault(ref["id"], paper)


def _manner(vote: Data) -> str:
    """How a vote is held: without calling anybody by acclamation, else with the name of each voter."""
    return "regulier" if vote["procedure"] == "acclamation" else "hoofdelijk"


def _moments(**moments: Any) -> Data:
    """The moments that are known, as the model writes them."""
    return {name: at.isoformat() for name, at in moments.items() if at is not None}


def _named(sums: dict[str, int], plain: bool) -> dict[str, int]:
    """Sums by choice, in the words of the model where it has them."""
    return {CHOICES[key] if plain or key == "abstain" else key: number for key, number in sums.items()}
