"""What the tables of a result must add up to, whatever the study: each failed identity by name."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from yanzhen.advantage.diagnosis import Diagnosis
from yanzhen.market.plan.plan import Plan
from yanzhen.modes.chain import ChainAnalysis
from yanzhen.modes.chain.docking.docking_lists import Docking

RELATIVE, ABSOLUTE = 1e-6, 1e-9
Faults = Iterator[str]


def frames_of(result: object) -> dict[str, pl.DataFrame]:
    """Return the tables of a result by name."""
    named = ((field.name, getattr(result, field.name)) for field in fields(result))  # type: ignore[arg-type]
    return {name: value for name, value in named if isinstance(value, pl.DataFrame)}


def not_finite(result: object) -> Faults:
    """Name every column that holds NaN or an infinite number; what is not known is null."""
    for name, frame in frames_of(result).items():
        finite = frame.select(pl.selectors.float().is_finite().all())
        for column in finite.columns:
            if not finite[column].all():
                yield f"{name}.{column} holds NaN or an infinite number"


def plan_faults(plan: Plan) -> Faults:
    """Hold the tables of a plan against one another and against its certificate."""
    yield from not_finite(plan)
    if not plan.certificate.passed:
        yield "the certificate did not pass"
    moved = plan.moves["output"].sum()
    for name, frame in (("regions", plan.regions), ("macro_regions", plan.macro_regions)):
        yield from same(f"{name}.departures", frame["departures"].sum(), moved)
        yield from same(f"{name}.arrivals", frame["arrivals"].sum(), moved)
        yield from same(f"{name}.net", frame["net"], frame["arrivals"] - frame["departures"])
    yield from same("sites.arrivals", plan.sites["arrivals"].sum(), moved)
    yield from same("macro_flows.output", plan.macro_flows["output"].sum(), moved)
    yield from same("industries.departures", plan.industries["departures"].sum(), moved)
    yield from same("schedule.departures", plan.schedule["departures"].sum(), moved)
    yield from same("schedule.arrivals", plan.schedule["arrivals"].sum(), moved)
    yield from same("allocation.market", plan.allocation["market"].sum(), moved)
    route = ["industry", "origin", "destination"]
    terms = plan.reasons.group_by(route).agg(pl.col("size").sum())
    gains = plan.moves.join(terms, on=route, how="left").with_columns(pl.col("size").fill_null(0.0))
    yield from same("reasons of a move", gains["size"], gains["gain"])
    yield from same("rent", plan.prices["rent"], plan.prices["premium"] * plan.prices["demand"])
    limited = plan.prices.drop_nulls("capacity")
    over = (limited["demand"] - limited["capacity"]) > 1e-4 * limited["capacity"] + 1e-6
    if over.any():
        yield f"{over.sum()} limits are exceeded"
    shares = plan.macro_regions
    for column in ("share_before", "share_after"):
        if shares[column].null_count() == 0:
            yield from same(f"macro_regions.{column}", shares[column].sum(), 1.0)


def diagnosis_faults(diagnosis: Diagnosis) -> Faults:
    """Hold the tables of a diagnosis against one another."""
    yield from not_finite(diagnosis)
    cells = diagnosis.specialisation
    total = cells["output"].sum()
    yield from same("regions.output", diagnosis.regions["output"].sum(), total)
    yield from same("industries.output", diagnosis.industries["output"].sum(), total)
    for name in ("regions", "industries"):
        frame = frames_of(diagnosis)[name]
        counted = sum(frame[status].sum() for status in ("observed", "estimated", "missing"))
        yield from same(f"cells counted in {name}", counted, cells.height)
    shifts = diagnosis.shift_share
    parts = shifts.select("change", total=pl.sum_horizontal("national", "mix", "competitive"))
    yield from same("shift-share", parts["total"], parts["change"])
    yield from same("change", shifts["change"], shifts["after"] - shifts["before"])
    # A nation that starts from nothing has no growth of its own: all of it is competitive.
    due = 0.0 if shifts["before"].sum() > 0 else float(shifts["after"].sum())
    yield from same("shift-share beyond the nation", _beyond(shifts), due, shifts["after"].sum())
    for column in ("share_before", "share_after"):
        sums = (
            diagnosis.macro_shifts.drop_nulls(column).group_by("industry").agg(pl.col(column).sum())
        )
        yield from same(f"macro_shifts.{column}", sums[column], np.ones(sums.height))


def _beyond(shifts: pl.DataFrame) -> float:
    return float(shifts["mix"].sum() + shifts["competitive"].sum())


def chain_faults(chains: ChainAnalysis) -> Faults:
    """Hold the tables of a chain analysis against one another."""
    yield from not_finite(chains)
    gaps = chains.gaps.drop_nulls(["need", "supply", "gap"])
    short = (gaps["need"] - gaps["supply"]).clip(lower_bound=0.0)
    yield from same("gaps", gaps["gap"], short)
    for name, column in (("concentration", "herfindahl"), ("exposure", "exposure")):
        shares = frames_of(chains)[name][column].drop_nulls()
        if ((shares < -1e-9) | (shares > 1 + 1e-9)).any():
            yield f"{name}.{column} is no share"
    services = chains.services
    yield from same("services.net", services["net"], services["gained"] - services["lost"])


def docking_faults(docking: Docking) -> Faults:
    """Hold the tables of a docking against one another and against its certificate."""
    yield from not_finite(docking)
    if not docking.certificate.passed:
        yield "the certificate of docking did not pass"
    needs, suppliers, industries = docking.needs, docking.suppliers, docking.industries
    yield from same("needs.present", needs["present"], needs["need"] - needs["docked"])
    docked = needs["docked"].sum()
    yield from same("suppliers.sold", suppliers["sold"].sum(), docked)
    yield from same("industries.need", industries["need"].sum(), needs["need"].sum())
    by_input = (industries["same_region"] + industries["other_regions"]).sum()
    yield from same("industries docked", by_input, docked)
    listed = docking.pairs["amount"].sum() + needs["other"].sum()
    yield from same("pairs.amount and others", listed, docked)
    if (suppliers["sold"] > suppliers["spare"] * (1 + 1e-6) + 1e-9).any():
        yield "a supplier sells more than it can spare"


def same(name: str, actual: ArrayLike, expected: ArrayLike, scale: float = 0.0) -> Faults:
    """Say where figures differ from what is due by more than rounding at a scale."""
    one, other = np.asarray(actual, float), np.asarray(expected, float)
    bound = RELATIVE * np.maximum(np.abs(other), abs(scale)) + ABSOLUTE
    with np.errstate(invalid="ignore"):
        off = ~((np.abs(one - other) <= bound) | (np.isnan(one) & np.isnan(other)))
    if np.any(off):
        at = int(np.argmax(off))
        yield f"{name}: {one.ravel()[at]} where {other.ravel()[at]} is due"
