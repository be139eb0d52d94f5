"""Two who do something at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

PATIENCE = 1.0
"""Seconds that one waits for the other in the middle of what it does."""


def meeting(done: Callable[..., Any]) -> Callable[..., Any]:
    """Let two who come to a call go on from it together, where both come so far."""
    both = Barrier(2)

    def meets(*said: Any, **named: Any) -> Any:
        answer = done(*said, **named)
        with suppress(BrokenBarrierError):
            both.wait(PATIENCE)
        return answer

    return meets


def together(*several: Callable[[], Any]) -> list[Any]:
    """Do several things at once; what each returned or raised."""
    with ThreadPoolExecutor(len(several)) as threads:
        asked = [threads.submit(each) for each in several]
    return [each.exception() or each.result() for each in asked]
