"""Work of a page that would hold up all others, in a thread of its own."""

from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from nicegui import run

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def in_thread(
    work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs
) -> Found | None:
    """Do work in a thread, as the person who asked for it; None where the server ends meanwhile.

    NiceGUI's own threads know of nobody: what belongs to whoever asks would be looked for among
    what belongs to the person of an open workbench.
    """
    within = copy_context()
    as_asked = partial(work, *given, **named)
    return await run.io_bound(lambda: within.run(as_asked))
