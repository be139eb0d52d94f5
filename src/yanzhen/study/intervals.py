"""Intervals of meaning: outside of which a figure says nothing, whatever the study.

Written as in mathematics: `[0, 1]` holds both ends, `(0, inf)` neither; `whole [1, 100]` holds
whole numbers alone.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from yanzhen.study.problem import Words

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
        kind, kind_zh = ("a whole number", "整数") if self.whole else ("a number", "数")
        low, high = f"{self.least:,g}", f"{self.most:,g}"
        if math.isinf(self.least) and math.isinf(self.most):
            return kind, kind_zh
        if not (self.without_least or self.without_most):
            return f"{kind} from {low} to {high}", f"{low} 至 {high} 的{kind_zh}"
        ends, ends_zh = [], []
        if math.isfinite(self.least):
            ends.append(f"above {low}" if self.without_least else f"of at least {low}")
            ends_zh.append(f"大于 {low}" if self.without_least else f"不小于 {low}")
        if math.isfinite(self.most):
            ends.append(f"below {high}" if self.without_most else f"of at most {high}")
            ends_zh.append(f"小于 {high}" if self.without_most else f"不大于 {high}")
        return f"{kind} {' and '.join(ends)}", f"{'、'.join(ends_zh)}的{kind_zh}"


def outside(value: float, interval: Interval) -> tuple[Words, Words] | None:
    """What was found and expected where a figure is outside its interval, otherwise None."""
    if interval.holds(value):
        return None
    found = f"{value:.12g}"
    return (found, found), interval.words()


def read_intervals(names: list[str], written: list[str]) -> Mapping[str, Interval]:
    """Intervals by name, of their written forms."""
    return {name: Interval.written(text) for name, text in zip(names, written, strict=True)}
