"""A contract of one pair of a study appraised: gains, shares, division, break-even, sensitivity.

Amounts in the study's money, expected and discounted to the first year of the contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.market.clearing import Clearing, clear
from yanzhen.market.formulation import MOVE_TERMS, Formulation
from yanzhen.modes.coconstruction.bargaining import nash_division, nash_share
from yanzhen.modes.coconstruction.coalitions import has_third_party, shapley_division
from yanzhen.modes.coconstruction.contradictions import require
from yanzhen.modes.coconstruction.counterfactual import TOLERANCE
from yanzhen.modes.coconstruction.family import Family, family_of
from yanzhen.modes.coconstruction.gains import Case, Gains, gains
from yanzhen.modes.coconstruction.ledger import HOME, HOST, settle
from yanzhen.modes.coconstruction.market_pairs import Drawn, drawn_by, pair_case
from yanzhen.modes.coconstruction.share_curve import GainInterval, gain_curve, gain_interval
from yanzhen.modes.coconstruction.terms import STATISTICS, Terms
from yanzhen.study import Problem, Study

CURVE_STEPS = 100
VARIED = (
    "sigma",
    "local_tax_share",
    "contract_payoff",
    "contract_outlay",
    "contract_host_cost",
    "home_discount_rate",
    "host_discount_rate",
)
"""Parameters of which the sensitivity is shown, where they have an interval."""


@dataclass(frozen=True)
class Appraisal:
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
    projects : industry, output, arriving, without, probability_without, probability_with,
        diversion, eligible: of each industry, output a year at the home; what arrives with and
        without the contract
    parts : party, part, amount
    yearly : year, party, gain, cumulated
    statistics : party, output: of what arrives, when all has arrived; who counts it
    share : named share that the curve is over; empty where the terms have none
    curve : share, home, host, joint, third
    interval : shares for which neither party loses
    nash_share : share that Nash's bargain with the weight comes to without side payments, or None
    home_weight : of the home in the bargain
    division : rule (contract, nash, shapley), party, amount, transfer (what the party is paid
        beyond what the contract gives it)
    sensitivity : assumption, low, high, home_low, home_high, host_low, host_high
    parameters : the parameters used
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
    projects: pl.DataFrame
    parts: pl.DataFrame
    yearly: pl.DataFrame
    statistics: pl.DataFrame
    share: str
    curve: pl.DataFrame
    interval: GainInterval
    nash_share: float | None
    home_weight: float
    division: pl.DataFrame
    sensitivity: pl.DataFrame
    parameters: pl.DataFrame


@dataclass(frozen=True)
class Offer:
    """A contract put to one pair of a study's market.

    Attributes
    ----------
    study, formulation, clearing : the study, and its market without any contract
    parameters : the parameters used
    contract : what it is called
    home, host : region of origin and site
    industries : which it covers; empty for all
    terms : of the contract
    scheme : what the terms are called
    start_year : first year
    exit_notice : year in which a party gives notice
    """

    study: Study
    formulation: Formulation
    clearing: Clearing
    parameters: pl.DataFrame
    contract: str
    home: str
    host: str
    industries: tuple[str, ...]
    terms: Terms
    scheme: str
    start_year: int
    exit_notice: int | None = None


def appraise(offer: Offer, home_weight: float = 0.5, share: str = "") -> Appraisal:
    """Appraise a contract by the counterfactual of the study's market.

    Parameters
    ----------
    home_weight : bargaining weight of the home, between 0 and 1
    share : as in `share_curve.with_home_share`; without it all periods

    Raises
    ------
    ContractError
        When the terms cannot be settled on what moves, or no enterprise may move there.
    StudyError
        When the study doesn't say what an industry pays in taxes.
    """
    values = dict(offer.parameters.select("parameter", "value").iter_rows())
    family, drawn, case = _case(offer, values, offer.formulation, offer.clearing)
    found = gains(case)
    money = 1.0 / family.fen
    share = share or "all periods"
    curve = gain_curve(case, share, CURVE_STEPS)
    return Appraisal(
        study=offer.study,
        home=offer.home,
        host=offer.host,
        industries=offer.industries,
        scheme=offer.scheme,
        terms=offer.terms,
        start_year=offer.start_year,
        years=family.years,
        home_gain=found.home * money,
        host_gain=found.host * money,
        third_gain=found.third * money,
        enterprise_gain=_enterprise_gain(offer, family, drawn, values["annualisation_rate"]),
        break_even=found.break_even,
        projects=_projects(offer, drawn, case),
        parts=found.parts.with_columns(pl.col("amount") * money),
        yearly=_yearly(found, money),
        statistics=_statistics(case, money),
        share=share,
        curve=curve.with_columns(pl.exclude("share") * money),
        interval=gain_interval(case, share),
        nash_share=nash_share(curve, home_weight),
        home_weight=home_weight,
        division=_division(case, found, home_weight, money),
        sensitivity=_sensitivity(offer, values),
        parameters=offer.parameters,
    )


def _case(
    offer: Offer, values: dict[str, float], formulation: Formulation, clearing: Clearing
) -> tuple[Family, Drawn, Case]:
    family = family_of(offer.study, formulation, offer.terms, values, offer.start_year)
    drawn = drawn_by(formulation, clearing, family, offer.home, offer.host, offer.industries)
    require(_impossible(offer, drawn))
    case = pair_case(formulation, family, drawn, offer.home, offer.host, offer.exit_notice)
    return family, drawn, case


def _impossible(offer: Offer, drawn: Drawn) -> list[Problem]:
    found = []
    if offer.terms.equity is not None:
        found.append(
            Problem.at(
                offer.scheme,
                "terms",
                None,
                "equity",
                ("a joint company, whose profit no study holds", "合资公司，研究中没有其利润"),
                (
                    "a split of tax; dividends are settled on projects with their profit",
                    "税收分成；分红请用项目表（含利润）结算",
                ),
            )
        )
    if not drawn.blocks.size:
        listed = ", ".join(offer.industries)
        found.append(
            Problem.at(
                offer.study.path,
                "",
                None,
                "home,host,industry",
                (
                    f"nobody from {offer.home} who may go to {offer.host} {listed}".rstrip(),
                    f"{offer.home} 没有可以前往 {offer.host} 的企业 {listed}".rstrip(),
                ),
                (
                    "a home, another host, and an industry admitted there",
                    "可准入的迁出地、承接地与行业",
                ),
            )
        )
    return found


def _enterprise_gain(offer: Offer, family: Family, drawn: Drawn, rate: float) -> float:
    yearly = float(offer.formulation.market.mass[drawn.blocks] @ drawn.surplus)
    return yearly * float(family.moved() @ (1 + rate) ** -np.arange(family.years))


def _projects(offer: Offer, drawn: Drawn, case: Case) -> pl.DataFrame:
    """What each industry of the home has, and sends with and without the contract."""
    mass = offer.formulation.market.mass[drawn.blocks]
    rows = pl.DataFrame(
        {
            "industry": case.projects.name,
            "output": mass,
            "arriving": mass * drawn.with_contract,
            "without": mass * drawn.without,
            "from_staying": mass * drawn.from_staying,
            "eligible": settle([case.contract], case.projects).eligible,
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
        probability_without=pl.col("without") / pl.col("output"),
        probability_with=pl.col("arriving") / pl.col("output"),
        diversion=pl.when(gained > 0).then(pl.col("from_staying") / gained),
        eligible="eligible",
    ).sort("arriving", "industry", descending=[True, False])


def _yearly(found: Gains, money: float) -> pl.DataFrame:
    long = found.yearly.unpivot(
        ["home", "host", "third"], index="year", variable_name="party", value_name="gain"
    )
    return long.with_columns(
        pl.col("gain") * money, cumulated=pl.col("gain").cum_sum().over("party") * money
    )


def _statistics(case: Case, money: float) -> pl.DataFrame:
    """Who counts the output of what arrives, in the first year in which all has arrived."""
    counted = settle([case.contract], case.projects).statistics[STATISTICS.index("output")]
    whole = counted.sum(axis=1)
    year = int(np.argmax(whole.sum(axis=0)))
    return pl.DataFrame(
        {"party": ["home", "host"], "output": [whole[s, year] * money for s in (HOME, HOST)]}
    )


def _division(case: Case, found: Gains, home_weight: float, money: float) -> pl.DataFrame:
    """What each party has by the contract, by Nash's and by Shapley's division."""
    third = has_third_party(case.contract.terms)
    own = {"home": found.home, "host": found.host} | ({"third": found.third} if third else {})
    whole = sum(own.values())
    rules = {"contract": own}
    if whole >= 0:
        weights = {"home": home_weight, "host": 1 - home_weight} | ({"third": 0.0} if third else {})
        rules["nash"] = nash_division(whole, weights)
    rules["shapley"] = shapley_division(case)
    rows = [
        (rule, party, amount * money, (amount - own[party]) * money)
        for rule, amounts in rules.items()
        for party, amount in amounts.items()
    ]
    return pl.DataFrame(rows, schema=["rule", "party", "amount", "transfer"], orient="row")


def _sensitivity(offer: Offer, values: dict[str, float]) -> pl.DataFrame:
    """Gains with one assumption at a time at the ends of its interval, the market cleared again."""
    rows = []
    for name, low, high in offer.parameters.select("parameter", "low", "high").iter_rows():
        if name in VARIED and low is not None and high is not None and low < high:
            at = [_gains_at(offer, values | {name: value}) for value in (low, high)]
            rows.append((name, low, high, at[0][0], at[1][0], at[0][1], at[1][1]))
    columns = ["assumption", "low", "high", "home_low", "home_high", "host_low", "host_high"]
    schema = {name: pl.Float64 if k else pl.String for k, name in enumerate(columns)}
    swing = (pl.col("home_high") - pl.col("home_low")).abs() + (
        pl.col("host_high") - pl.col("host_low")
    ).abs()
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.sort(swing, descending=True, maintain_order=True)


def _gains_at(offer: Offer, values: dict[str, float]) -> tuple[float, float]:
    formulation, clearing = offer.formulation, offer.clearing
    if values["sigma"] != formulation.market.sigma:
        formulation = with_sigma(formulation, values["sigma"])
        clearing = clear(formulation.market, TOLERANCE)
    family, _, case = _case(offer, values, formulation, clearing)
    found = gains(case)
    return found.home / family.fen, found.host / family.fen


def with_sigma(formulation: Formulation, sigma: float) -> Formulation:
    """The market of other tastes: their scale, and with it the worth of a site's size."""
    market = formulation.market
    factor = sigma / market.sigma - 1
    size = formulation.move_terms[MOVE_TERMS.index("site_size")]
    regions, sites = size.shape
    base = market.base.reshape(regions, -1, sites) + factor * size[:, None, :]
    return replace(formulation, market=replace(market, sigma=sigma, base=base.reshape(-1, sites)))
