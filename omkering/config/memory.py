"""What a web process holds in memory for good, kept out of the garbage collector's way."""

import gc

# When Python looks for garbage: after 2,000 new objects among the youngest, every tenth time among the middle ones
# (at most 4 ms), every hundredth time of those among all (40 to 70 ms). A page leaves some thousands of objects:
# with Python's own 700, 10 and 10 one request in fourteen stood still for a full collection.
COLLECT_AT = (2_000, 10, 100)


def settle() -> None:
    """Load what every request needs and exempt it from garbage collection, once, before the first request.

    A full collection walks every object there is; with the product loaded that stopped a request for 60 to 70 ms.
    What is loaded here stays until the process ends, so there is nothing to collect in it.
    """
    from django.template import engines
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - loads the views of every room
    engines.all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AT)
