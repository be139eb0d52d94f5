"""Every term of a contract declared once: how a file says it, what it may be, how it is turned.

The reader and the writer of files, the checks of single terms, the parameters of an address and the
sliders of the page follow from `TERMS`. Besides its declaration a term has a field in `terms` and
what it does in the ledger; contradictions between terms are in `consistency`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yanzhen.modes.coconstruction.contract.rounding import LARGEST
from yanzhen.modes.coconstruction.contract.sections import SECTIONS, field_of, holders
from yanzhen.modes.coconstruction.contract.term_kinds import (
    ABOVE_ZERO,
    PART,
    RATIO,
    RATIO_OF_TWO,
    REPAYING_PART,
    TEXT,
    TEXTS,
    Kind,
    one_of,
    some_of,
    whole,
)
from yanzhen.modes.coconstruction.contract.term_values import (
    SHARE,
    SHARE_AFTER,
    STATISTICS_SHARE,
    THIRD,
    TOP_UP,
    YEARS,
    YEARS_AFTER,
    Parties,
    TermValue,
    Unit,
    plainly,
)
from yanzhen.modes.coconstruction.contract.terms import (
    BASES,
    CLOCKS,
    CONDITIONS,
    TAX_KINDS,
    Terms,
)


@dataclass(frozen=True)
class Term:
    """A term of a contract.

    Attributes
    ----------
    key : its key in a file, with its section: `cap.amount`
    kind : how it is read, and what is impossible in it by itself
    values : numbers of it that can be turned
    """

    key: str
    kind: Kind
    values: tuple[TermValue, ...] = ()

    @cached_property
    def section(self) -> str:
        """Section of a file in which it stands, empty for none."""
        return self.key.rpartition(".")[0]

    @cached_property
    def name(self) -> str:
        """Its key within its section."""
        return self.key.rpartition(".")[2]

    @cached_property
    def field(self) -> str:
        """Name under which the dataclass that holds it has it."""
        return field_of(self.key)


def _turned(
    key: str,
    kind: Kind,
    name: str,
    meaning: str | None,
    of: Parties = "tax",
    unit: Unit = "percent",
    most: int = 100,
    opens: bool = False,
) -> Term:
    """Declare a term whose value is itself a number that can be turned; `opens` as `plainly`."""
    read, turn = plainly(key, unit == "percent", opens)
    return Term(key, kind, (TermValue(name, meaning, read, turn, of, unit, most),))


# fmt: off
TERMS = (
    Term("title_zh", TEXT),
    Term("title_en", TEXT),
    Term("tax_kinds", some_of(TAX_KINDS)),
    Term("base", one_of(BASES)),
    Term("counted_from", one_of(CLOCKS)),
    Term("periods.years", whole(1)),
    Term("periods.split", RATIO, (SHARE, YEARS, SHARE_AFTER, YEARS_AFTER, THIRD)),
    Term("eligibility.least_average_tax", whole(0)),
    Term("eligibility.years_before", whole(1)),
    Term("eligibility.conditions", some_of(CONDITIONS)),
    Term("eligibility.types", TEXTS),
    Term("eligibility.least_investment", whole(0)),
    _turned("recovery.share", REPAYING_PART, "recovery",
            "Part of the tax that repays the outlay first", opens=True),
    _turned("cap.tax_before_years", ABOVE_ZERO, "cap_years",
            "Cap: each project's tax of so many years before", "tax", "years", 15, opens=True),
    _turned("cap.amount", ABOVE_ZERO, "cap_amount",
            "Cap in the study's money", "tax", "fen", LARGEST, opens=True),
    _turned("extension.years", whole(0), "extension",
            "More years where the cap is not reached", "tax", "years", 15),
    Term("top_up.share_of_shortfall", PART, (TOP_UP,)),
    Term("top_up.amount", whole(0)),
    Term("third_party", TEXT),
    _turned("sunset_years", whole(1), "sunset",
            "Years after which the contract ends", "both", "years", 30),
    _turned("exit.earliest_year", whole(1), "exit_from",
            "First year in which notice may be given", "both", "year", 30, opens=True),
    _turned("exit.notice_years", whole(0), "notice_years", None, "both", "years", 10),
    _turned("exit.outlay_repaid", PART, "outlay_repaid",
            "Part of the outlay repaid on exit, per cent"),
    Term("most_parks", whole(1)),
    Term("statistics.gdp", RATIO_OF_TWO),
    Term("statistics.output", RATIO_OF_TWO, (STATISTICS_SHARE,)),
    Term("statistics.energy", RATIO_OF_TWO),
    Term("statistics.investment", RATIO_OF_TWO),
    Term("equity.split", RATIO),
    _turned("equity.payout", PART, "payout",
            "Part of the joint company's profit paid out", "equity"),
)
# fmt: on
"""All terms. An address and the page have their numbers in this order, and a file has the terms of
each section in it."""

TERM_VALUES = {value.name: value for term in TERMS for value in term.values}
"""Numbers that can be turned, by name."""


TERMS_IN = {name: tuple(t for t in TERMS if t.section == name) for name in ("", *SECTIONS)}
"""The terms of each section of a file, of an empty one those outside of all sections."""


def stated(terms: Terms) -> Iterator[tuple[str, Term, Any]]:
    """Every term that is there: its path (`periods.2.years`), its declaration and its value."""
    for section, declared in TERMS_IN.items():
        for path, holder in holders(terms, section).items():
            for term in declared:
                value = getattr(holder, term.field)
                if value is not None:
                    yield path + term.name, term, value


def term_values_of(terms: Terms) -> dict[str, int]:
    """Where each number that has a meaning for terms stands, parts to the nearest per cent."""
    kind = "tax" if terms.equity is None else "equity"
    read = {
        name: value.read(terms) for name, value in TERM_VALUES.items() if value.of in (kind, "both")
    }
    return {name: number for name, number in read.items() if number is not None}


def turned(terms: Terms, asked: Mapping[str, int]) -> Terms:
    """Terms with some numbers turned.

    A number that stands where it stood leaves its term as it was, thirds and further periods
    included.

    Parameters
    ----------
    terms : as they were agreed
    asked : numbers by name

    Raises
    ------
    ValueError
        When there is no such number, or it does not go that far.
    """
    # Years come first: there is no share to turn in a period that is still to be added.
    order = sorted(TERM_VALUES, key=lambda name: name not in ("years", "years_after"))
    unknown = sorted(set(asked) - set(order))
    if unknown:
        raise ValueError(f"no number '{unknown[0]}'; there are: {', '.join(order)}")
    for name in order:
        if name not in asked:
            continue
        value, number = TERM_VALUES[name], asked[name]
        if not 0 <= number <= value.most:
            raise ValueError(f"'{name}' goes from 0 to {value.most}, not to {number}")
        if number != value.read(terms):
            terms = value.turn(terms, number)
    return terms
