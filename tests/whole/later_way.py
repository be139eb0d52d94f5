"""One study through `check` and every analysis of the later rooms, with all that goes wrong."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.whole.adding_up import Faults, not_finite, same
from tests.whole.whole_way import WholeWay, told
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.modes.technology.matching.matching import match
from yanzhen.modes.technology.matching.parameters import match_weights
from yanzhen.pipeline.checking import Checks, check_for_all
from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.report.analyses.technology import technology_document
from yanzhen.report.document.folder import write_report
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError, WantOfData

LATER = ("inequality", "finance", "fund", "effects", "goals", "track")
FEW = {
    "fund": {"value": {"fund_draws": 3.0}},
    "effects": {"value": {"effects_draws": 3.0}},
    "goals": {"draws": 3},
}
"""What is asked so that it takes a moment."""
PARTNERS = ("needs", "incubators", "regions")
ANSWERS = (("fund", "fund_limits"), ("fund", "funds"), ("fund", "projects"))
"""Refusals that are found on the way: limits that conflict, one of several funds, terms unmet."""


def later_way(path: Path, out: Path | None) -> WholeWay:
    """Take a study through `check` and, where it passes, through the later rooms.

    Parameters
    ----------
    out : folder that reports are written to; none are written without
    """
    try:
        checks = check_for_all(path)
    except Exception as error:
        return WholeWay(True, (f"check: {told(error)}",))
    if checks.problems or checks.study is None:
        return WholeWay(False, ())
    way = _Way(checks, checks.study, out)
    for name in LATER:
        way.analysis(name)
    if checks.study.tables["technologies"].height:
        for kind in PARTNERS:
            way.technology(kind)
    return WholeWay(True, tuple(way.faults))


class _Way:
    """The analyses that a study has gone through, and what was wrong with each."""

    def __init__(self, checks: Checks, study: Study, out: Path | None) -> None:
        self.warned = {(each.table, each.column) for each in checks.warnings}
        self.study, self.out = study, out
        self.reader = Reader(study, "en")
        self.faults: list[str] = []

    def analysis(self, name: str) -> None:
        analysis = ANALYSES[name]
        if any(self.study.tables[table].is_empty() for table in analysis.needs):
            return
        asked = {ask.name: ask.usual for ask in analysis.asks} | FEW.get(name, {})
        work = analysis.work

        def make() -> Any:
            found = work.run(self.study, asked, lambda share, line: None)
            work.findings(found, asked, self.reader)
            self.faults += [f"{name}: {each}" for each in unclean(work.values(found, asked), "")]
            if self.out is not None:
                write_report(work.document(found, asked, self.reader), self.out / name, name)
            return found

        self._take(name, make, SUMS.get(name, lambda found: ()))

    def technology(self, kind: Any) -> None:
        def make() -> Any:
            found = match(self.study, kind, 5, match_weights({}))
            document = technology_document(found, self.reader)
            if self.out is not None:
                write_report(document, self.out / kind, "technology")
            return found

        self._take(f"technology {kind}", make, lambda found: ())

    def _take(
        self, name: str, make: Callable[[], Any], sums: Callable[[Any], Iterable[str]]
    ) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", RuntimeWarning)
                found = make()
                self.faults += [f"{name}: {each}" for each in (*not_finite(found), *sums(found))]
        except NoPrices:
            # Scarce room that nobody fits into is an answer of the market, in a sentence.
            return
        except WantOfData as lacking:
            self.faults += [
                f"{name}: check did not warn: {problem}"
                for problem in lacking.problems
                if (problem.table, problem.column) not in self.warned
                and (name, problem.table) not in (*ANSWERS, ("finance", "products"))
            ]
        except StudyError as refused:
            self.faults += [
                f"{name}: refused after check: {problem}"
                for problem in refused.problems
                if (problem.table, problem.column) not in self.warned
                and (name, problem.table) not in ANSWERS
            ]
        except Exception as error:
            self.faults.append(f"{name}: {told(error)}")


def unclean(value: Any, place: str) -> Iterator[str]:
    """Name each number of what programs read that is none."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from unclean(each, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for each in value:
            yield from unclean(each, place)
    elif isinstance(value, float) and not np.isfinite(value):
        yield f"{place} holds {value}"


def effects_faults(found: Any) -> Faults:
    """Hold the books of a plan and the equilibria against one another."""
    ledger, regions = found.ledger, found.ledger_regions
    for name, frame in (("ledger", ledger), ("ledger_regions", regions)):
        known = frame.drop_nulls(["before", "departures", "arrivals", "after"])
        due = known["before"] - known["departures"] + known["arrivals"]
        yield from same(f"{name}.after", known["after"], due, float(known["before"].max() or 0))
    for measure in ledger["measure"].unique():
        of = ledger.filter(measure=measure)
        if of.select("departures", "arrivals").null_count().sum_horizontal().item():
            continue
        sums = of.group_by("year").agg(pl.col("departures", "arrivals").sum())
        yield from same(f"{measure} on the way", sums["arrivals"], sums["departures"])
    for (mobility, region), parts in found.welfare.group_by("mobility", "region"):
        total = parts.filter(part="total")["size"].sum()
        rest = parts.filter(pl.col("part") != "total")["size"].sum()
        yield from same(f"welfare of {region} ({mobility})", rest, total, 1e-3)
    for check, residual in found.checks.select("check", "residual").iter_rows():
        if residual is not None and abs(residual) > 1e-6:
            yield f"check {check}: {residual}"


def finance_faults(found: Any) -> Faults:
    """Hold cash flows against one another: what one pays another receives."""
    sums = found.yearly.group_by("project", "product", "year").agg(pl.col("amount").sum())
    yield from same("cash flows", sums["amount"], np.zeros(sums.height), 1.0)
    chances = found.defaults.group_by("project", "product", maintain_order=True).agg(
        pl.col("default").sum(), pl.col("survival").last()
    )
    if ((chances["default"] < -1e-12) | (chances["default"] > 1 + 1e-9)).any():
        yield "defaults are no probability"
    claims = found.park_claims
    yield from same("claims", claims["paid"] + claims["short"], claims["due"], 1.0)
    over = claims["paid"] > claims["available"] + 1e-6
    if over.any():
        yield "more is paid than is there"
    parks = found.park_years
    for site in parks["site"].unique():
        of = parks.filter(site=site).sort("year")
        kept = (of["cash"] + of["reserve"]).shift(1, fill_value=0.0)
        flow = of["drawn"] + of["given"] + of["available"] - of["works"] + of["gap"]
        used = of["paid"] + of["distributed"] + of["cash"] + of["reserve"]
        yield from same(f"money of {site}", kept + flow, used, 1.0)


def fund_faults(found: Any) -> Faults:
    """Hold what a fund holds against its limits."""
    held = found.decisions.filter(pl.col("held"))
    at = found.choices.filter((pl.col("budget") - found.budget).abs() < 1e-9 * max(found.budget, 1))
    yield from same("held at the budget", held["amount"].sum(), at["amount"].sum())
    if found.outlay["outlay"].sum() > found.budget * (1 + 1e-6) + 1e-6:
        yield f"outlay {found.outlay['outlay'].sum()} beyond {found.budget}"
    for row in found.limits.iter_rows(named=True):
        if row["most"] is not None and row["used"] > row["most"] * (1 + 1e-6) + 1e-6:
            yield f"limit {row['limit']} {row['of']}: {row['used']} of {row['most']}"
        if row["least"] is not None and row["used"] < row["least"] * (1 - 1e-6) - 1e-6:
            yield f"limit {row['limit']} {row['of']}: {row['used']} below {row['least']}"
    worths = found.frontier.sort("budget")["worth"].to_numpy()
    gap = found.frontier["gap"].fill_null(0).max() or 0
    if worths.size and (np.diff(worths) < -1e-6 - gap * np.abs(worths[:-1])).any():
        yield f"frontier falls: {worths}"
    for column in ("without", "with_support", "aid"):
        shares = found.supports[column].drop_nulls()
        if ((shares < -1e-9) | (shares > 1 + 1e-9)).any() and column != "aid":
            yield f"supports.{column} is no share"


def track_faults(found: Any) -> Faults:
    """Hold counts of projects against one another."""
    number = found.projects.height
    yield from same("board", found.board["projects"].sum(), number)
    yield from same("regions", found.regions["projects"].sum(), number)
    now = [c for c in found.regions.columns if c.startswith("now_")]
    yield from same("states", found.regions.select(pl.sum_horizontal(now)).sum().item(), number)
    chances = found.incidence.drop_nulls("probability")
    if ((chances["probability"] < -1e-12) | (chances["probability"] > 1 + 1e-9)).any():
        yield "incidence is no probability"
    by_cause = chances.group_by("origin", "months").agg(pl.col("probability").sum())
    if (by_cause["probability"] > 1 + 1e-9).any():
        yield "causes together are more than certain"


def goals_faults(found: Any) -> Faults:
    """Hold the scoreboard against the values that it rests on."""
    board = found.scoreboard
    counted = found.families["known"].sum() + found.families["missing"].sum()
    yield from same("families", counted, board.height)
    known = board.drop_nulls(["base", "now", "change"])
    yield from same("change", known["change"], known["now"] - known["base"], 1.0)
    for row in board.drop_nulls(["plan", "plan_low", "plan_high"]).iter_rows(named=True):
        if row["plan_low"] > row["plan_high"]:
            yield f"{row['indicator']}: interval upside down"


SUMS: dict[str, Any] = {
    "effects": effects_faults,
    "finance": finance_faults,
    "fund": fund_faults,
    "track": track_faults,
    "goals": goals_faults,
}
