"""What trade within a site is worth to those who move there together, from a study's accounts."""

from collections.abc import Sequence

import numpy as np

from yanzhen.accounts.input_output import allocation_coefficients, technical_coefficients
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.modes.chain.network.cohorts import Linkage
from yanzhen.modes.chain.network.multiregional_flows import SupplyWeb, supply_web
from yanzhen.modes.chain.network.supply_table import SupplyTable, supply_table

STRENGTH = 0.05
"""γ, an assumption: as much as the market's weight of supplier or market access."""


def study_linkage(inputs: StudyInputs, sites: Sequence[str], strength: float = STRENGTH) -> Linkage:
    """Return the linkage of a study at sites, by industries of its panel.

    Parameters
    ----------
    sites : region of each site

    Raises
    ------
    yanzhen.study.WantOfData
        When the study has no input-output table, its sizes are no money, or no region has an output
        in the panel's last year.
    yanzhen.study.StudyError
        When its table is none of an economy's.
    """
    advantage, decay = inputs.advantage, inputs.values["access_decay"]
    table = supply_table(inputs.study, inputs.panel, advantage.output, advantage.distance, decay)
    return linkage_of(table, supply_web(table.table), inputs.panel.industries, sites, strength)


def linkage_of(
    table: SupplyTable,
    web: SupplyWeb,
    industries: Sequence[str],
    sites: Sequence[str],
    strength: float,
) -> Linkage:
    """Return the coefficients of `market.externality`, and what each site's region has to spare.

    Of a region that is not in the table that is not known; no trade is then counted as new there.
    """
    nation = table.nation
    at = [nation.sectors.index(industry) for industry in industries]
    a = technical_coefficients(nation.domestic, nation.output)[np.ix_(at, at)]
    b = allocation_coefficients(nation.domestic, nation.output)[np.ix_(at, at)]
    columns = [web.sectors.index(industry) for industry in industries]
    left = np.maximum(web.output - web.purchases.sum(axis=2), 0.0)[:, columns]
    spare = np.full((len(sites), len(columns)), np.inf)
    for j, region in enumerate(sites):
        if region in web.regions:
            spare[j] = left[web.regions.index(region)]
    return Linkage(a, b.sum(axis=1), spare, strength)
