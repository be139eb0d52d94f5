"""Gains of home and host under one kind of contract and the market's flows.

The projects of a pair are what arrives from the home's blocks at the host under the contract, at
prices cleared again for that pair: output times P1. Of it a part, P0 / P1, would have come without
the contract. Of the rest a part would have stayed and a part gone elsewhere; the home loses the
tax of the first alone, so that in its gain P1 − P0 is replaced by the fall of staying.

Taxes on production less subsidies count with their sign for home and host. What is divided by the
terms is what is received: where subsidies exceed taxes nothing is divided, and the host that has
the output pays them, which is a cost of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.problem.formulation import Formulation
from yanzhen.modes.coconstruction.contract.rounding import Integers
from yanzhen.modes.coconstruction.contract.terms import CONDITIONS, STATISTICS, TAX_KINDS, Contract
from yanzhen.modes.coconstruction.gains.contract_offer import (
    COVERED,
    ContractOffer,
    covered,
    judged,
)
from yanzhen.modes.coconstruction.gains.gains import PARTS, Floats, discounted_parts
from yanzhen.modes.coconstruction.gains.market_with_contract import clear_with
from yanzhen.modes.coconstruction.settlement.ledger import settle
from yanzhen.modes.coconstruction.settlement.projects import LAST_OF_ALL, Projects

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class InducedMoves:
    """What K blocks of a home choose without and with a contract.

    Attributes
    ----------
    blocks : (K,) rows of the market
    without, with_contract : (K,) P0 and P1
    from_staying : (K,) fall of the probability of staying
    surplus : (K,) gain of the enterprises, −σ times the change of log P_i0, in margin on output
    """

    blocks: NDArray[np.int64]
    without: Floats
    with_contract: Floats
    from_staying: Floats
    surplus: Floats

    def of_arrivals(self, amount: Floats) -> Floats:
        """(K,) a probability as a part of P1, zero where nothing arrives."""
        part: Floats = np.divide(
            amount, self.with_contract, out=np.zeros_like(amount), where=self.with_contract > 0
        )
        return part


@dataclass(frozen=True)
class PairGains:
    """What one kind of contract is worth to every pair.

    Attributes
    ----------
    homes, hosts : A regions and B sites
    home_gain, host_gain : (A, B) fen, NaN where a pair cannot be formed: the host lies in the home,
        or no block of the home is admitted there
    parts : home, host, industry, party, part, amount: expected discounted fen
    arrivals : home, host, industry, without, with_contract: output that arrives at the host
    """

    homes: tuple[str, ...]
    hosts: tuple[str, ...]
    home_gain: Floats
    host_gain: Floats
    parts: pl.DataFrame
    arrivals: pl.DataFrame


def induced_moves(
    cleared: ClearedStudy,
    offer: ContractOffer,
    home: str,
    host: str,
    industries: tuple[str, ...] = (),
) -> InducedMoves:
    """What the blocks of a home choose without and with a contract at one host.

    Parameters
    ----------
    cleared : the market without any contract
    home, host : region of origin and site
    industries : which the contract covers; empty for all

    Returns
    -------
    InducedMoves
        Without a block where the host lies in the home or admits none of its blocks.
    """
    formulation, before = cleared.formulation, cleared.clearing.choice
    column = formulation.room.sites["site"].to_list().index(host)
    blocks = movers(formulation, home, column, industries)
    if not blocks.size:
        return InducedMoves(blocks, *[np.zeros(0)] * 4)
    change = np.full(blocks.size, offer.payoff_change)
    after = clear_with(cleared, blocks, np.full_like(blocks, column), change).choice
    p0, p1 = before.probability[blocks, column], after.probability[blocks, column]
    from_staying = (after.moving - before.moving)[blocks]
    surplus = formulation.market.sigma * (before.log_stay - after.log_stay)[blocks]
    return InducedMoves(blocks, p0, p1, from_staying, surplus)


def movers(
    formulation: Formulation, home: str, site: int, industries: tuple[str, ...] = ()
) -> NDArray[np.int64]:
    """Rows of a home's blocks that a site admits; none where the site lies in the home."""
    if formulation.room.sites["region"][site] == home:
        return np.zeros(0, dtype=np.int64)
    own = (formulation.blocks["origin"] == home).to_numpy()
    if industries:
        own &= formulation.blocks["industry"].is_in(industries).to_numpy()
    rows = np.flatnonzero(own)
    return rows[np.isfinite(formulation.market.base[formulation.market.cell[rows]][:, site])]


def pair_gains(
    cleared: ClearedStudy,
    offer: ContractOffer,
    homes: tuple[str, ...],
    hosts: tuple[str, ...],
    industries: tuple[str, ...] = (),
    progress: Progress = lambda stage, share: None,
) -> PairGains:
    """Gains of every home with every host, the market cleared again for each pair.

    Parameters
    ----------
    cleared : the market without any contract
    homes : regions of origin
    hosts : sites
    industries : which the contracts cover; empty for all
    progress : told the share done
    """
    formulation = cleared.formulation
    gain = {party: np.full((len(homes), len(hosts)), np.nan) for party in ("home", "host")}
    by_pair: dict[tuple[int, int], InducedMoves] = {}
    for a, home in enumerate(homes):
        for b, host in enumerate(hosts):
            progress("pairs", (a * len(hosts) + b) / (len(homes) * len(hosts)))
            moves = induced_moves(cleared, offer, home, host, industries)
            if moves.blocks.size:
                by_pair[a, b] = moves
    if not by_pair:
        nothing = pl.DataFrame(schema={**_SCHEMA, "amount": pl.Float64})
        return PairGains(
            homes, hosts, gain["home"], gain["host"], nothing, pl.DataFrame(schema=_ARRIVALS)
        )
    every = _together(list(by_pair.values()))
    number = np.repeat(np.arange(len(by_pair)), [each.blocks.size for each in by_pair.values()])
    mass = formulation.market.mass[every.blocks]
    arriving = mass * every.with_contract
    projects = projects_of(formulation, offer, every.blocks, arriving, number)
    pairs = [(homes[a], hosts[b]) for a, b in by_pair]
    flows = _flows(offer, pairs, projects, every, arriving)
    amounts = {part: values.sum(axis=1) for part, values in flows.items()}
    for party in gain:
        whole = np.add.reduceat(sum(amounts[part] for part in PARTS[party]), projects.starts)
        for (a, b), value in zip(by_pair, whole, strict=True):
            gain[party][a, b] = value
    keys = {
        "home": [pairs[n][0] for n in number],
        "host": [pairs[n][1] for n in number],
        "industry": formulation.blocks["industry"].to_numpy()[every.blocks].tolist(),
    }
    arrivals = pl.DataFrame(
        {**keys, "without": mass * every.without, "with_contract": arriving}, schema=_ARRIVALS
    )
    summed = arrivals.group_by(*keys, maintain_order=True).agg(
        pl.col("without", "with_contract").sum()
    )
    return PairGains(homes, hosts, gain["home"], gain["host"], _parts(keys, amounts), summed)


def _together(moves: list[InducedMoves]) -> InducedMoves:
    return InducedMoves(
        **{
            field.name: np.concatenate([getattr(each, field.name) for each in moves])
            for field in fields(InducedMoves)
        }
    )


def _flows(
    offer: ContractOffer,
    pairs: list[tuple[str, str]],
    projects: Projects,
    every: InducedMoves,
    arriving: Floats,
) -> dict[str, Floats]:
    """(N, T) parts of the gains from what arrives under a contract of each pair."""
    terms = judged(offer.terms)
    contracts = [
        Contract(f"{home}-{host}", home, host, offer.start_year, terms) for home, host in pairs
    ]
    return discounted_parts(
        settle(contracts, projects),
        every.of_arrivals(every.without),
        np.ones_like(arriving),
        every.of_arrivals(every.from_staying),
        offer.in_fen(arriving * offer.home_tax[every.blocks], offer.moved()),
        host_cost_of(offer, every.blocks, arriving),
        (offer.home_rate, offer.host_rate, offer.third_rate),
    )


def host_cost_of(offer: ContractOffer, block: NDArray[np.int64], arriving: Floats) -> Integers:
    """(N, T) what arrives costs the host, fen: its one-off cost, and subsidies beyond taxes."""
    once = offer.in_fen(arriving * offer.host_cost, offer.arriving())
    subsidies = arriving * np.maximum(-offer.host_tax[block], 0.0)
    return once + offer.in_fen(subsidies, offer.moved())


def projects_of(
    formulation: Formulation,
    offer: ContractOffer,
    block: NDArray[np.int64],
    arriving: Floats,
    number: NDArray[np.int64],
) -> Projects:
    """One project for each block of each pair: what arrives of it.

    The statistic `output` is in fen.
    """
    count = block.size
    cap = offer.terms.cap
    width = 3 if cap is None or cap.tax_before_years is None else max(3, cap.tax_before_years)
    local_tax = np.zeros((len(TAX_KINDS), count, offer.years), dtype=np.int64)
    tax_before = np.zeros((len(TAX_KINDS), count, width), dtype=np.int64)
    statistics = np.zeros((len(STATISTICS), count, offer.years), dtype=np.int64)
    kind = TAX_KINDS.index(offer.tax_kind)
    received, before = (
        arriving * np.maximum(tax[block], 0.0) for tax in (offer.host_tax, offer.home_tax)
    )
    local_tax[kind] = offer.in_fen(received, offer.moved())
    tax_before[kind] = offer.in_fen(before, np.ones(width))
    statistics[STATISTICS.index("output")] = offer.in_fen(arriving, offer.moved())
    mass = formulation.market.mass[block]
    eligible = covered(offer, formulation.blocks[block.tolist()], mass, offer.home_tax[block])
    return Projects(
        contract=number,
        name=tuple(formulation.blocks["industry"].to_numpy()[block]),
        type=tuple(COVERED if holds else "" for holds in eligible),
        first_year=offer.start_year,
        local_tax=local_tax,
        tax_before=tax_before,
        departure=np.full(count, offer.start_year),
        known_from=offer.start_year - width,
        stock_home=np.zeros(count, dtype=np.int64),
        stock_host=np.zeros(count, dtype=np.int64),
        outlay=offer.in_fen(arriving * offer.outlay, offer.arriving()),
        production_year=np.full(count, offer.start_year),
        arrival=np.full(count, offer.start_year),
        exit=np.full(count, LAST_OF_ALL),
        conditions=np.ones((len(CONDITIONS), count), dtype=bool),
        profit=np.zeros((count, offer.years), dtype=np.int64),
        statistics=statistics,
    )


_KEYS = {name: pl.String for name in ("home", "host", "industry")}
_SCHEMA = {**_KEYS, "party": pl.String, "part": pl.String}
_ARRIVALS = {**_KEYS, "without": pl.Float64, "with_contract": pl.Float64}


def _parts(keys: dict[str, list[str]], amounts: dict[str, Floats]) -> pl.DataFrame:
    tables = [
        pl.DataFrame(
            {**keys, "amount": amounts[part]}, schema={**_KEYS, "amount": pl.Float64}
        ).select(*_KEYS, pl.lit(party).alias("party"), pl.lit(part).alias("part"), "amount")
        for party, parts in PARTS.items()
        for part in parts
    ]
    return (
        pl.concat(tables).group_by(list(_SCHEMA), maintain_order=True).agg(pl.col("amount").sum())
    )
