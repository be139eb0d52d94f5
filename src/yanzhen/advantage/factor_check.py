"""What is worth a look in prices of factors: what they can't act on, and whom they leave out."""

import polars as pl

from yanzhen.accounts.completion import filled, national_totals
from yanzhen.accounts.panel import output_panel
from yanzhen.accounts.study_table import nearest_year
from yanzhen.advantage.attraction import costs_of
from yanzhen.advantage.factor_costs import (
    NEEDS_OF,
    TERM_OF,
    has_prices,
    land_is_priced,
    regions_by_price,
)
from yanzhen.study import Problem, Study
from yanzhen.study.factor_units import LAND
from yanzhen.study.problem import Words

MOST_NAMED = 10
NAMES: dict[str, Words] = {
    "wage": ("wages", "工资"),
    "electricity": ("electricity", "电"),
    "land": ("land", "土地"),
}


def check_factor_costs(study: Study) -> tuple[Problem, ...]:
    """Warnings on prices of factors that act on nothing, or are known for some regions only."""
    panel = output_panel(study)
    if study.tables["factor_prices"].is_empty() or not panel.years:
        return ()
    costs = costs_of(study, panel, filled(panel.output, national_totals(panel))[:, :, -1])
    warnings = [
        _warning(
            study,
            (
                f"prices of {NAMES[name][0]}, and not how much of it any industry needs",
                f"有{NAMES[name][1]}的价格，但没有一个行业的用量",
            ),
            (f"{needs}; without it the prices act on nothing", f"填写 {needs}；否则价格不起作用"),
        )
        for name, needs in NEEDS_OF.items()
        if TERM_OF[name] in costs.not_evaluated["term"]
    ]
    for (name,), rows in regions_by_price(study, panel).group_by("factor", maintain_order=True):
        english, chinese = NAMES[str(name)]
        without = rows.filter(pl.col("year").is_null())
        if without.height:
            count, listed = without.height, _listed(without)
            found = (
                f"no price of {english} for these regions ({count}): {listed}",
                f"{count} 个地区没有{chinese}的价格：{listed}",
            )
            warnings.append(_warning(study, found, _MEAN))
        usual = nearest_year(rows["year"].drop_nulls(), panel.base_year)
        older = rows.filter(pl.col("year") != usual)
        if older.height:
            count, listed = older.height, _listed(older, with_year=True)
            found = (
                f"prices of {english} of other years than {usual} ({count}): {listed}",
                f"{count} 个地区{chinese}的价格不是 {usual} 年的：{listed}",
            )
            warnings.append(_warning(study, found, _ONE_YEAR))
    if land_is_priced(study) and has_prices(study, LAND):
        warnings.append(_warning(study, _TWICE, _ONCE))
    return tuple(warnings)


def _listed(rows: pl.DataFrame, with_year: bool = False) -> str:
    named = [f"{region} ({year})" if with_year else region for _, region, year in rows.iter_rows()]
    return ", ".join(named[:MOST_NAMED]) + (" …" if len(named) > MOST_NAMED else "")


def _warning(study: Study, found: Words, expected: Words) -> Problem:
    return Problem.at(study.path, "factor_prices", None, "price", found, expected).as_warning()


_MEAN: Words = (
    "a price for every region; one without takes the industry's mean, so that it neither gains nor "
    "loses",
    "各地区都有价格；没有的按行业平均计，既不加分也不减分",
)
_ONE_YEAR: Words = (
    "prices of one year; each region's nearest year counts as it is",
    "同一年份的价格；目前各地区按其最近年份的价格原样计入",
)
_TWICE: Words = (
    "prices of land here and in resources.posted_price",
    "本表与 resources.posted_price 都有地价",
)
_ONCE: Words = (
    "one of the two; where both are given that of resources counts",
    "只填其一；两处都有时以 resources 为准",
)
