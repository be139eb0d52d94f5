"""Which projects are at risk now, and how much each covariate adds to that."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Booleans
from yanzhen.goals.hazards import CoxFit, Design, placed
from yanzhen.goals.projects import ENDS
from yanzhen.study.result_columns import columns

BAD = ("ended", "moved_away", "closed")
"""Events that projects are at risk of."""
CHARACTERISTICS = ("capital", "class", "macro_region")
"""What terms of a hazard are about: the terms of classes are one characteristic together."""
SURE = 0.05
"""Projects are put in no order where the p-value of the model is this or more."""
AT_RISK = columns(
    "cause project region industry owner state since days relative_hazard "
    "by_capital by_class by_macro_region",
    cause="term", project="text", owner="text", state="term", since="text", days="count",
    relative_hazard="index", by_capital="index", by_class="index", by_macro_region="index",
)  # fmt: skip
"""Open projects by their hazard of an event over that of an average open project. It is the product
of the three factors beside it; a factor is null where its terms are in no model. `days` are since
signing, or since production began."""


def at_risk(
    projects: pl.DataFrame,
    of: Design,
    kept: list[int],
    fit: CoxFit,
    event: tuple[str, str],
    last_day: str,
) -> pl.DataFrame:
    """Order the projects open to an event by its hazard, split by characteristic.

    With the mean x̄ over these projects, the hazard over that of an average one is
    exp((x − x̄) · β) = Π_g exp(Σ_{t ∈ g} (x_t − x̄_t) β_t), g the characteristics.

    Parameters
    ----------
    kept : positions in `of` of the terms of the model
    event : origin and cause, as in `ORIGINS`
    last_day : until which projects are known
    """
    origin, cause = event
    produced = pl.min_horizontal("in_production", "at_capacity")
    began = pl.col("signed") if origin == "signed" else produced
    ended = pl.col("state").is_in(ENDS)
    past = produced.is_not_null() if origin == "signed" else pl.lit(False)
    still = projects.filter(began.is_not_null() & ~past & ~ended)
    values = placed(of, still["project"])[:, kept]
    known: Booleans = np.asarray(np.isfinite(values).all(axis=1))
    still, values = still.filter(pl.Series(known)), values[known]
    if still.is_empty():
        return AT_RISK.frame()
    parts = (values - values.mean(axis=0)) * fit.coefficients
    about = [of.terms[at].partition(" ")[0] for at in kept]
    factors = {}
    for name in CHARACTERISTICS:
        own = [at for at, each in enumerate(about) if each == name]
        factor = pl.Series(np.exp(parts[:, own].sum(axis=1))) if own else pl.lit(None, pl.Float64)
        factors[f"by_{name}"] = factor
    day = "%Y-%m-%d"
    made = still.with_columns(
        cause=pl.lit(cause),
        days=(pl.lit(last_day).str.to_date(day) - began.str.to_date(day)).dt.total_days(),
        relative_hazard=pl.Series(np.exp(parts.sum(axis=1))),
        **factors,
    )
    return made.sort("relative_hazard", "project", descending=[True, False]).select(*AT_RISK)
