"""What must always hold of motions, whatever people do and in whatever order."""

from itertools import pairwise
from types import SimpleNamespace

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from omkering.decide import commands
from omkering.decide.commands.motion_outcomes import Part
from omkering.decide.models import Motion, MotionState, MotionStep, Signature
from omkering.decide.motion_steps import ALLOWED, BOARD, can_step
from omkering.decide.motion_texts import points
from tests.decide.motions import REASON, REQUESTS, filed, make_world, names

MERGED = {"title": "Samen sneller keuren", "requests": REQUESTS}


# --- pure ----------------------------------------------------------------------------------------------------
def test_every_state_has_its_steps_and_its_place_on_the_board():
    assert set(ALLOWED) == set(MotionState)
    shown = [state for states in BOARD.values() for state in states]
    assert len(shown) == len(set(shown)) and set(shown) | {MotionState.DRAFT} == set(MotionState)
    ends = {state for state, after in ALLOWED.items() if not after}
    assert ends == {"rejected", "split", "merged", "withdrawn", "settled"}


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30)))
def test_points_are_lines_that_stay_what_they_are(lines):
    found = points("\n".join(lines))
    assert all(point == point.strip() and point for point in found)
    plain = [line for line in found if points(line) == [line]]
    assert points("\n".join(f"- {line}" for line in plain)) == plain


# --- with the database ---------------------------------------------------------------------------------------
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ("sign", "unsign", "merge", "withdraw", "hold", "split", "admit", "take_over", "talk")
        ),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=9,
)


def act(w: SimpleNamespace, what: str, first: int, second: int) -> None:
    """One thing that somebody does with a motion; refused or not."""
    rows = list(Motion.objects.order_by("pk"))
    row, other = rows[first % len(rows)], rows[second % len(rows)]
    owner, person = ((w.own, w.mayor), (w.other, w.theirs), (w.third, w.far), (w.network, w.secretary))[
        second % 4
    ]
    signatures = list(Signature.objects.filter(motion=row).order_by("pk"))
    {
        "sign": lambda: commands.sign_motion(actor=person, motion=row, owner=owner),
        "unsign": lambda: commands.withdraw_signature(
            actor=person, signature=signatures[second % len(signatures)]
        ),
        "merge": lambda: commands.merge_motions(actor=w.adviser, motions=[row, other], **MERGED),
        "withdraw": lambda: commands.withdraw_motion(actor=person, motion=row, reason=REASON),
        "hold": lambda: commands.hold_motion(actor=w.adviser, motion=row, reason=REASON),
        "split": lambda: commands.split_motion(
            actor=w.adviser, motion=row, parts=[Part("", (0,)), Part("", (1,))]
        ),
        "admit": lambda: commands.bring_to_meeting(actor=person, motion=row, meeting=w.meeting),
        "take_over": lambda: commands.take_over(actor=w.on_board, motion=row, body=w.board, reason=REASON),
        "talk": lambda: together(w, row, other, person, owner),
    }[what]()


def together(w, row, other, person, owner) -> None:
    talk = commands.open_talk(actor=w.adviser, motion=row, other=other)
    commands.propose_merger(actor=person, talk=talk, owner=owner, **MERGED)
    for agrees in (w.mayor, w.theirs, w.far, w.secretary):
        try:
            with transaction.atomic():
                commands.agree_merger(actor=agrees, talk=talk)
            return
        except (ValidationError, PermissionDenied):
            continue


def check(before: dict[int, set[str]], what: str, withdrew: set[tuple[int, str]]) -> None:
    """Under each motion stands who stood under it, but who withdrew; under what came of some, all who stood under
    these when it came."""
    for row in Motion.objects.all():
        gone = before.get(row.pk, set()) - names(row)
        assert not gone or what == "unsign"
        withdrew |= {(row.pk, name) for name in gone}
        if row.pk in before and Motion.objects.get(pk=row.pk).state != MotionState.FILED:
            continue
        came_from = [*row.merged_from.all(), *([row.part_of] if row.part_of else [])]
        if row.pk not in before or (came_from and what == "talk"):
            stood = set().union(*(before.get(one.pk, set()) for one in came_from))
            assert stood - {name for pk, name in withdrew if pk == row.pk} <= names(row)
    for row in Motion.objects.exclude(number=None):
        owner = str(row.owner_member or row.network)
        assert owner in names(row)  # somebody always answers for it
        filers = row.signatures.filter(filer=True, withdrawn_at__isnull=True)
        assert filers.exists()


def check_steps() -> None:
    for row in Motion.objects.all():
        states = list(MotionStep.objects.filter(motion=row).order_by("pk").values_list("state", flat=True))
        if row.part_of_id is None:
            states.insert(0, MotionState.DRAFT)
        assert states[-1] == row.state
        assert all(can_step(one, next_) for one, next_ in pairwise(states))


class AnyOrder(TestCase):
    """Members sign, withdraw, merge, split and bring back, in any order."""

    @classmethod
    def setUpTestData(cls):
        with translation.override("nl"):
            w = make_world()
            filed(w)
            filed(w, by=w.theirs, owner=w.other, title="Keuringen sneller")
            filed(w, by=w.secretary, owner=w.network, title="Netbeheer")
        cls.w = w

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(acts=ACTS)
    def test_no_signature_is_lost_and_states_move_along_the_allowed_steps(self, acts):
        withdrew: set[tuple[int, str]] = set()
        for what, first, second in acts:
            before = {row.pk: names(row) for row in Motion.objects.all()}
            try:
                with transaction.atomic():
                    act(self.w, what, first, second)
            except (ValidationError, PermissionDenied):
                continue
            check(before, what, withdrew)
        check_steps()
