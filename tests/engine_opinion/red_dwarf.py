"""Runs red-dwarf in its own environment: votes as JSON on standard input, groups as JSON on standard
output."""

import json
import sys
import time
import warnings

warnings.simplefilter("ignore")


def main() -> None:
    from reddwarf.implementations.base import run_pipeline

    task = json.load(sys.stdin)
    votes = [{"participant_id": p, "statement_id": s, "vote": v, "modified": 1} for p, s, v in task["votes"]]
    started, worked = time.perf_counter(), time.process_time()
    result = run_pipeline(votes=votes, mod_out_statement_ids=task["excluded"], random_state=0)
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    labels = result.participants_df["cluster_id"].dropna()
    groups = {str(person): str(group) for person, group in labels.items()}
    try:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    except ImportError:  # not on every system
        peak = 0.0
    json.dump({"groups": groups, "seconds": seconds, "cpu": cpu, "peak_mb": peak}, sys.stdout)


if __name__ == "__main__":
    main()
