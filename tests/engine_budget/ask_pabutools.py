"""Run by an interpreter that has pabutools: decides one Pabulib file and prints what was chosen, as JSON.

The questions come as JSON on standard input: the ``path`` and a list, of each the ``utility``, whether add1 is to run
``in_full``, whether only equal shares is asked for (``shares_only``, for files where greedy takes minutes), whether
``phragmen`` is asked for too, and the ``endowments`` ("a/b") at which a single run of equal shares is.
"""

import json
import sys

from gmpy2 import mpq
from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib
from pabutools.rules import (
    completion_by_rule_combination,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)
from pabutools.rules.budgetallocation import BudgetAllocation
from pabutools.rules.mes.mes_rule import method_of_equal_shares_scheme
from pabutools.tiebreaking import lexico_tie_breaking


def answers(asked: dict) -> list[dict]:
    """One for each question; the file is read once."""
    sys.setrecursionlimit(10_000)
    instance, ballots = parse_pabulib(asked["path"])
    profile = ballots.as_multiprofile()
    return [answer(instance, profile, question) for question in asked["questions"]]


def answer(instance, profile, question: dict) -> dict:
    satisfaction = {"cost": Cost_Sat, "cardinality": Cardinality_Sat}[question["utility"]]
    plain = method_of_equal_shares(instance, profile, sat_class=satisfaction)
    found = {"none": names(plain)}
    if question["phragmen"]:
        found["phragmen"] = names(sequential_phragmen(instance, profile))
    if not question["shares_only"]:
        after = {"sat_class": satisfaction, "initial_budget_allocation": plain}
        found["greedy"] = names(greedy_utilitarian_welfare(instance, profile, **after))
        found["alone"] = names(greedy_utilitarian_welfare(instance, profile, sat_class=satisfaction))
    if question["in_full"]:
        step = {"sat_class": satisfaction, "voter_budget_increment": 1}
        found["add1"] = names(method_of_equal_shares(instance, profile, **step))
        found["add1u"] = names(
            completion_by_rule_combination(
                instance,
                profile,
                [method_of_equal_shares, greedy_utilitarian_welfare],
                [step, {"sat_class": satisfaction}],
            )
        )
    found["at"] = [
        names(
            method_of_equal_shares_scheme(
                instance,
                profile,
                profile.as_sat_profile(satisfaction),
                mpq(endowment),
                BudgetAllocation(),
                lexico_tie_breaking,
                binary_sat=True,
            )
        )
        for endowment in question["endowments"]
    ]
    return found


def names(projects: list) -> list[str]:
    return [project.name for project in projects]


if __name__ == "__main__":
    print(json.dumps(answers(json.load(sys.stdin))))
