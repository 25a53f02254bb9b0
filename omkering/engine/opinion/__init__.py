"""Opinion map: from votes on statements to groups, what divides them and what they share.

Conventions: a vote is 1 (agree), −1 (disagree) or 0 (pass); what is absent was not voted on. Ids are strings.
Nothing here changes the arrays it is given, and the same votes give the same map in any order of rows.
"""

from omkering.engine.opinion.formats import as_json, read_memory, read_votes
from omkering.engine.opinion.mapping import Group, Memory, OpinionMap, Statement, opinion_map
from omkering.engine.opinion.space import Space
from omkering.engine.opinion.statements import Majority, Representative
from omkering.engine.opinion.votes import OpinionError, VoteTable

__all__ = [
    "Group",
    "Majority",
    "Memory",
    "OpinionError",
    "OpinionMap",
    "Representative",
    "Space",
    "Statement",
    "VoteTable",
    "as_json",
    "opinion_map",
    "read_memory",
    "read_votes",
]
