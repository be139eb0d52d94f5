"""How wrong one table for all is: provinces' own tables of 2007 beside the nation's, cut down.

    python benchmarks/quotients.py

Uses the embedded study `china-provinces`. The nation is the sum of its 30 provinces' tables. What
provinces buy of any origin is held against the nation's coefficients; what they buy from
themselves (`RegionalTables.own_share` of it, where the flows are known) against those coefficients
cut by location quotients (`accounts.regional`). Errors: Σ |ẑ − z| / Σ z and Σ (ẑ − z) / Σ z of the
flows, and the mean |m̂ − m| / m of the output multipliers, averaged over provinces by their flows.
Prints the tables of docs/en/explanation/chain.md.
"""

from collections.abc import Callable

import numpy as np

from yanzhen.accounts.input_output import Floats
from yanzhen.accounts.panel import Booleans
from yanzhen.accounts.regional import (
    Fit,
    cross_industry_quotient,
    fit,
    flegg_quotient,
    regional_coefficients,
    simple_quotient,
)
from yanzhen.accounts.regional_tables import RegionalTables, regional_tables
from yanzhen.study import read_study

YEAR = 2007
DELTAS = (0.1, 0.2, 0.3)
MOSTLY = 0.5
"""Share of its products of which a province's own share is known, at least."""
HEADING = (
    "| Coefficients | Flows missed (range) | Bias | Multipliers missed |\n| --- | --- | --- | --- |"
)
Estimate = Callable[[Floats, Floats], Floats]
"""Coefficients of a region from its output and the nation's."""


def tables() -> RegionalTables:
    found = regional_tables(read_study("china-provinces"), YEAR)
    assert found is not None and found.year == YEAR
    return found


def national(of: Floats, output: Floats) -> Floats:
    """(S, S) coefficients of the provinces' sum."""
    made = output.sum(axis=0)
    return np.divide(of.sum(axis=0), made, out=np.zeros(of.shape[1:]), where=made > 0)


def fits(of: Floats, known: RegionalTables, kept: Booleans, estimate: Estimate) -> list[Fit]:
    """Of every province whose flows are known: estimated flows beside its own."""
    nation = known.output.sum(axis=0)
    return [
        fit(estimate(known.output[n], nation) * known.output[n], of[n], known.output[n])
        for n in np.flatnonzero(kept)
    ]


def row(name: str, found: list[Fit], weight: Floats) -> str:
    """A line of the table: pooled error of flows, its range, bias, error of multipliers."""
    each = np.array([one.total_error for one in found])
    multiplier = np.array([one.multiplier_error for one in found])
    bias = np.array([one.bias for one in found])
    error, drift, off = (
        f"{round(float(np.average(values, weights=weight)), 2) + 0.0:.2f}".replace("-", "−")
        for values in (each, bias, multiplier)
    )
    return f"| {name} | {error} ({each.min():.2f} to {each.max():.2f}) | {drift} | {off} |"


def main() -> None:
    known = tables()
    a = national(known.purchases, known.output)
    bought = known.purchases.sum(axis=(1, 2))
    every = np.ones(len(known.regions), dtype=np.bool_)
    print(HEADING)
    print(row("the nation's", fits(known.purchases, known, every, lambda x, t: a), bought))
    share = np.nan_to_num(known.own_share, nan=0.0)
    sure = np.isfinite(known.own_share).mean(axis=1) > MOSTLY
    own = known.purchases * share[:, :, None]
    imported = known.imports.sum(axis=0) / known.used.sum(axis=0)
    domestic = a * np.clip(1 - imported, 0.0, 1.0)[:, None]
    ways: dict[str, Estimate] = {
        "the nation's, not cut": lambda x, t: domestic,
        "simple location quotient": lambda x, t: regional_coefficients(
            domestic, simple_quotient(x, t)
        ),
        "cross-industry quotient": lambda x, t: regional_coefficients(
            domestic, cross_industry_quotient(x, t)
        ),
    } | {
        f"Flegg's quotient, δ = {delta}": lambda x, t, delta=delta: regional_coefficients(
            domestic, flegg_quotient(x, t, delta)
        )
        for delta in DELTAS
    }
    unknown = [region for region, told in zip(known.regions, sure, strict=True) if not told]
    print(f"\n{sure.sum()} provinces; flows not known: {', '.join(unknown)}\n\n{HEADING}")
    for name, way in ways.items():
        print(row(name, fits(own, known, sure, way), own.sum(axis=(1, 2))[sure]))


if __name__ == "__main__":
    main()
