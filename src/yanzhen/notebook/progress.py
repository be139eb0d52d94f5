"""Where the work on a plan is, on one line of stderr while somebody watches."""

import builtins
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from yanzhen.notebook.words import word
from yanzhen.phrasebook import Language

AFTER = 1.0
"""Seconds of work from which on it is told."""


@contextmanager
def progress(lang: Language) -> Iterator[Callable[[str, float], None]]:
    """Give what is to be told the stage and the share of it that is done; says nothing to files."""
    began, written = time.monotonic(), 0

    def tell(stage: str, share: float) -> None:
        nonlocal written
        if not is_watched() or time.monotonic() - began < AFTER:
            return
        line = word(lang, f"stage.{stage}", share=f"{share:.0%}")
        print(f"\r{line:<{written}}", end="", file=sys.stderr, flush=True)
        written = len(line)

    try:
        yield tell
    finally:
        if written:
            print(f"\r{'':<{written}}\r", end="", file=sys.stderr, flush=True)


def is_watched() -> bool:
    """Whether a person is at the prompt: in a notebook or an interactive Python."""
    return hasattr(builtins, "get_ipython") or hasattr(sys, "ps1")
