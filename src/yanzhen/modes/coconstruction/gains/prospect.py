"""A contract put to one pair of a study's market, and what the market sends under it."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.modes.coconstruction.contract.consistency import require
from yanzhen.modes.coconstruction.gains.contract_offer import (
    ContractOffer,
    contract_offer,
    judged,
)
from yanzhen.modes.coconstruction.gains.gains import Case
from yanzhen.modes.coconstruction.gains.pair_gains import (
    InducedMoves,
    host_cost_of,
    induced_moves,
    projects_of,
)
from yanzhen.modes.coconstruction.settlement.agreements import Agreement
from yanzhen.modes.coconstruction.settlement.ledger import Ledger, settle
from yanzhen.study import Problem

PLACES_NAMED = 5
"""Most places named where a host is none of them."""


@dataclass(frozen=True)
class Prospect:
    """What the market sends to a pair under a contract, whatever its terms of sharing.

    Attributes
    ----------
    offer : what output that moves is worth to both
    moves : what the home's enterprises choose without and with a contract
    """

    offer: ContractOffer
    moves: InducedMoves


@dataclass(frozen=True)
class SettledCase:
    """A contract as a case, and its ledger."""

    case: Case
    ledger: Ledger


def prospect_of(cleared: ClearedStudy, agreement: Agreement) -> Prospect:
    """Clear the market with a contract of the pair.

    Parameters
    ----------
    cleared : the market without any contract

    Raises
    ------
    ContractError
        When the host is no place of the market, or no enterprise may move there.
    StudyError
        When the study doesn't say what an industry pays in taxes.
    """
    contract, path = agreement.contract, cleared.inputs.study.path
    sites = cleared.formulation.room.sites
    if contract.host not in sites["site"]:
        require([no_place(path, contract.name, contract.host, sites)])
    offer = contract_offer(cleared, contract.terms, contract.start_year)
    moves = induced_moves(cleared, offer, contract.home, contract.host, agreement.industries)
    if not moves.blocks.size:
        require([nobody(path, contract.home, contract.host, agreement.industries)])
    return Prospect(offer, moves)


def case_of(cleared: ClearedStudy, agreement: Agreement, prospect: Prospect) -> Case:
    """A contract as a case, its projects what arrives under it.

    Parameters
    ----------
    cleared : the market without any contract
    prospect : of the pair, whatever the terms

    Raises
    ------
    ContractError
        When the terms cannot be settled on what moves.
    """
    contract, margin = agreement.contract, agreement.profit_margin
    if contract.terms.equity is not None and margin is None:
        require([_no_profit(agreement)])
    offer, moves = prospect.offer.of_terms(contract.terms), prospect.moves
    formulation, blocks = cleared.formulation, moves.blocks
    arriving = formulation.market.mass[blocks] * moves.with_contract
    without = moves.of_arrivals(moves.without)
    gained = 1.0 - without
    diversion = np.ones_like(gained)
    np.divide(moves.of_arrivals(moves.from_staying), gained, out=diversion, where=gained > 0)
    return Case(
        contract=replace(
            contract,
            name=f"{contract.home}-{contract.host}",
            start_year=offer.start_year,
            terms=judged(contract.terms),
        ),
        projects=replace(
            projects_of(formulation, offer, blocks, arriving, np.zeros_like(blocks)),
            profit=offer.in_fen(arriving * (margin or 0.0), offer.moved()),
        ),
        probability_without=without,
        probability_with=np.ones_like(without),
        tax_lost=offer.in_fen(arriving * offer.home_tax[blocks], offer.moved()),
        host_cost=host_cost_of(offer, blocks, arriving),
        home_rate=offer.home_rate,
        host_rate=offer.host_rate,
        third_rate=offer.third_rate,
        diversion=diversion,
    )


def settled_case(cleared: ClearedStudy, agreement: Agreement, prospect: Prospect) -> SettledCase:
    """A contract as a case, settled on what arrives under it; otherwise as `case_of`."""
    case = case_of(cleared, agreement, prospect)
    return SettledCase(case, settle([case.contract], case.projects))


def _no_profit(agreement: Agreement) -> Problem:
    return Problem.at(
        agreement.scheme,
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
