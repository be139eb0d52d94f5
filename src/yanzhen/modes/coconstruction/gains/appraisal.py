"""A contract of one pair of a study appraised: gains, shares, division, break-even, sensitivity.

Amounts in the study's money, expected and discounted to the first year of the contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.modes.coconstruction.contract.terms import STATISTICS, Terms
from yanzhen.modes.coconstruction.gains.bargaining import nash_division
from yanzhen.modes.coconstruction.gains.coalitions import shapley_division
from yanzhen.modes.coconstruction.gains.gains import (
    GAIN_PARTS,
    SENSITIVITY,
    Case,
    Gains,
    gains,
    ranked_by_swing,
)
from yanzhen.modes.coconstruction.gains.nash_share import NashShare, nash_share
from yanzhen.modes.coconstruction.gains.pair_gains import InducedMoves
from yanzhen.modes.coconstruction.gains.prospect import (
    Prospect,
    SettledCase,
    prospect_of,
    settled_case,
)
from yanzhen.modes.coconstruction.gains.sensitivity import sensitivity_of
from yanzhen.modes.coconstruction.gains.share_curve import (
    CURVE,
    GainInterval,
    gain_curve,
    gain_interval,
)
from yanzhen.modes.coconstruction.settlement.agreements import Agreement
from yanzhen.modes.coconstruction.settlement.ledger import Ledger
from yanzhen.modes.coconstruction.settlement.term_arrays import eligible
from yanzhen.modes.coconstruction.settlement.yearly_sharing import HOME, HOST
from yanzhen.study import Study
from yanzhen.study.ratios import ratio_column, without_rounding
from yanzhen.study.result_columns import PARAMETERS, columns
from yanzhen.study.short_repr import ShortRepr

CURVE_STEPS = 100
PROJECTS = columns(
    "industry output arriving without probability_without probability_with diversion eligible"
)
"""`output` is a year's at the home; `arriving` with the contract, `without` it."""
YEARLY = columns("year party gain cumulated", gain="money")
COUNTED = columns("party output")
"""Of what arrives, when all has arrived; who counts it."""
DIVISION = columns("rule party amount transfer", rule="text")
"""`rule` is contract, nash or shapley; `transfer` is paid beyond what the contract gives."""


@dataclass(frozen=True, repr=False)
class Appraisal(ShortRepr):
    """What a contract is worth to home and host.

    Attributes
    ----------
    study : the study
    home, host, industries : region, site, and which industries it covers, empty for all
    scheme : name of the scheme or file that the terms are of
    terms : as they were agreed
    start_year, years : first year and horizon
    home_gain, host_gain, third_gain : of each party
    enterprise_gain : of the enterprises that the contract covers, at the rate at which one-off
        amounts are spread; no part of what the parties divide
    break_even : first year from which a party's cumulated gain stays at zero or above, by party
    share : named share that the curve is over; empty where the terms have none
    interval : shares for which neither party loses
    nash : share that Nash's bargain with the weight comes to without side payments, or why none
    home_weight : of the home in the bargain
    """

    study: Study
    home: str
    host: str
    industries: tuple[str, ...]
    scheme: str
    terms: Terms
    start_year: int
    years: int
    home_gain: float
    host_gain: float
    third_gain: float
    enterprise_gain: float
    break_even: Mapping[str, int | None]
    projects: Annotated[pl.DataFrame, PROJECTS]
    parts: Annotated[pl.DataFrame, GAIN_PARTS]
    yearly: Annotated[pl.DataFrame, YEARLY]
    statistics: Annotated[pl.DataFrame, COUNTED]
    share: str
    curve: Annotated[pl.DataFrame, CURVE]
    interval: GainInterval
    nash: NashShare
    home_weight: float
    division: Annotated[pl.DataFrame, DIVISION]
    sensitivity: Annotated[pl.DataFrame, SENSITIVITY]
    parameters: Annotated[pl.DataFrame, PARAMETERS]


def appraise(
    cleared: ClearedStudy, agreement: Agreement, home_weight: float = 0.5, share: str = ""
) -> Appraisal:
    """Appraise a contract by the counterfactual of the study's market.

    Parameters
    ----------
    cleared : the market without any contract
    home_weight : bargaining weight of the home, between 0 and 1
    share : as in `term_values.with_home_share`; without it all periods

    Raises
    ------
    ContractError
        When the terms cannot be settled on what moves, or no enterprise may move there.
    StudyError
        When the study doesn't say what an industry pays in taxes.
    """
    prospect = prospect_of(cleared, agreement)
    appraisal = appraise_terms(cleared, agreement, prospect, home_weight, share)
    return replace(appraisal, sensitivity=sensitivity_of(cleared, agreement))


def appraise_terms(
    cleared: ClearedStudy,
    agreement: Agreement,
    prospect: Prospect,
    home_weight: float = 0.5,
    share: str = "",
    settled: SettledCase | None = None,
) -> Appraisal:
    """Appraise a contract where it is known what the market sends under it.

    The same as `appraise`, without its sensitivity; nothing is cleared again.

    Parameters
    ----------
    prospect : `prospect_of` the agreement
    cleared, home_weight, share : as in `appraise`
    settled : `settled_case` of the agreement, where that is done
    """
    settled = settled or settled_case(cleared, agreement, prospect)
    contract, case = agreement.contract, settled.case
    whole = gains(case, settled.ledger)
    money = 1.0 / prospect.offer.fen
    share = share or ("equity" if contract.terms.equity is not None else "all periods")
    curve = gain_curve(case, share, CURVE_STEPS)
    interval = gain_interval(case, share, curve=curve)
    return Appraisal(
        study=cleared.inputs.study,
        home=contract.home,
        host=contract.host,
        industries=agreement.industries,
        scheme=agreement.scheme,
        terms=contract.terms,
        start_year=contract.start_year,
        years=prospect.offer.years,
        home_gain=whole.home * money,
        host_gain=whole.host * money,
        third_gain=whole.third * money,
        enterprise_gain=_enterprise_gain(cleared, prospect),
        break_even=whole.break_even,
        projects=_projects(cleared, prospect.moves, case),
        parts=whole.parts.with_columns(pl.col("amount") * money),
        yearly=_yearly(whole, money),
        statistics=_statistics(settled.ledger, money),
        share=share,
        curve=curve.with_columns(pl.exclude("share") * money),
        interval=interval,
        nash=nash_share(case, share, interval, home_weight),
        home_weight=home_weight,
        division=_division(case, whole, home_weight, money),
        sensitivity=ranked_by_swing([]),
        parameters=cleared.inputs.parameters,
    )


def _enterprise_gain(cleared: ClearedStudy, prospect: Prospect) -> float:
    offer, moves = prospect.offer, prospect.moves
    rate = cleared.inputs.values["annualisation_rate"]
    yearly = float(cleared.formulation.market.mass[moves.blocks] @ moves.surplus)
    return yearly * float(offer.moved() @ (1 + rate) ** -np.arange(offer.years))


def _projects(cleared: ClearedStudy, moves: InducedMoves, case: Case) -> pl.DataFrame:
    """What each industry of the home has, and sends with and without the contract."""
    mass = cleared.formulation.market.mass[moves.blocks]
    rows = pl.DataFrame(
        {
            "industry": case.projects.name,
            "output": mass,
            "arriving": mass * moves.with_contract,
            "without": mass * moves.without,
            "from_staying": mass * moves.from_staying,
            "eligible": eligible([case.contract], case.projects),
        }
    )
    summed = rows.group_by("industry", maintain_order=True).agg(
        pl.col("output", "arriving", "without", "from_staying").sum(), pl.col("eligible").all()
    )
    gained = pl.col("arriving") - pl.col("without")
    return summed.select(
        "industry",
        "output",
        "arriving",
        "without",
        probability_without=ratio_column(pl.col("without"), pl.col("output")),
        probability_with=ratio_column(pl.col("arriving"), pl.col("output")),
        diversion=ratio_column(pl.col("from_staying"), gained, pl.col("arriving"), NOTHING),
        eligible="eligible",
    ).sort("arriving", "industry", descending=[True, False])


def _yearly(whole: Gains, money: float) -> pl.DataFrame:
    long = whole.yearly.unpivot(
        ["home", "host", "third"], index="year", variable_name="party", value_name="gain"
    )
    return long.with_columns(
        pl.col("gain") * money, cumulated=pl.col("gain").cum_sum().over("party") * money
    )


def _statistics(ledger: Ledger, money: float) -> pl.DataFrame:
    """Who counts the output of what arrives, in the first year in which all has arrived."""
    counted = ledger.statistics[STATISTICS.index("output")]
    whole = counted.sum(axis=1)
    year = int(np.argmax(whole.sum(axis=0)))
    parties = (("home", HOME), ("host", HOST))
    return COUNTED.frame((name, whole[side, year] * money) for name, side in parties)


def _division(case: Case, whole: Gains, home_weight: float, money: float) -> pl.DataFrame:
    """What each party has by the contract, by Nash's and by Shapley's division."""
    third = case.contract.terms.has_third_party
    own = {"home": whole.home, "host": whole.host} | ({"third": whole.third} if third else {})
    joint = sum(own.values())
    rules = {"contract": own}
    if joint >= 0:
        weights = {"home": home_weight, "host": 1 - home_weight} | ({"third": 0.0} if third else {})
        rules["nash"] = nash_division(joint, weights)
    rules["shapley"] = shapley_division(case, whole)
    size = sum(abs(amount) for amount in own.values())
    rows = [
        (
            rule,
            party,
            without_rounding(amount, size) * money,
            without_rounding(amount - own[party], size) * money,
        )
        for rule, amounts in rules.items()
        for party, amount in amounts.items()
    ]
    return DIVISION.frame(rows)
