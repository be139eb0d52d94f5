"""Where an enterprise would go, as an answer to a request."""

import polars as pl
import polars.selectors as cs

from yanzhen.api.models import RankedSite
from yanzhen.api.problem_details import Refusal
from yanzhen.market.plan.destinations import Enterprise, NoSuchSeat, NotInMarket, destinations
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Prices


def ranking(formulation: Formulation, prices: Prices, asked: Enterprise) -> pl.DataFrame:
    """Rank every site for an enterprise; see `yanzhen.market.plan.destinations`.

    Raises
    ------
    Refusal
        404 where no enterprise of the industry has its seat in the origin, 422 where a need is of
        no limited resource.
    """
    try:
        return destinations(formulation, prices, asked)
    except NotInMarket as unknown:
        status = 404 if isinstance(unknown, NoSuchSeat) else 422
        raise Refusal(status, unknown.text("en"), unknown.text("zh")) from None


def as_rows(ranked: pl.DataFrame) -> bytes:
    """Return a ranking as JSON, what `RankedSite` declares first; what is no number is null.

    Thousands of sites are written by Polars: one object of Python for each takes ten times as long.
    """
    declared = list(RankedSite.model_fields)
    numbers = ranked.with_columns(pl.when(cs.float().is_finite()).then(cs.float()))
    return numbers.select(*declared, pl.exclude(declared)).write_json().encode()
