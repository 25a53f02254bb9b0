"""Models of co-operation: their routes and steps, and what must be there before a dossier enters a step.

Pure functions over the association folder's records and a few facts of a dossier; nothing here asks a database.
A dossier goes forward one step of its route at a time, and only into a step whose requirements hold.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omkering.who.association.agenda_records import CooperationModelRecord, RouteRecord, StepRecord
from omkering.who.association.records import CLOSED
from omkering.who.current import association
from omkering.who.models import in_language

STATE = "state"  # the leader for whom the association sets no term
LEADER_WORDS: Mapping[str, str | Promise] = {
    "members": gettext_lazy("members"),
    "state": gettext_lazy("the state"),
    "both": gettext_lazy("members and the state together"),
    "association": gettext_lazy("the association"),
}


@dataclass(frozen=True)
class Way:
    """A route of a model: how one dossier goes."""

    model: CooperationModelRecord
    route: RouteRecord

    @property
    def key(self) -> str:
        """How forms and addresses name it: the model and the route."""
        return f"{self.model.key}:{self.route.key}"

    @property
    def name(self) -> str:
        """The model's name, with the route's where the model has several."""
        model = f"{self.model.number} {in_language(self.model.names)}"
        return f"{model}: {in_language(self.route.names).lower()}" if len(self.model.routes) > 1 else model

    @property
    def description(self) -> str:
        """What the model and this route are, in the reader's language."""
        texts = [in_language(self.model.descriptions)]
        if len(self.model.routes) > 1:
            texts.append(in_language(self.route.descriptions))
        return " ".join(texts)

    @property
    def steps(self) -> tuple[StepRecord, ...]:
        """All steps in their order."""
        return self.route.steps

    @property
    def first(self) -> StepRecord:
        """Where a new dossier begins."""
        return self.route.steps[0]

    def step(self, key: str) -> StepRecord | None:
        """The step with this key; None for one that this route does not have."""
        return next((step for step in self.steps if step.key == key), None)

    def following(self, key: str) -> StepRecord | None:
        """The step after this one; None after the last, and for a step that this route does not have."""
        keys = [step.key for step in self.steps]
        place = keys.index(key) + 1 if key in keys else len(keys)
        return self.steps[place] if place < len(keys) else None

    def before(self, key: str) -> tuple[StepRecord, ...]:
        """The steps before this one, in their order; none for a step that this route does not have."""
        keys = [step.key for step in self.steps]
        return self.steps[: keys.index(key)] if key in keys else ()


def ways(models: Iterable[CooperationModelRecord] | None = None) -> tuple[Way, ...]:
    """Every route of every model, in the order of the models' numbers."""
    found = association().cooperation_models if models is None else models
    return tuple(
        Way(model, route) for model in sorted(found, key=lambda model: model.number) for route in model.routes
    )


def find_way(model: str, route: str, models: Iterable[CooperationModelRecord] | None = None) -> Way | None:
    """The route with these keys; None for one that the association folder no longer has."""
    return next((way for way in ways(models) if (way.model.key, way.route.key) == (model, route)), None)


def way_of_key(key: str, models: Iterable[CooperationModelRecord] | None = None) -> Way | None:
    """The route that a form names as `model:route`."""
    return next((way for way in ways(models) if way.key == key), None)


def step_name(step: StepRecord) -> str:
    """The name of a step in the reader's language."""
    return in_language(step.names)


def step_words(model: str, route: str, step: str) -> str:
    """The name of a dossier's step, or its key where the folder no longer has it."""
    way = find_way(model, route)
    found = way.step(step) if way else None
    return step_name(found) if found else step


def leader_words(step: StepRecord) -> str:
    """Who leads a step, in words."""
    return str(LEADER_WORDS[step.leader])


def columns(of: Iterable[Way]) -> dict[str, str]:
    """Step key → name over several routes, each step once and each route in its own order; `closed` is last.

    A step that only some routes have comes right after the step that it follows there.
    """
    order: list[str] = []
    names: dict[str, str] = {}
    # The last model first: the one with most steps of its own gives the frame.
    for way in reversed(list(of)):
        place = 0
        for step in way.steps:
            if step.key in names:
                place = order.index(step.key) + 1
                continue
            order.insert(place, step.key)
            names[step.key] = step_name(step)
            place += 1
    return {key: names[key] for key in sorted(order, key=lambda key: key == CLOSED)}


# --- what must be there ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Facts:
    """What the requirements of steps are read from. Conditions are those that were not withdrawn."""

    owner: bool = False  # a person or a body
    signals: int = 0  # upstream in the thread
    pilots: int = 0
    pilots_running: int = 0
    solution: bool = False
    conditions: int = 0
    conditions_waiting: int = 0  # asked, and not answered yet
    conditions_answered: int = 0
    parties: int = 0
    documents: int = 0
    result: bool = False


@dataclass(frozen=True)
class Missing:
    """What is not there yet: one sentence, and the name of the address where it is mended."""

    requirement: str
    sentence: str
    place: str


@dataclass(frozen=True)
class Requirement:
    """When a requirement holds, what to say when it does not, and where it is mended."""

    holds: Callable[[Facts], bool]
    sentence: str | Promise
    place: str


REQUIREMENTS: Mapping[str, Requirement] = {
    "owner": Requirement(
        lambda facts: facts.owner,
        gettext_lazy("The dossier has no owner yet: choose a person or a body."),
        "agenda:edit_dossier",
    ),
    "signal": Requirement(
        lambda facts: facts.signals > 0,
        gettext_lazy("No signal is behind this dossier yet: add a signal or a bundle that it comes from."),
        "agenda:add_source",
    ),
    "pilot": Requirement(
        lambda facts: facts.pilots > 0,
        gettext_lazy("No member takes part as a pilot yet: add at least one."),
        "agenda:take_part",
    ),
    "pilot_running": Requirement(
        lambda facts: facts.pilots_running > 0,
        gettext_lazy("No pilot is under way yet: fill in at a pilot since when it is."),
        "agenda:dossier",
    ),
    "solution": Requirement(
        lambda facts: facts.solution,
        gettext_lazy("There is no solution yet: write down what the members do about it."),
        "agenda:edit_dossier",
    ),
    "condition": Requirement(
        lambda facts: facts.conditions > 0,
        gettext_lazy("There is no condition yet: write down at least one, and of whom it is asked."),
        "agenda:add_condition",
    ),
    "party": Requirement(
        lambda facts: facts.parties > 0,
        gettext_lazy("No party from outside has a part in it yet: add at least one."),
        "agenda:add_party",
    ),
    "document": Requirement(
        lambda facts: facts.documents > 0,
        gettext_lazy("There is no document yet: add a link or a file."),
        "agenda:add_document",
    ),
    "answers": Requirement(
        lambda facts: facts.conditions_answered > 0 and facts.conditions_waiting == 0,
        gettext_lazy("Not every condition that was asked has an answer yet: record the answers first."),
        "agenda:dossier",
    ),
    "result": Requirement(
        lambda facts: facts.result,
        gettext_lazy("Nobody wrote down yet what came of it: fill in the result."),
        "agenda:edit_dossier",
    ),
}


def missing(step: StepRecord, facts: Facts) -> list[Missing]:
    """What must still be there before a dossier with these facts may enter the step; empty when it may."""
    found = []
    # A dossier never closes without a result, whatever the folder asks.
    wanted = dict.fromkeys([*step.requires, *(["result"] if step.key == CLOSED else [])])
    for name in wanted:
        requirement = REQUIREMENTS[name]
        if not requirement.holds(facts):
            found.append(Missing(name, str(requirement.sentence), requirement.place))
    return found


def refusal(way: Way, present: str, to: str, facts: Facts) -> list[str]:
    """Why a dossier at `present` may not go forward to `to`, in sentences that say what to do; empty when it may.

    Forward is exactly one step; a step that is skipped names the one that comes next and what that needs.
    """
    following = way.following(present)
    if following is None:
        return [_("This dossier is at its last step. There is no next one.")]
    lacking = [entry.sentence for entry in missing(following, facts)]
    if to != following.key:
        wanted = way.step(to)
        first = _("The next step is “%(next)s”: take that one first.") % {"next": step_name(following)}
        if wanted is not None and wanted.key != present:
            first = _(
                "“%(wanted)s” comes later or earlier. The next step is “%(next)s”: take that one first."
            ) % {
                "wanted": step_name(wanted),
                "next": step_name(following),
            }
        return [first, *lacking]
    return lacking
