"""The localities of a study as contestants: what a unit of arriving output is worth to them."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats, require_money
from yanzhen.accounts.study_table import has_table, national_table_of
from yanzhen.market.counterfactuals.counterfactual import at_constants
from yanzhen.market.counterfactuals.subsidy_competition import Contest
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Problem, Study, StudyError

OWN_RENTS = ("site", "locality")
"""Recipients whose rents count as the locality's own."""


def contest(base: ClearedStudy) -> Contest:
    """The contest among the regions of a study's sites, each region one locality.

    A unit of output is worth local_tax_share × its taxes + wage_weight × its wages.

    Raises
    ------
    StudyError
        When the study has neither taxes or wages of industries nor an input-output table.
    """
    at = at_constants(base).formulation
    regions = at.room.sites["region"]
    number = {region: k for k, region in enumerate(regions.unique().sort())}
    return Contest(
        market=at.market,
        owner=np.array([number[region] for region in regions], dtype=np.int32),
        worth=_worth(base.inputs, at),
        rent_share=np.isin(at.room.recipient, OWN_RENTS).astype(np.float64),
        public_funds_cost=base.inputs.values["public_funds_cost"],
    )


def _worth(inputs: StudyInputs, formulation: Formulation) -> Floats:
    """(I,) worth of a unit of each block's output to the locality where it arrives."""
    require_money(inputs.study)
    year = inputs.panel.base_year
    industries = tuple(formulation.blocks["industry"].unique().sort())
    taxes = taxes_per_output(inputs.study, year, industries)
    wages = _value_added(inputs.study, year, industries, "compensation")
    missing = [
        (name, industry)
        for name, found in (("taxes", taxes), ("compensation", wages))
        for industry in industries
        if industry not in found
    ]
    if missing:
        raise StudyError([_unknown(inputs.study, *one) for one in missing])
    worth = {
        industry: inputs.values["local_tax_share"] * taxes[industry]
        + inputs.values["wage_weight"] * wages[industry]
        for industry in industries
    }
    return np.array([worth[industry] for industry in formulation.blocks["industry"]])


def taxes_per_output(study: Study, year: int, industries: tuple[str, ...]) -> dict[str, float]:
    """Taxes per unit of output: of the cells that report both, otherwise of the national table.

    Each of the reported year that is nearest. An industry of which neither tells is not in the
    result.
    """
    taxed = study.tables["activity"].filter(pl.col("tax").is_not_null())
    apart = (pl.col("year") - year).abs()
    both = taxed.filter(
        apart == apart.min(),
        pl.col("output") > 0,
        pl.col("industry").is_in(industries),
    )
    reported = both.group_by("industry", maintain_order=True).agg(
        ratio=pl.col("tax").sum() / pl.col("output").sum()
    )
    return {
        **_value_added(study, year, industries, "taxes"),
        **dict(reported.select("industry", "ratio").iter_rows()),
    }


def _value_added(
    study: Study, year: int, industries: tuple[str, ...], item: str
) -> dict[str, float]:
    """A part of value added per unit of output in the national table nearest to a year."""
    if not has_table(study):
        return {}
    national = national_table_of(study, year)
    if item not in national.value_added_items:
        return {}
    part = national.value_added[national.value_added_items.index(item)]
    return {
        sector: float(part[k] / national.output[k])
        for k, sector in enumerate(national.sectors)
        if sector in industries and national.output[k] > 0
    }


def _unknown(study: Study, item: str, industry: str) -> Problem:
    return Problem(
        file=study.path,
        table="input_output",
        row=None,
        column="supplier",
        found=f"no {item} of industry '{industry}'",
        expected=f"a row of {item} in value added"
        + (", or activity.tax" if item == "taxes" else ""),
        found_zh=f"行业“{industry}”没有 {item}",
        expected_zh=f"增加值中的 {item} 一行" + ("，或 activity.tax" if item == "taxes" else ""),
    )
