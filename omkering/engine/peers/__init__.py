"""Peers: which members look alike, and who does significantly better than its look-alikes.

Conventions: members are named by strings; a figure that is not known is None or NaN. Proportions and rates
come as a count and its base (people, cases, years of exposure), never as a bare percentage: without the base
nothing can be said about chance. Every test is exact, from the binomial, Poisson or hypergeometric
distribution.
"""

from omkering.engine.peers.comparison import Comparison, better_than_peers
from omkering.engine.peers.counts import Kind, Outcome, PeersError
from omkering.engine.peers.funnel import Funnel, FunnelPoint, funnel
from omkering.engine.peers.lookalikes import Peer, lookalikes
from omkering.engine.peers.significance import Correction, adjust
from omkering.engine.peers.trend import Trend, trend

__all__ = [
    "Comparison",
    "Correction",
    "Funnel",
    "FunnelPoint",
    "Kind",
    "Outcome",
    "Peer",
    "PeersError",
    "Trend",
    "adjust",
    "better_than_peers",
    "funnel",
    "lookalikes",
    "trend",
]
