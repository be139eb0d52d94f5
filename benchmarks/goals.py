"""Recover known hazards from SYNTHETIC registers, and time a register of a whole country.

    python benchmarks/goals.py [--runs 500] [--projects 200000]

Each run draws a register of 400 projects with known exponential hazards in whole days, half of them
followed only from some day after signing, and counts whether the 95 % intervals hold the true
incidence after one, two and three years, and the true coefficient of capital (extra `survival`).
Then a register of a million transitions is written, read and checked as a study, and summarised.
"""

import argparse
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.study.small import INDUSTRIES, REGIONS, complete, small
from yanzhen.goals.hazards import NoLibrary, cox
from yanzhen.goals.incidence import Spells, aalen_johansen, interval
from yanzhen.goals.tracking import tracking
from yanzhen.study import read_study, write_study

PRODUCTION, ENDING, COEFFICIENT = 1 / 500, 1 / 900, 0.3
AFTER = (365.0, 730.0, 1095.0)
SIZE = 400


def truth(time: float) -> np.ndarray:
    """Incidence of either event by the end of a day, of hazards that last whole days."""
    both = PRODUCTION + ENDING
    # ⌈T⌉ of a competing exponential T: by the end of a whole day its continuous incidence.
    return np.array([PRODUCTION, ENDING]) / both * (1 - np.exp(-both * time))


def register(seed: int) -> Spells:
    """Draw spells; who ended before being followed is in no register."""
    generator = np.random.default_rng(seed)
    entry, end, cause = [np.zeros(0)], [np.zeros(0)], [np.zeros(0, dtype=np.int64)]
    while sum(part.size for part in end) < SIZE:
        count = 2 * SIZE
        times = generator.exponential(1 / np.array([PRODUCTION, ENDING]), (count, 2))
        first, which = times.min(axis=1), times.argmin(axis=1) + 1
        followed = np.where(generator.random(count) < 0.5, generator.integers(0, 200, count), 0)
        censored = generator.uniform(200, 2500, count)
        stop = np.ceil(np.minimum(first, censored))
        kept = stop > followed
        entry.append(followed[kept].astype(np.float64))
        end.append(stop[kept])
        cause.append(np.where(first <= censored, which, 0)[kept])
    parts = (np.concatenate(each)[:SIZE] for each in (entry, end, cause))
    return Spells(*parts)


def hazard_register(seed: int) -> tuple[Spells, np.ndarray]:
    """Draw spells whose end before production depends on one term."""
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(SIZE, 1))
    made = generator.exponential(1 / PRODUCTION, SIZE)
    ended = generator.exponential(1 / (ENDING * np.exp(COEFFICIENT * values[:, 0])))
    censored = generator.uniform(200, 2500, SIZE)
    first = np.minimum(np.minimum(made, ended), censored)
    cause = np.where(first == censored, 0, np.where(first == made, 1, 2))
    return Spells(np.zeros(SIZE), np.ceil(first), cause), values


def coverage(runs: int) -> None:
    """Print how often intervals hold the truth."""
    held = np.zeros((len(AFTER), 2))
    for seed in range(runs):
        found = aalen_johansen(register(seed), 2)
        for at, time_ in enumerate(AFTER):
            low, high = interval(*found.at(time_))
            held[at] += (low <= truth(time_)) & (truth(time_) <= high)
    for at, time_ in enumerate(AFTER):
        print(f"incidence after {time_:.0f} days held: {100 * held[at] / runs} %")
    try:
        inside = 0
        for seed in range(runs):
            spells, values = hazard_register(seed)
            fit = cox(spells, 2, values)
            assert fit is not None
            away = abs(fit.coefficients[0] - COEFFICIENT) / fit.covariance[0, 0] ** 0.5
            inside += away < 1.959964
        print(f"coefficient held: {100 * inside / runs:.1f} %")
    except NoLibrary:
        print("coefficient: the extra survival is not installed")


def whole_country(projects: int) -> None:
    """Time a register of five transitions a project."""
    generator = np.random.default_rng(1)
    events = ("signed", "funds", "started", "in_production", "closed")
    start = np.datetime64("2012-01-01")
    day = np.sort(generator.integers(0, 1500, projects))
    gaps = np.cumsum(generator.integers(1, 400, (projects, len(events))), axis=1)
    dates = start + (day[:, None] + gaps).ravel()
    blank = [None] * (len(events) - 1)
    frame = pl.DataFrame(
        {
            "project": np.repeat([f"P{n:06d}" for n in range(projects)], len(events)),
            "date": pl.Series(dates.astype("datetime64[D]")).cast(pl.Date).dt.to_string("%Y-%m-%d"),
            "event": list(events) * projects,
            "region": [x for r in generator.choice(REGIONS, projects) for x in (str(r), *blank)],
            "industry": [
                x for i in generator.choice(INDUSTRIES, projects) for x in (str(i), *blank)
            ],
            "amount": np.tile([1.0, 0.5, np.nan, np.nan, np.nan], projects),
        }
    ).with_columns(pl.col("amount").fill_nan(None), status=pl.lit("synthetic"))
    study = small()
    tables = {**study.tables, "transitions": complete("transitions", frame)}
    with tempfile.TemporaryDirectory() as folder:
        write_study(replace(study, tables=tables), Path(folder) / "study")
        began = time.perf_counter()
        read = read_study(str(Path(folder) / "study"))
        checked = time.perf_counter()
        found = tracking(read)
        done = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{frame.height:,} transitions of {found.projects.height:,} projects: read and checked in "
        f"{checked - began:.1f} s, summarised in {done - checked:.1f} s; peak {memory:,.0f} MiB"
    )
    print(dict(found.models.select("cause", "outcome").iter_rows()))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--runs", type=int, default=500)
    asked.add_argument("--projects", type=int, default=200_000)
    given = asked.parse_args()
    if given.runs:
        coverage(given.runs)
    if given.projects:
        whole_country(given.projects)
