"""SYNTHETIC transitions of projects, drawn from exponential hazards that are known."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from tests.study.small import INDUSTRIES, REGIONS, complete, small
from yanzhen.study import Study

FIRST_DAY, LAST_DAY = date(2012, 1, 1), date(2020, 12, 31)


@dataclass(frozen=True)
class Truth:
    """Hazards a day of production and of ending before it, and after production of leaving."""

    production: float = 1 / 500
    ending: float = 1 / 1500
    moving: float = 1 / 4000
    closing: float = 1 / 3000
    doubling: float = 0.0
    """What a doubling of capital adds to the logarithm of the hazard of ending before production"""


def transitions(count: int, seed: int, truth: Truth | None = None) -> pl.DataFrame:
    """Draw transitions of projects, in the order of their days; whole days, so that they tie."""
    of, generator = truth or Truth(), np.random.default_rng(seed)
    span = (LAST_DAY - FIRST_DAY).days
    signed = generator.integers(0, span, count)
    capital = np.round(np.exp(generator.normal(0.0, 1.0, count)), 3) + 0.001
    ending = of.ending * capital ** (of.doubling / np.log(2))
    produced = np.ceil(generator.exponential(1 / of.production, count))
    ended = np.ceil(generator.exponential(1 / ending))
    moved = np.ceil(generator.exponential(1 / of.moving, count))
    closed = np.ceil(generator.exponential(1 / of.closing, count))
    region = generator.choice(REGIONS, count)
    industry = generator.choice(INDUSTRIES, count)
    rows = []
    for n in range(count):
        code = f"SYNTHETIC-{n:05d}"
        row = (code, int(signed[n]), "signed", region[n], industry[n], "甲", capital[n])
        rows.append(row)
        if generator.random() < 0.5:
            rows.append((code, int(signed[n]) + 1, "funds", None, None, None, capital[n] / 2))
        if produced[n] < ended[n]:
            begun = int(signed[n] + produced[n])
            if produced[n] > 2:
                at = int(signed[n]) + int(produced[n]) // 2
                rows.append((code, at, "started", None, None, None, None))
            rows.append((code, begun, "in_production", None, None, None, None))
            left = int(begun + min(moved[n], closed[n]))
            event = "moved_away" if moved[n] < closed[n] else "closed"
            rows.append((code, left, event, None, None, None, None))
        else:
            rows.append((code, int(signed[n] + ended[n]), "closed", None, None, None, None))
    names = ["project", "day", "event", "region", "industry", "owner", "amount"]
    frame = pl.DataFrame(rows, schema=names, orient="row").filter(pl.col("day") <= span)
    days = {day: (FIRST_DAY + timedelta(days=day)).isoformat() for day in range(span + 1)}
    frame = frame.with_columns(
        date=pl.col("day").replace_strict(days, return_dtype=pl.String),
        status=pl.lit("synthetic"),
    )
    return complete("transitions", frame.sort("day", "project", maintain_order=True).drop("day"))


def tracked(count: int = 400, seed: int = 7, truth: Truth | None = None) -> Study:
    """Return the small SYNTHETIC study with projects."""
    study = small()
    return replace(study, tables={**study.tables, "transitions": transitions(count, seed, truth)})
