"""The economy of a study for the spatial model: its tables, and what they leave to assumptions.

A multi-regional input-output table gives trade, inputs and final uses as they stand. Otherwise the
panel's industries and one remainder make up each region (`production`), and who sells to whom comes
from sums that the table `trade` has, or from gravity (`regional_trade`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.accounts.indicators import indicator_of, indicators_of
from yanzhen.accounts.input_output import InputOutputTable
from yanzhen.accounts.panel import Floats
from yanzhen.accounts.study_table import study_table
from yanzhen.effects.production import REMAINDER, production
from yanzhen.effects.regional_trade import (
    FIT,
    distances_within,
    fit_table,
    regional_trade,
)
from yanzhen.effects.spatial.baseline import economy_of, without_negative_uses
from yanzhen.effects.spatial.economy import Accounts, Economy, no_tariff
from yanzhen.effects.spatial.equilibrium import with_deficits
from yanzhen.effects.spatial.faults import BALANCE
from yanzhen.effects.trade import FLOWS, flow_table
from yanzhen.effects.words import message
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.modes.chain.network.multiregional_flows import supply_web
from yanzhen.study import Problem, StudyError, WantOfData
from yanzhen.study.distances import distances


@dataclass(frozen=True)
class StudyEconomy:
    """An economy to ask what a plan does to it, and what it rests on.

    Attributes
    ----------
    economy : regions and industries, the last being the remainder where there is one
    people : (N,) NaN where not known
    labour_share : (N,) β, part of value added that is labour's
    domestic : (S,) part of the inputs of each product that the regions make
    basis : multiregional, trade or gravity
    flows : between regions and within them; estimated unless a multi-regional table gives them
    fit : of every industry
    assumptions : keys of what is assumed beside the parameters
    """

    economy: Economy
    people: Floats
    labour_share: Floats
    domestic: Floats
    basis: str
    flows: Annotated[pl.DataFrame, FLOWS]
    fit: Annotated[pl.DataFrame, FIT]
    assumptions: tuple[str, ...]


def study_economy(inputs: StudyInputs, values: Mapping[str, float]) -> StudyEconomy:
    """The economy of a study in its panel's last year.

    Parameters
    ----------
    values : of `yanzhen.effects.assumed`

    Raises
    ------
    WantOfData
        When the study has no input-output table, or no GDP of every region that goes beyond what
        its industries add.
    StudyError
        With everything that cannot be: shares beyond one, sales that do not match output, regions
        without figures, deficits larger than income.
    """
    regions, industries = inputs.panel.regions, (*inputs.panel.industries, REMAINDER)
    if not inputs.study.about.measured_by.is_money:
        words = message("not_money")
        raise WantOfData([Problem.at(inputs.study.path, "activity", None, "output", *words)])
    found = study_table(inputs.study, inputs.panel.base_year)
    if found.regions is not None:
        return _of_table(inputs, found.regions, values)
    made = production(inputs, found.nation)
    trade = regional_trade(inputs, made, values)
    accounts = Accounts(
        regions,
        industries,
        trade.trade,
        trade.trade.sum(axis=1).T,
        made.value_added_share,
        made.input_share,
        np.full(len(industries), values["effects_theta"]),
        no_tariff(len(regions), len(industries)),
        inputs.study.path,
    )
    labour, assumed = _labour_share(found.nation)
    return StudyEconomy(
        _cleared(economy_of(accounts)),
        _people(inputs, regions),
        np.full(len(regions), labour),
        made.domestic,
        trade.basis,
        trade.flows,
        trade.fit,
        (*made.assumptions, *trade.assumptions, *assumed),
    )


def _of_table(
    inputs: StudyInputs, table: InputOutputTable, values: Mapping[str, float]
) -> StudyEconomy:
    """The economy of a multi-regional table.

    Exports and errors are final uses where they are booked; imports from abroad count with value
    added. Where uses of stocks make sales negative there are none.
    """
    web = supply_web(table)
    lacking = sorted(set(inputs.panel.regions) - set(web.regions))
    if lacking:
        words = message("not_in_table", regions=(", ".join(lacking), "、".join(lacking)))
        raise StudyError(
            [Problem.at(inputs.study.path, "input_output", None, "supplier_region", *words)]
        )
    n, s = web.output.shape
    own = np.eye(n) * web.booked.T[:, :, None]
    trade = np.maximum(web.trade.transpose(0, 2, 1) + own, 0.0)
    accounts = Accounts(
        web.regions,
        web.sectors,
        trade,
        trade.sum(axis=1).T,
        1 - web.inputs.sum(axis=1),
        web.inputs,
        np.full(s, values["effects_theta"]),
        no_tariff(n, s),
        inputs.study.path,
    )
    between = distances(inputs.study.tables, web.regions).kilometres
    kilometres, _ = distances_within(between, values["effects_internal_distance"])
    fit = fit_table(
        web.sectors,
        ["multiregional"] * s,
        trade,
        kilometres,
        np.zeros(s, dtype=np.int64),
        np.zeros(s),
        None,
    )
    labour, assumed = _labour_share(table)
    abroad = ["imports_with_value_added"] if table.imported.any() else []
    booked = ["exports_where_made"] if web.booked.any() else []
    return StudyEconomy(
        _cleared(economy_of(accounts)),
        _people(inputs, web.regions),
        np.full(n, labour),
        np.ones(s),
        "multiregional",
        flow_table(web.regions, web.sectors, trade, table.status),
        fit,
        (*abroad, *booked, *assumed),
    )


def _cleared(economy: Economy) -> Economy:
    """The economy; cleared anew without final uses below zero where there are any."""
    if not (economy.final_share < -BALANCE).any():
        return economy
    return with_deficits(without_negative_uses(economy), economy.deficit)


def _people(inputs: StudyInputs, regions: tuple[str, ...]) -> Floats:
    """(N,) population of the panel's last year, NaN where not known."""
    known = indicators_of(inputs.study)
    return indicator_of(known, "population", regions, inputs.panel.base_year)


def _labour_share(table: InputOutputTable) -> tuple[float, list[str]]:
    """Compensation over value added of a table, one where it does not tell them apart."""
    items = dict(zip(table.value_added_items, table.value_added.sum(axis=1), strict=True))
    paid, added = items.get("compensation", 0.0), float(sum(items.values()))
    if 0 < paid < added and len(items) > 1:
        return float(paid / added), ["labour_share"]
    return 1.0, ["labour_share_one"]
