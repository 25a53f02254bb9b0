"""Run by an interpreter that has powerindices and power-bdd: both indices of assemblies, as JSON.

The question on standard input is a list of [quota, weights]; the answer has per assembly and peer the absolute
Banzhaf index and Shapley–Shubik.
"""

import json
import sys
import warnings

warnings.simplefilter("ignore")

import powerindices  # noqa: E402
from power_bdd.bdd import BDD, WeightedGame  # noqa: E402


def answer(quota: int, weights: list[int]) -> dict[str, dict[str, list[float]]]:
    game = BDD(WeightedGame(quota, list(weights)))
    return {
        "powerindices": {
            "banzhaf_absolute": list(map(float, powerindices.compute_pbi(quota, list(weights)))),
            "shapley": list(map(float, powerindices.compute_ssi(quota, list(weights)))),
        },
        "power_bdd": {
            "banzhaf_absolute": list(map(float, game.calc_banzhaf())),
            "shapley": list(map(float, game.calc_shapley())),
        },
    }


if __name__ == "__main__":
    print(json.dumps([answer(*each) for each in json.load(sys.stdin)]))
