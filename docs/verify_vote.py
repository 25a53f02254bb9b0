"""Check an exported vote: python3 verify_vote.py vote.json [root-of-the-log-you-noted-down]

Counts the vote anew, and checks that the sealed log holds its roll, its rule, each ballot and the result. Needs nothing
but Python. Prints what was counted, or the first thing that is wrong (exit code 1).
"""

import json
import sys
from functools import cache
from hashlib import sha256


def expect(right, words):
    if not right:
        sys.exit(f"WRONG: {words}")


def sealed(receipt, what, *verbs):
    """The event of a receipt, once its path leads to the root of the log (the tree of RFC 9162)."""
    expect(receipt, f"{what} has no receipt")
    value = sha256(b"\0" + receipt["event"].encode()).digest()
    for side, step in receipt["path"]:
        pair = bytes.fromhex(step) + value if side == "left" else value + bytes.fromhex(step)
        value = sha256(b"\1" + pair).digest()
    expect(value.hex() == root, f"the receipt of {what} does not lead to the root of the log")
    event = json.loads(receipt["event"])
    expect(event["verb"] in verbs and event["subject"] == item, f"the receipt of {what} is of something else")
    return event


def needed(share, of):
    product, parts = of * share["numerator"], share["denominator"]
    return max(1, product // parts + 1 if share.get("strict") else -(-product // parts))


def schulze(rankings, options):
    """Those whose strongest path no other one beats; what a ranking leaves out stands last."""
    places = [({o: at for at, rank in enumerate(ranks) for o in rank}, votes) for ranks, votes in rankings]
    pairs, last = [(a, b) for a in options for b in options], len(options)
    over = {(a, b): sum(v for at, v in places if at.get(a, last) < at.get(b, last)) for a, b in pairs}
    path = {(a, b): over[a, b] if over[a, b] > over[b, a] else 0 for a, b in pairs}
    for middle in options:
        path |= {(a, b): max(path[a, b], min(path[a, middle], path[middle, b])) for a, b in pairs}
    return {a for a in options if all(path[b, a] <= path[a, b] for b in options)}


@cache
def run_off(rankings, left):
    """Who of those left can win as whoever has fewest votes leaves, of equals each in turn where that matters."""
    firsts = [(next((o for (o,) in ranks if o in left), None), votes) for ranks, votes in rankings]
    standing = {option: sum(votes for first, votes in firsts if first == option) for option in left}
    best, fewest = max(standing, key=standing.get), min(standing.values())
    if len(left) == 1 or 2 * standing[best] > sum(standing.values()):
        return {best}
    lowest = {option for option in left if standing[option] == fewest}
    rest = [votes for votes in standing.values() if votes > fewest]
    if len(lowest) == 1 or (rest and fewest * len(lowest) < min(rest)):
        return run_off(rankings, left - lowest)
    return set.union(*(run_off(rankings, left - {option}) for option in lowest))


def state_of(option, rivals, shares, sums, total):
    """Whether an option reaches all that is needed; at a bare majority an equal split is a tie."""
    states = set()
    for share in shares:
        of, table, own = total[share["base"]][share["in"]], sums[share["in"]], sums[share["in"]][option]
        half = share["strict"] and share["denominator"] == 2 * share["numerator"] and 0 < 2 * own == of
        tie = half and any(table[rival] == own for rival in rivals)
        states.add("adopted" if own >= needed(share, of) else "tie" if tie else "rejected")
    return next((state for state in ("rejected", "tie") if state in states), "adopted")


def count(roll, cast, here, rule):
    """What ballots {(voter, part): (votes, choice)} come to on a roll {voter: votes}, in the words of the product."""
    ballot, kind, shares = rule["ballot"], rule["ballot"]["kind"], rule["thresholds"]
    options = [option["key"] for option in ballot.get("options", [])] or ["for", "against"]
    votes, heads = dict.fromkeys([*options, "abstain"], 0), dict.fromkeys([*options, "abstain"], 0)
    sums, supported = {"votes": votes, "heads": heads}, {}
    for (voter, _part), (number, choice) in cast.items():
        names = [choice] if isinstance(choice, str) else choice[0] if kind == "ranking" else choice
        picks = names if isinstance(names, dict) else dict.fromkeys(names, 1)
        expect(set(picks) <= set(votes), f"the ballot of {voter} says what no ballot can say")
        supported.setdefault(voter, []).append({option for option in picks if picks[option]})
        for option, times in picks.items():
            votes[option] += times * number
    for parts in supported.values():  # a head counts for what all its parts support, those that abstain aside
        for option in set.intersection(*([part for part in parts if part != {"abstain"}] or parts)):
            heads[option] += 1
    who = {"all": roll, "present": here or supported, "cast": supported}
    total = {name: {"votes": sum(roll[v] for v in some), "heads": len(some)} for name, some in who.items()}
    total["cast"]["votes"] = sum(number for number, _choice in cast.values())
    total["cast_without_abstentions"] = {m: total["cast"][m] - sums[m]["abstain"] for m in sums}
    said = {"cast": total["cast"], "present": total["present"], **sums, "elected": [], "tied": []}
    if shares:
        said |= {"base": (of := total[shares[0]["base"]][shares[0]["in"]]), "required": needed(shares[0], of)}
    for quorum in filter(lambda quorum: quorum["numerator"], rule["quorums"]):
        if total["present"][quorum["of"]] < needed(quorum, total["all"][quorum["of"]]):
            return said | {"outcome": "no_quorum"}
    if kind == "for_against_abstain":
        outcome = state_of("for", ["against"], shares, sums, total)
        return said | {"outcome": "rejected" if (outcome, rule["tie"]) == ("tie", "rejected") else outcome}
    chosen = sorted((option for option in options if votes[option]), key=votes.get, reverse=True)
    if kind == "ranking" and chosen:
        rankings = tuple((tuple(map(tuple, choice)), n) for n, choice in cast.values() if choice != "abstain")
        best = (run_off if ballot["method"] == "irv" else schulze)(rankings, frozenset(options))
        said["elected" if len(best) == 1 else "tied"] = [option for option in options if option in best]
    else:
        equal = {o: [other for other in chosen if other != o and votes[other] == votes[o]] for o in chosen}
        how = {o: state_of(o, equal[o][:1], shares, sums, total) for o in chosen}
        ranked, seats = [o for o in chosen if how[o] == "adopted"], ballot.get("seats") or 1
        edge = votes[ranked[seats]] if len(ranked) > seats else 0  # the first one for whom there is no seat
        even = [o for o in ranked if votes[o] == edge] if ranked else [o for o in chosen if how[o] == "tie"]
        said["elected"] = [o for o in ranked[:seats] if votes[o] > edge]
        said["tied"] = even if len(said["elected"]) < seats else []
    return said | {"outcome": "tie" if said["tied"] else "elected" if said["elected"] else "rejected"}


export = json.load(open(sys.argv[1], encoding="utf-8"))
root, rule, item = export["log"]["root"], export["rule"], f"item:{export['vote']['id']}"
expect(len(sys.argv) < 3 or sys.argv[2] == root, "the root of the log is not the one you noted down")
opened, closed = (sealed(export[what], what, f"vote.{what}")["data"] for what in ("opened", "closed"))
roll = {line["voter"]: line["weight"] for line in export["roll"]}
left, cast = dict(roll), {}
lines = sorted([line["voter"], line["inhabitants"], line["weight"]] for line in export["roll"])
for name, value in (("roll", lines), ("rule", rule)):
    spelled = sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    expect(spelled == opened[f"{name}_sha256"], f"the {name} is not the one that was sealed at the opening")
for one in export["ballots"]:
    voter, name = one["voter"], f"the ballot of {one['voter']}, part {one['part']},"
    event = sealed(one["receipt"], name, "ballot.cast", "ballot.changed")
    told = {"voter": event["on_behalf_of"].split(":")[1], "part": 0, "way": "screen", "by_proxy": None}
    wrong = [key for key, value in (told | event["data"]).items() if one.get(key, value) != value]
    expect(not wrong, f"{name} says another {wrong} than the log: {event['data']}")
    expect((voter, one["part"]) not in cast, f"{name} is there twice")
    left[voter] = left.get(voter, 0) - one["votes"]
    expect(left[voter] >= 0, f"{voter} casts more votes than it has on the roll")
    cast[voter, one["part"]] = (one["votes"], one["choice"])
slips = sorted((slip for slip in export["box"] for _one in range(slip["ballots"])), key=lambda s: s["weight"])
voted = sorted(export["turnout"], key=roll.get)  # of a secret vote: who stands beside a slip is made up
expect([s["weight"] for s in slips] == [roll[v] for v in voted], "the box does not fit who has voted")
cast |= {(v, 0): (slip["weight"], slip["choice"]) for v, slip in zip(voted, slips, strict=True)}
found = count(roll, cast, export["present"], rule)
silent = export["vote"]["procedure"] == "acclamation" and not export["objections"]
if silent and (export["present"] is None or found["outcome"] != "no_quorum"):  # who keeps silent agrees
    options = [option["key"] for option in rule["ballot"].get("options", [])]
    found |= {"outcome": "elected" if options else "adopted", "elected": options}
for source, said in (("result", export["result"]), ("log", closed)):
    for name in [name for name in found if said.get(name, found[name]) != found[name]]:
        expect(False, f"{name}: the {source} says {said[name]}, and the ballots say {found[name]}")
print(f"RIGHT: {found['outcome']}, {len(cast)} ballots, {found['votes']} votes, {found['heads']} heads")
