"""A publication: tables that the audit passed, or the reasons why there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from yanzhen.exchange.statistics.attack_solver import NoTruth
from yanzhen.exchange.statistics.audit import Audit, audit
from yanzhen.exchange.statistics.cells import Table, cells_of, every_combination
from yanzhen.exchange.statistics.differencing import Version, audit_versions
from yanzhen.exchange.statistics.heuristic import Unprotectable
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.published import published_tables
from yanzhen.exchange.statistics.reading import PHRASES
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.exchange.statistics.suppression import Suppression, suppress
from yanzhen.exchange.statistics.witnesses import Moves
from yanzhen.phrasebook import Words


class Refused(ValueError):
    """Tables that may not be published.

    Attributes
    ----------
    reasons : the cells and what can be worked out of each, in English and Chinese; for whoever
        knows all contributions
    cells : the same without a figure, for all others
    """

    def __init__(self, reasons: tuple[Words, ...], cells: tuple[Words, ...] = ()) -> None:
        super().__init__("\n".join(english for english, _ in reasons))
        self.reasons = reasons
        self.cells = cells or reasons


@dataclass(frozen=True)
class Publication:
    """Tables as they may be published.

    Attributes
    ----------
    tables : see `published.published_tables`
    rule, unit : that they keep to, and to which values are rounded
    suppression : what was hidden, at which loss; confidential, as it says which cells are sensitive
    audit : what attacks found, which is nothing
    """

    tables: Mapping[str, pl.DataFrame]
    rule: SafetyRule
    unit: float
    suppression: Suppression
    audit: Audit


def publish(
    contributions: pl.DataFrame,
    hierarchies: Mapping[str, Hierarchy],
    tables: Sequence[Table],
    rule: SafetyRule,
    unit: float = 0.0,
    seconds: float = 100.0,
    earlier: Sequence[Version] = (),
    update: Callable[[float], None] = lambda _: None,
) -> Publication:
    """Hide what would tell of an enterprise, and attack the tables before they are given out.

    Parameters
    ----------
    contributions, hierarchies, tables : see `cells.cells_of`
    unit : to which values are rounded, 0 where they are not
    seconds : see `suppression.suppress`
    earlier : publications before this one, the oldest first, of the same dimensions
    update : told the part that is done

    Raises
    ------
    Refused
        An attack finds out more than the rule allows, or publications contradict each other.
    """
    if contributions.is_empty():
        nothing = np.zeros(0, bool)
        empty = Suppression(nothing, {}, 0.0, 0.0)
        return Publication(_zeros(hierarchies, tables), rule, unit, empty, Audit((), 0, 0, 0, None))
    cells = cells_of(contributions, hierarchies, tables)
    try:
        found = suppress(cells, rule, seconds=seconds, update=lambda done: update(0.6 * done))
    except Unprotectable as error:
        told = {"cell": cells.named(error.cell), "measure": PHRASES.words(f"told.{error.measure}")}
        raise Refused((PHRASES.words("told.unprotectable", **told),)) from None
    shown = published_tables(cells, found.hidden, hierarchies, tables, unit)
    now = Version("", shown, contributions, hierarchies, tables, unit)
    try:
        attacked, leaks = _attacked(
            *(now, earlier, rule, found.witnesses), lambda done: update(0.6 + 0.3 * done)
        )
    except NoTruth:
        raise Refused((PHRASES.words("told.contradiction"),)) from None
    if leaks:
        raise Refused(tuple(each for each, _ in leaks), tuple(each for _, each in leaks))
    update(1.0)
    return Publication(shown, rule, unit, found, attacked)


def _attacked(
    now: Version,
    earlier: Sequence[Version],
    rule: SafetyRule,
    witnesses: Mapping[str, Sequence[Moves]],
    update: Callable[[float], None],
) -> tuple[Audit, list[tuple[Words, Words]]]:
    """Attack tables by themselves, then beside those before; return what is told too closely."""
    attacked = audit(
        *(now.published, now.contributions, now.hierarchies, now.tables, rule, now.unit),
        *(update, witnesses),
    )
    told = [
        _told(now.hierarchies, each.cell, each.measure, each.low, each.high, each.attacker)
        for each in attacked.findings
    ]
    if earlier and not told:
        told = [
            _told(now.hierarchies, each.cell, each.measure, each.low, each.high, since=each.since)
            for each in audit_versions(earlier, now, rule)
        ]
    return attacked, told


def _told(
    hierarchies: Mapping[str, Hierarchy],
    cell: tuple[str, ...],
    measure: str,
    low: float,
    high: float,
    attacker: str = "",
    since: str = "",
) -> tuple[Words, Words]:
    """Say what is told of a cell, and that it is; of an attacker whether he is in the tables."""
    named = ", ".join(f"{name}={code}" for name, code in zip(hierarchies, cell, strict=True))
    values: dict[str, str | Words] = {
        **{"cell": named, "measure": PHRASES.words(f"told.{measure}")},
        **{"low": f"{low:g}", "high": f"{high:g}"},
    }
    if since:
        values["since"] = since
        return PHRASES.words("told.since", **values), PHRASES.words("told.changed", **values)
    values["attacker"] = PHRASES.words("told.contributor" if attacker else "told.outsider")
    return PHRASES.words("told.cell", **values), PHRASES.words("told.close", **values)


def _zeros(
    hierarchies: Mapping[str, Hierarchy], tables: Sequence[Table]
) -> dict[str, pl.DataFrame]:
    return {
        table.name: every_combination(hierarchies, table).with_columns(
            pl.lit(0, pl.Int64).alias("records"), pl.lit(0.0).alias("value")
        )
        for table in tables
    }
