"""Make the priors of entry and exit from the panel of United States commuting zones.

Usage: python scripts/make_event_priors.py PANEL.parquet [FILE.json]

The panel is cut into small ones, 30 zones by 38 industries each, in the order of their codes, so
that neighbouring zones and kindred industries stay together. In each, location quotients,
covariates and events are made anew as if it were a country, and a logit is fitted. The prior is
the mean of the coefficients, and their covariance over the panels less the mean of what sampling
alone gives (DerSimonian and Laird 1986), its eigenvalues at least `SMALLEST`.
"""

import json
import sys
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from yanzhen.accounts.panel import Floats
from yanzhen.advantage.entry import entry
from yanzhen.advantage.specialisation import location_quotient
from yanzhen.history.covariates import covariates
from yanzhen.history.logit import maximum_posterior
from yanzhen.history.prior import COVARIATES, EVENTS, FILE, Event, candidates, normal_scores
from yanzhen.history.record import read_record

ZONES, INDUSTRIES = 30, 38
FEWEST = 10
"""Events, and non-events, below which a panel is left out."""
PENALTY = 1.0
"""Prior precision of the coefficients of one panel, so that none runs away."""
SMALLEST = 1e-3
DIGITS = 6
TARGET = Path(__file__).parents[1] / "src/yanzhen/history" / FILE
SOURCE_EN = (
    "722 commuting zones of the United States, 228 industries, employment 1980 and 1990, from "
    "census microdata (bartik-weight, MIT licence)"
)
SOURCE_ZH = (
    "美国722个通勤区、228个行业1980与1990年就业，来自人口普查微观数据（bartik-weight，MIT许可）"
)


def coefficients(start: Floats, end: Floats, event: Event) -> tuple[Floats, Floats] | None:
    """Coefficients of one small panel and their covariance; None where too little happened."""
    described = covariates(start)
    found = entry(described.quotient, location_quotient(end))
    could, did = (
        (found.could_enter, found.entered) if event == "entry" else (found.could_leave, found.left)
    )
    y = did[could]
    if min(y.sum(), (~y).sum()) < FEWEST:
        return None
    values = np.stack([described.named(name) for name in COVARIATES], axis=2)
    z = normal_scores(values, candidates(described.quotient, event))[could]
    design = np.column_stack([np.ones(len(z)), z])
    precision = np.diag([1e-3, *[PENALTY] * len(COVARIATES)])
    b = maximum_posterior(design, y.astype(float), np.zeros(design.shape[1]), precision)
    p = 1 / (1 + np.exp(-design @ b))
    hessian = (design * (p * (1 - p))[:, None]).T @ design + precision
    return b, np.linalg.inv(hessian)


def between(found: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Mean over the panels, and covariance between them beyond that of sampling."""
    each = np.array([b for b, _ in found])
    beyond = np.cov(each.T) - np.mean([spread for _, spread in found], axis=0)
    values, vectors = np.linalg.eigh(beyond)
    return each.mean(axis=0), (vectors * np.maximum(values, SMALLEST)) @ vectors.T


def main() -> None:
    panel = read_record(sys.argv[1])
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else TARGET
    first, last = panel.years[0], panel.years[-1]
    n, s = len(panel.regions), len(panel.industries)
    cuts = [
        np.ix_(rows, columns)
        for rows in np.array_split(np.arange(n), n // ZONES)
        for columns in np.array_split(np.arange(s), s // INDUSTRIES)
    ]
    events = {}
    for event in EVENTS:
        each = [
            coefficients(panel.of_year(first)[cut], panel.of_year(last)[cut], event) for cut in cuts
        ]
        mean, covariance = between([found for found in each if found is not None])
        events[event] = {
            "panels": sum(found is not None for found in each),
            "mean": [round(float(x), DIGITS) for x in mean],
            "covariance": [[round(float(x), DIGITS) for x in row] for row in covariance],
        }
    held = {
        "source_zh": SOURCE_ZH,
        "source_en": SOURCE_EN,
        "made_by": "scripts/make_event_priors.py",
        "years": [first, last],
        "panels": len(cuts),
        "covariates": COVARIATES,
        "events": events,
        "regions": panel.regions,
        "industries": panel.industries,
    }
    target.write_text(json.dumps(held, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    # Threads of small products wait for one another.
    with threadpool_limits(1):
        main()
