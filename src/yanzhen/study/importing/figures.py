"""What a cell of figures says: a number, that it is not known, or neither."""

import re
import unicodedata
from dataclasses import dataclass

from yanzhen.study.figure_words import is_mark_of_missing

_FOOTNOTE = re.compile(
    r"[\u00b9\u00b2\u00b3\u2070-\u2079\u2460-\u2473*†‡]+$|\s*\[\d{1,2}\]$|\s*(?<=\d)\s*[①-⑳]$"
)
_FLAGGED = re.compile(r"(?P<figure>.*?)\s*(?P<flags>[bcdefnprsuz]{1,3})")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"(?<=\d)[, \u00a0\u2009\u202f'’](?=\d{3}(?:\D|$))")


@dataclass(frozen=True)
class Figure:
    """A figure as it is written, before it is taken into another unit.

    Attributes
    ----------
    value : None where it is not known
    per_cent : whether a percent sign stands behind it
    flags : letters of a flag behind it, as Eurostat writes them
    footnote : whether a footnote sign was left out
    is_suppressed : whether it stands as nothing under a mark of suppression
    """

    value: float | None
    per_cent: bool = False
    flags: str = ""
    footnote: bool = False
    is_suppressed: bool = False


def figure_of(cell: str) -> Figure | None:
    """Read a cell; None where it is neither a figure nor a mark of a missing one.

    Examples
    --------
    >>> figure_of("１，２３４．５①")
    Figure(value=1234.5, per_cent=False, flags='', footnote=True, is_suppressed=False)
    >>> figure_of("…")
    Figure(value=None, per_cent=False, flags='', footnote=False, is_suppressed=False)
    >>> figure_of(": c").flags
    'c'
    """
    stripped = cell.strip()
    if not stripped or is_missing(stripped):
        return Figure(None)
    bare = _FOOTNOTE.sub("", stripped)
    footnote = bare != stripped
    plain = unicodedata.normalize("NFKC", bare).strip().replace("−", "-")
    value = _number(plain)
    if value is not None:
        return Figure(value, footnote=footnote)
    if plain.endswith("%"):
        value = _number(plain[:-1].strip())
        return None if value is None else Figure(value, per_cent=True, footnote=footnote)
    flagged = _FLAGGED.fullmatch(plain)
    if flagged is not None and flagged["figure"]:
        figure = flagged["figure"]
        value = _number(figure)
        if value is not None or figure == ":":
            return Figure(value, flags=flagged["flags"], footnote=footnote)
    return None


def is_missing(cell: str) -> bool:
    """Whether a cell says that its figure is not known; a colon does so at Eurostat."""
    return cell.strip() == ":" or is_mark_of_missing(cell)


def _number(text: str) -> float | None:
    bare = _THOUSANDS.sub("", text)
    return float(bare) if _NUMBER.fullmatch(bare) else None
