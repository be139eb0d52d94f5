"""How often Python looks through what is in memory for circles."""

import gc

THRESHOLDS = 100_000, 20, 100
"""Objects made, and collections of younger ones, after which each generation is looked through."""


def collect_seldom() -> None:
    """Look for circles less often than Python does by itself.

    A report, a page and the package itself are very many small objects that stay; looking through
    them takes a fifth of the time.
    """
    gc.set_threshold(*THRESHOLDS)
