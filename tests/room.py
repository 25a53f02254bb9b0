"""Room on the stack for a test."""

from collections.abc import Callable
from types import FunctionType
from typing import Any, ParamSpec, TypeVar

# Of 8 bytes. The interpreter takes the next power of two for them, and so leaves as much to what is called.
SLOTS = 65_536

P = ParamSpec("P")
R = TypeVar("R")


def roomy(call: Callable[P, R]) -> Callable[P, R]:
    """`call` with room for some thousand frames beneath it, in one piece.

    Python keeps frames in pieces of 16 kB, and in 3.11 it gives a piece back as soon as it is empty. A function that
    is called again and again just where a piece ends asks the system for memory each time, which takes a hundred times
    as long as the call (python/cpython#142183): a tenth of the time of tests whose stack is deep.
    """

    def within(*args: P.args, **kwargs: P.kwargs) -> R:
        return call(*args, **kwargs)

    code: Any = within.__code__
    return FunctionType(code.replace(co_stacksize=SLOTS), globals(), "within", None, within.__closure__)
