"""Intervals of meaning: outside of which a figure says nothing, whatever the study.

Written as in mathematics: `[0, 1]` holds both ends, `(0, inf)` neither; `whole [1, 100]` holds
whole numbers alone.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from yanzhen.phrasebook import Words
from yanzhen.study.words import same, words

_WRITTEN = re.compile(
    r"(?P<whole>whole )?(?P<left>[\[(])(?P<least>[^,\s]+), (?P<most>[^\])\s]+)(?P<right>[\])])"
)


@dataclass(frozen=True)
class Interval:
    """The figures that mean something.

    Attributes
    ----------
    least, most : ends, infinite where there is none
    without_least, without_most : whether the end itself is outside
    whole : whether only whole numbers are meant
    """

    least: float
    most: float
    without_least: bool
    without_most: bool
    whole: bool

    @classmethod
    def written(cls, text: str) -> "Interval":
        """Return the interval of its written form.

        Examples
        --------
        >>> Interval.written("(0, 1]").holds(0.0)
        False

        Raises
        ------
        ValueError
            When the text is no interval.
        """
        parts = _WRITTEN.fullmatch(text)
        if parts is None:
            raise ValueError(f"no interval: {text!r}")
        least, most = float(parts["least"]), float(parts["most"])
        if not least <= most:
            raise ValueError(f"an interval without a figure: {text!r}")
        return cls(least, most, parts["left"] == "(", parts["right"] == ")", bool(parts["whole"]))

    def holds(self, value: float) -> bool:
        """Whether a figure is inside; what is not finite never is."""
        if not math.isfinite(value) or (self.whole and value != math.floor(value)):
            return False
        above = value > self.least if self.without_least else value >= self.least
        below = value < self.most if self.without_most else value <= self.most
        return above and below

    def words(self) -> Words:
        """Say what a figure must be."""
        kind = words("a_whole_number" if self.whole else "a_number")
        low, high = f"{self.least:,g}", f"{self.most:,g}"
        if math.isinf(self.least) and math.isinf(self.most):
            return kind
        if not (self.without_least or self.without_most):
            return words("number_between", kind=kind, low=low, high=high)
        ends = []
        if math.isfinite(self.least):
            ends.append(words("end.above" if self.without_least else "end.at_least", low=low))
        if math.isfinite(self.most):
            ends.append(words("end.below" if self.without_most else "end.at_most", high=high))
        joined = " and ".join(en for en, _ in ends), "、".join(zh for _, zh in ends)
        return words("number_with_ends", kind=kind, ends=joined)


def outside(value: float, interval: Interval) -> tuple[Words, Words] | None:
    """What was found and expected where a figure is outside its interval, otherwise None."""
    if interval.holds(value):
        return None
    return same(f"{value:.12g}"), interval.words()


def read_intervals(names: list[str], written: list[str]) -> Mapping[str, Interval]:
    """Intervals by name, of their written forms."""
    return {name: Interval.written(text) for name, text in zip(names, written, strict=True)}
