"""What is worth a look in prices of factors: what they can't act on, and whom they leave out."""

import polars as pl

from yanzhen.accounts.completion import filled, national_totals
from yanzhen.accounts.panel import output_panel
from yanzhen.accounts.years import nearest_year
from yanzhen.advantage.attraction import costs_of
from yanzhen.advantage.factor_costs import (
    NEEDS_OF,
    TERM_OF,
    has_prices,
    land_is_priced,
    regions_by_price,
)
from yanzhen.advantage.words import message, words
from yanzhen.study import Problem, Study
from yanzhen.study.factor_units import LAND

MOST_NAMED = 10


def check_factor_costs(study: Study) -> tuple[Problem, ...]:
    """Warnings on prices of factors that act on nothing, or are known for some regions only."""
    panel = output_panel(study)
    if study.tables["factor_prices"].is_empty() or not panel.years:
        return ()
    costs = costs_of(study, panel, filled(panel.output, national_totals(panel))[:, :, -1])
    warnings = [
        _warning(study, "no_needs", factor=words(f"factor.{name}"), needs=needs)
        for name, needs in NEEDS_OF.items()
        if TERM_OF[name] in costs.not_evaluated["term"]
    ]
    for (name,), rows in regions_by_price(study, panel).group_by("factor", maintain_order=True):
        factor = words(f"factor.{name}")
        usual = nearest_year(rows["year"].drop_nulls(), panel.base_year)
        without = rows.filter(pl.col("year").is_null())
        older = rows.filter(pl.col("year") != usual)
        for key, regions in (("without_price", without), ("price_of_other_year", older)):
            if regions.height:
                listed = _listed(regions, with_year=regions is older)
                values = {"factor": factor, "count": regions.height, "listed": listed}
                warnings.append(_warning(study, key, **values, usual=usual))
    if land_is_priced(study) and has_prices(study, LAND):
        warnings.append(_warning(study, "land_priced_twice"))
    return tuple(warnings)


def _listed(rows: pl.DataFrame, with_year: bool = False) -> str:
    named = [f"{region} ({year})" if with_year else region for _, region, year in rows.iter_rows()]
    return ", ".join(named[:MOST_NAMED]) + (" …" if len(named) > MOST_NAMED else "")


def _warning(study: Study, key: str, **values: object) -> Problem:
    said = message(key, **values)
    return Problem.at(study.path, "factor_prices", None, "price", *said).as_warning()
