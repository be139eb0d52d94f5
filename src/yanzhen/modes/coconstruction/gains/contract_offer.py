"""One kind of contract offered to every pair, and what output that moves is worth to it."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats, require_money
from yanzhen.market.counterfactuals.localities import taxes_per_output
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.plan.schedule import yearly_shares
from yanzhen.market.problem.capacity import annuity
from yanzhen.market.problem.formulation import Formulation
from yanzhen.modes.coconstruction.contract.terms import Eligibility, Terms
from yanzhen.study import Problem, Study, WantOfData
from yanzhen.study.units import UNITS

MOST_NAMED = 5
"""Industries without taxes that a message names."""
COVERED = "covered"
"""Type of the projects that fulfil the conditions of a contract."""


@dataclass(frozen=True)
class ContractOffer:
    """One kind of contract offered to every pair, and what output that moves is worth to it.

    Money per unit of output a year, in the study's money on both sides.

    Attributes
    ----------
    terms : of every contract
    start_year, years : first year and horizon
    phase_in_years, phase_in_shape : how moves spread, as `market.schedule.yearly_shares`
    payoff_change : margin on output that the contract adds to an enterprise of the pair
    tax_kind : kind under which the tax is booked
    home_tax, host_tax : (I,) local tax, less subsidies on production, of a block where it is and
        at the host; below zero where the subsidies are the larger
    outlay : what the home spends on what moves, once, when it moves
    host_cost : what it costs the host, once, when it moves
    home_rate, host_rate, third_rate : discount rates
    fen : fen in one unit of the study's money
    """

    terms: Terms
    start_year: int
    years: int
    phase_in_years: int
    phase_in_shape: float
    payoff_change: float
    tax_kind: str
    home_tax: Floats
    host_tax: Floats
    outlay: float
    host_cost: float
    home_rate: float
    host_rate: float
    third_rate: float
    fen: int

    def of_terms(self, terms: Terms) -> "ContractOffer":
        """The same with other terms; tax is booked under the first of their kinds."""
        return replace(self, terms=terms, tax_kind=booked_under(terms))

    def arriving(self) -> Floats:
        """(T,) share of what moves that arrives in each year."""
        shares = np.zeros(max(self.years, self.phase_in_years))
        shares[: self.phase_in_years] = yearly_shares(self.phase_in_years, self.phase_in_shape)
        return shares[: self.years]

    def moved(self) -> Floats:
        """(T,) share of what moves that has arrived."""
        arrived: Floats = np.cumsum(self.arriving())
        return arrived

    def in_fen(self, amount: Floats, by_year: Floats) -> NDArray[np.int64]:
        """(N, T) amounts of the study's money, (N,), by year in fen."""
        fen: NDArray[np.int64] = np.rint(amount[:, None] * by_year * self.fen).astype(np.int64)
        return fen


def contract_offer(
    cleared: ClearedStudy, terms: Terms, start_year: int | None = None
) -> ContractOffer:
    """Offer terms to every pair of a study, with its taxes and parameters.

    A unit of output pays its industry's taxes per output times `local_tax_share` to the locality
    where it is, at home and host alike. Taxes are net of subsidies on production and keep their
    sign: a home that loses output whose subsidies are the larger saves them, the host that receives
    it pays them. The enterprise gains `contract_payoff`, what two places that work together save
    it, and what the home spends on it, `contract_outlay`, as a yearly sum.

    Parameters
    ----------
    terms : of every contract
    start_year : first year of the contracts; without it that of the plan

    Raises
    ------
    WantOfData
        When the study doesn't say what an industry pays in taxes.
    """
    inputs, parameters = cleared.inputs, cleared.inputs.values
    start_year = start_year or inputs.period[0]
    taxes = require_taxes(inputs.study, cleared.formulation, start_year)
    used = cleared.formulation.blocks["industry"]
    local = parameters["local_tax_share"] * np.array([taxes[industry] for industry in used])
    rate, years = parameters["annualisation_rate"], parameters["annualisation_years"]
    return ContractOffer(
        terms=terms,
        start_year=start_year,
        years=int(parameters["contract_years"]),
        phase_in_years=int(parameters["plan_years"]),
        phase_in_shape=parameters["phase_in_shape"],
        payoff_change=parameters["contract_payoff"]
        + parameters["contract_outlay"] * annuity(rate, years),
        tax_kind=booked_under(terms),
        home_tax=local,
        host_tax=local,
        outlay=parameters["contract_outlay"],
        host_cost=parameters["contract_host_cost"],
        home_rate=parameters["home_discount_rate"],
        host_rate=parameters["host_discount_rate"],
        third_rate=parameters["third_discount_rate"],
        fen=round(UNITS[inputs.study.about.units.money].factor * 100),
    )


def require_movers(study: Study, formulation: Formulation) -> None:
    """Refuse a market in which there is nobody to put a contract to.

    Raises
    ------
    WantOfData
        When no industry's output is known in enough cells of every year.
    """
    if formulation.blocks.is_empty():
        found = "no industry of which enough cells are known in every year: nobody may move"
        expected = "output of more cells in every year, or a lower min_balanced_share"
        raise WantOfData(
            [
                Problem.at(
                    study.path,
                    "activity",
                    None,
                    "output",
                    (found, "没有一个行业的各年产出齐全到可以进入市场，没有可迁移的企业"),
                    (expected, "更多单元各年的产出，或更低的 min_balanced_share"),
                )
            ]
        )


def require_taxes(study: Study, formulation: Formulation, start_year: int) -> dict[str, float]:
    """Taxes per unit of output of the market's industries before a contract starts.

    Raises
    ------
    WantOfData
        With the industries of which the study doesn't say what they pay, or where nobody may move,
        or sizes are no money.
    """
    require_money(study)
    require_movers(study, formulation)
    industries = tuple(formulation.blocks["industry"].unique().sort())
    taxes = taxes_per_output(study, start_year - 1, industries)
    missing = [industry for industry in industries if industry not in taxes]
    if missing:
        raise WantOfData([_no_taxes(study, missing)])
    return taxes


def booked_under(terms: Terms) -> str:
    """Kind under which the tax of what moves is booked: the first that the terms share."""
    return terms.tax_kinds[0] if terms.tax_kinds else "value_added_tax"


def covered(
    offer: ContractOffer, blocks: pl.DataFrame, mass: Floats, home_tax: Floats
) -> list[bool]:
    """(N,) whether enterprises of blocks fulfil the conditions of a contract, as far as is known.

    The least tax before the move is compared with that of the block's average enterprise; where
    enterprises are not counted, and for all other conditions, they are taken to fulfil them.
    """
    least = offer.terms.eligibility.least_average_tax
    counts = (
        blocks["enterprises"].to_list() if "enterprises" in blocks.columns else [None] * mass.size
    )
    if least is None:
        return [True] * mass.size
    paid = mass * home_tax * offer.fen
    return [
        not count or amount / count >= least for count, amount in zip(counts, paid, strict=True)
    ]


def judged(terms: Terms) -> Terms:
    """Terms whose eligibility was judged before: projects of the type `COVERED`, alone."""
    return replace(terms, eligibility=Eligibility(types=(COVERED,)), most_parks=None)


def _no_taxes(study: Study, industries: list[str]) -> Problem:
    listed = ", ".join(industries[:MOST_NAMED]) + (" …" if len(industries) > MOST_NAMED else "")
    return Problem.at(
        study.path,
        "input_output",
        None,
        "supplier",
        (f"no taxes of {listed}", f"这些行业没有税收：{listed}"),
        (
            "a row of taxes in value added, or activity.tax",
            "增加值中的 taxes 一行，或 activity.tax",
        ),
    )
