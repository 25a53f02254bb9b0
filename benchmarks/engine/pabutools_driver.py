"""Run by an interpreter that has pabutools: one piece of work of `bench_budget`, its seconds and peak as JSON.

The work comes as JSON on standard input: ``path`` of a Pabulib file (then reading counts too), or ``costs``,
``budget``, ``ballots`` (project numbers per voter) and ``weights`` (None for 1); ``fractions``, gmpy2 or float;
``step``, by how much add1 raises every share ("a/b"), None for no completion.
"""

import json
import resource
import sys
import time
from fractions import Fraction

import pabutools.fractions
from pabutools.election import (
    ApprovalBallot,
    ApprovalMultiProfile,
    ApprovalProfile,
    Cost_Sat,
    FrozenApprovalBallot,
    Instance,
    Project,
    parse_pabulib,
)
from pabutools.rules import method_of_equal_shares


def main(work: dict) -> dict:
    sys.setrecursionlimit(10_000)
    pabutools.fractions.FRACTION = work["fractions"]
    started = time.process_time()
    if "path" in work:
        instance, profile = parse_pabulib(work["path"])
    else:
        number = int if work["fractions"] == "float" else pabutools.fractions.frac
        projects = [Project(f"p{at:03}", number(cost)) for at, cost in enumerate(work["costs"])]
        instance = Instance(projects, budget_limit=number(work["budget"]))
        ballots = [[projects[at] for at in ballot] for ballot in work["ballots"]]
        if work["weights"] is None:
            profile = ApprovalProfile([ApprovalBallot(ballot) for ballot in ballots], instance=instance)
        else:
            profile = ApprovalMultiProfile(instance=instance)
            for ballot, weight in zip(ballots, work["weights"], strict=True):
                key = FrozenApprovalBallot(ballot)
                profile[key] = profile.get(key, 0) + weight
        started = time.process_time()
    step = work["step"]
    if step is not None:
        step = (
            float(Fraction(step)) if work["fractions"] == "float" else pabutools.fractions.str_as_frac(step)
        )
    chosen = method_of_equal_shares(instance, profile, sat_class=Cost_Sat, voter_budget_increment=step)
    return {
        "seconds": time.process_time() - started,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "selected": [project.name for project in chosen],
    }


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
