"""A contract put to one pair of a study's market, and what the market sends under it."""

from dataclasses import dataclass

import polars as pl

from yanzhen.market.equilibrium.newton_dense import Clearing
from yanzhen.market.problem.formulation import Formulation
from yanzhen.modes.coconstruction.contract.consistency import require
from yanzhen.modes.coconstruction.contract.terms import Terms
from yanzhen.modes.coconstruction.gains.contract_offer import Family, family_of
from yanzhen.modes.coconstruction.gains.gains import Case
from yanzhen.modes.coconstruction.gains.pair_gains import InducedMoves, induced_moves, pair_case
from yanzhen.study import Problem, Study
from yanzhen.study.assumptions import parameter_values

PLACES_NAMED = 5
"""Most places named where a host is none of them."""


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
    profit_margin : profit on output of what moves, for the dividends of a joint company; None where
        it is not known
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
    profit_margin: float | None = None


@dataclass(frozen=True)
class Prospect:
    """What the market sends to a pair under a contract, whatever its terms of sharing.

    Attributes
    ----------
    family : what output that moves is worth to both
    drawn : what the home's enterprises choose without and with a contract
    """

    family: Family
    drawn: InducedMoves


def prospect_of(offer: Offer) -> Prospect:
    """Clear the market with a contract of the pair.

    Raises
    ------
    ContractError
        When the host is no place of the market, or no enterprise may move there.
    StudyError
        When the study doesn't say what an industry pays in taxes.
    """
    values = parameter_values(offer.parameters)
    return prospect_under(offer, values, offer.formulation, offer.clearing)


def prospect_under(
    offer: Offer, values: dict[str, float], formulation: Formulation, clearing: Clearing
) -> Prospect:
    """The same with other values of the parameters and their market; as `prospect_of`."""
    sites = formulation.room.sites
    if offer.host not in sites["site"]:
        require([no_place(offer.study.path, offer.contract, offer.host, sites)])
    family = family_of(offer.study, formulation, offer.terms, values, offer.start_year)
    drawn = induced_moves(formulation, clearing, family, offer.home, offer.host, offer.industries)
    if not drawn.blocks.size:
        require([nobody(offer.study.path, offer.home, offer.host, offer.industries)])
    return Prospect(family, drawn)


def case_of(offer: Offer, prospect: Prospect) -> Case:
    """The contract of an offer as a case, its projects what arrives under it.

    Raises
    ------
    ContractError
        When the terms cannot be settled on what moves.
    """
    if offer.terms.equity is not None and offer.profit_margin is None:
        require([_no_profit(offer)])
    return pair_case(
        offer.formulation,
        prospect.family.of_terms(offer.terms),
        prospect.drawn,
        offer.home,
        offer.host,
        offer.exit_notice,
        offer.profit_margin or 0.0,
    )


def _no_profit(offer: Offer) -> Problem:
    return Problem.at(
        offer.scheme,
        "terms",
        None,
        "equity",
        ("a joint company, whose profit no study holds", "合资公司，研究中没有其利润"),
        (
            "a profit margin of your own, or a split of tax; dividends are also settled on "
            "projects with their profit",
            "自己给出的利润率，或税收分成；也可用项目表（含利润）结算分红",
        ),
    )


def no_place(file: str, contract: str, host: str, sites: pl.DataFrame) -> Problem:
    """Say which places receive; a region with sites of its own is none of them, its sites are.

    Parameters
    ----------
    sites : site and region of the places that receive
    """
    own = sites.filter(pl.col("region") == host)["site"].to_list()
    listed = ", ".join((own or sites["site"].to_list())[:PLACES_NAMED])
    return Problem.at(
        file,
        "sites",
        None,
        "site",
        (
            f"{host}, host of {contract}, which is no place that receives",
            f"合同 {contract} 的承接地 {host}，不在可承接的地点之列",
        ),
        (f"a place that receives, such as {listed}", f"可承接的地点，如 {listed}"),
    )


def nobody(file: str, home: str, host: str, industries: tuple[str, ...]) -> Problem:
    """Say that no enterprise may go from a home to a host."""
    listed = ", ".join(industries)
    return Problem.at(
        file,
        "",
        None,
        "home,host,industry",
        (
            f"nobody from {home} who may go to {host} {listed}".rstrip(),
            f"{home} 没有可以前往 {host} 的企业 {listed}".rstrip(),
        ),
        (
            "a home, another host, and an industry admitted there",
            "可准入的迁出地、承接地与行业",
        ),
    )
