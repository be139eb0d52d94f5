"""Gains of home and host under a family of contracts and the market's flows.

The projects of a pair are what arrives from the home's blocks at the host under the contract, at
prices cleared again for that pair: output times P1. Of it a part, P0 / P1, would have come without
the contract. Of the rest a part would have stayed and a part gone elsewhere; the home loses the
tax of the first alone, so that in its gain P1 − P0 is replaced by the fall of staying.

Taxes on production less subsidies count with their sign for home and host. What is divided by the
terms is what is received: where subsidies exceed taxes nothing is divided, and the host that has
the output pays them, which is a cost of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.market.equilibrium.newton_dense import Clearing
from yanzhen.market.problem.formulation import Formulation
from yanzhen.modes.coconstruction.contract.rounding import Integers
from yanzhen.modes.coconstruction.contract.terms import CONDITIONS, STATISTICS, TAX_KINDS, Contract
from yanzhen.modes.coconstruction.gains.contract_offer import COVERED, Family, covered, judged
from yanzhen.modes.coconstruction.gains.gains import PARTS, Case, Floats, discounted_parts
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
    """What the family is worth to every pair.

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
    formulation: Formulation,
    clearing: Clearing,
    family: Family,
    home: str,
    host: str,
    industries: tuple[str, ...] = (),
) -> InducedMoves:
    """What the blocks of a home choose without and with a contract at one host.

    Parameters
    ----------
    formulation, clearing : the market and its clearing without any contract
    home, host : region of origin and site
    industries : which the contract covers; empty for all

    Returns
    -------
    InducedMoves
        Without a block where the host lies in the home or admits none of its blocks.
    """
    sites = formulation.room.sites
    column = sites["site"].to_list().index(host)
    base = formulation.market.base[formulation.market.cell, column]
    own = (formulation.blocks["origin"] == home).to_numpy() & np.isfinite(base)
    if industries:
        own &= formulation.blocks["industry"].is_in(industries).to_numpy()
    blocks = np.flatnonzero(own)
    if sites["region"][column] == home or not blocks.size:
        return InducedMoves(blocks[:0], *[np.zeros(0)] * 4)
    change = np.full(blocks.size, family.payoff_change)
    changed = clear_with(formulation, clearing, blocks, np.full_like(blocks, column), change)
    before, after = clearing.choice, changed.choice
    p0, p1 = before.probability[blocks, column], after.probability[blocks, column]
    drawn = (after.moving - before.moving)[blocks]
    surplus = formulation.market.sigma * (before.log_stay - after.log_stay)[blocks]
    return InducedMoves(blocks, p0, p1, drawn, surplus)


def pair_case(
    formulation: Formulation,
    family: Family,
    drawn: InducedMoves,
    home: str,
    host: str,
    exit_notice: int | None = None,
    profit_margin: float = 0.0,
) -> Case:
    """A contract of one pair as a case, its projects what arrives under it.

    Parameters
    ----------
    drawn : as `induced_moves` gives it, of at least one block
    exit_notice : year in which a party gives notice
    profit_margin : profit on output, of which a joint company pays dividends
    """
    arriving = formulation.market.mass[drawn.blocks] * drawn.with_contract
    without = drawn.of_arrivals(drawn.without)
    gained = 1.0 - without
    ratio = np.ones_like(gained)
    np.divide(drawn.of_arrivals(drawn.from_staying), gained, out=ratio, where=gained > 0)
    name = f"{home}-{host}"
    return Case(
        contract=Contract(name, home, host, family.start_year, judged(family.terms), exit_notice),
        projects=replace(
            _projects(formulation, family, drawn.blocks, arriving, np.zeros_like(drawn.blocks)),
            profit=family.in_fen(arriving * profit_margin, family.moved()),
        ),
        probability_without=without,
        probability_with=np.ones_like(without),
        tax_lost=family.in_fen(arriving * family.home_tax[drawn.blocks], family.moved()),
        host_cost=_host_cost(family, drawn.blocks, arriving),
        home_rate=family.home_rate,
        host_rate=family.host_rate,
        third_rate=family.third_rate,
        diversion=ratio,
    )


def pair_gains(
    formulation: Formulation,
    clearing: Clearing,
    family: Family,
    homes: tuple[str, ...],
    hosts: tuple[str, ...],
    industries: tuple[str, ...] = (),
    progress: Progress = lambda stage, share: None,
) -> PairGains:
    """Gains of every home with every host, the market cleared again for each pair.

    Parameters
    ----------
    formulation, clearing : the market and its clearing without any contract
    homes : regions of origin
    hosts : sites
    industries : which the contracts cover; empty for all
    progress : told the share done
    """
    shape = (len(homes), len(hosts))
    gain = {party: np.full(shape, np.nan) for party in ("home", "host")}
    drawn_by_pair: dict[tuple[int, int], InducedMoves] = {}
    for a, home in enumerate(homes):
        for b, host in enumerate(hosts):
            progress("pairs", (a * len(hosts) + b) / (len(homes) * len(hosts)))
            drawn = induced_moves(formulation, clearing, family, home, host, industries)
            if drawn.blocks.size:
                drawn_by_pair[a, b] = drawn
    places, found = list(drawn_by_pair), list(drawn_by_pair.values())
    if not found:
        nothing = np.full(shape, np.nan)
        return PairGains(homes, hosts, nothing, nothing, _no_parts(), _no_arrivals())
    every = _together(found)
    number = np.repeat(np.arange(len(found)), [drawn.blocks.size for drawn in found])
    mass = formulation.market.mass[every.blocks]
    arriving = mass * every.with_contract
    projects = _projects(formulation, family, every.blocks, arriving, number)
    pairs = [(homes[a], hosts[b]) for a, b in places]
    flows = _flows(family, pairs, projects, every, arriving)
    amounts = {part: values.sum(axis=1) for part, values in flows.items()}
    for party in gain:
        whole = np.add.reduceat(sum(amounts[part] for part in PARTS[party]), projects.starts)
        for (a, b), value in zip(places, whole, strict=True):
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


def _together(found: list[InducedMoves]) -> InducedMoves:
    return InducedMoves(
        *(
            np.concatenate([getattr(drawn, name) for drawn in found])
            for name in ("blocks", "without", "with_contract", "from_staying", "surplus")
        )
    )


def _flows(
    family: Family,
    pairs: list[tuple[str, str]],
    projects: Projects,
    every: InducedMoves,
    arriving: Floats,
) -> dict[str, Floats]:
    """(N, T) parts of the gains from what arrives under a contract of each pair."""
    terms = judged(family.terms)
    contracts = [
        Contract(f"{home}-{host}", home, host, family.start_year, terms) for home, host in pairs
    ]
    return discounted_parts(
        settle(contracts, projects),
        every.of_arrivals(every.without),
        np.ones_like(arriving),
        every.of_arrivals(every.from_staying),
        family.in_fen(arriving * family.home_tax[every.blocks], family.moved()),
        _host_cost(family, every.blocks, arriving),
        (family.home_rate, family.host_rate, family.third_rate),
    )


def _host_cost(family: Family, block: NDArray[np.int64], arriving: Floats) -> Integers:
    """(N, T) what arrives costs the host, fen: its one-off cost, and subsidies beyond taxes."""
    once = family.in_fen(arriving * family.host_cost, family.arriving())
    subsidies = arriving * np.maximum(-family.host_tax[block], 0.0)
    return once + family.in_fen(subsidies, family.moved())


def _projects(
    formulation: Formulation,
    family: Family,
    block: NDArray[np.int64],
    arriving: Floats,
    number: NDArray[np.int64],
) -> Projects:
    """One project for each block of each pair: what arrives of it.

    The statistic `output` is in fen.
    """
    count = block.size
    cap = family.terms.cap
    width = 3 if cap is None or cap.tax_before_years is None else max(3, cap.tax_before_years)
    local_tax = np.zeros((len(TAX_KINDS), count, family.years), dtype=np.int64)
    tax_before = np.zeros((len(TAX_KINDS), count, width), dtype=np.int64)
    statistics = np.zeros((len(STATISTICS), count, family.years), dtype=np.int64)
    kind = TAX_KINDS.index(family.tax_kind)
    received, before = (
        arriving * np.maximum(tax[block], 0.0) for tax in (family.host_tax, family.home_tax)
    )
    local_tax[kind] = family.in_fen(received, family.moved())
    tax_before[kind] = family.in_fen(before, np.ones(width))
    statistics[STATISTICS.index("output")] = family.in_fen(arriving, family.moved())
    mass = formulation.market.mass[block]
    eligible = covered(family, formulation.blocks[block.tolist()], mass, family.home_tax[block])
    return Projects(
        contract=number,
        name=tuple(formulation.blocks["industry"].to_numpy()[block]),
        type=tuple(COVERED if holds else "" for holds in eligible),
        first_year=family.start_year,
        local_tax=local_tax,
        tax_before=tax_before,
        departure=np.full(count, family.start_year),
        known_from=family.start_year - width,
        stock_home=np.zeros(count, dtype=np.int64),
        stock_host=np.zeros(count, dtype=np.int64),
        outlay=family.in_fen(arriving * family.outlay, family.arriving()),
        production_year=np.full(count, family.start_year),
        arrival=np.full(count, family.start_year),
        exit=np.full(count, LAST_OF_ALL),
        conditions=np.ones((len(CONDITIONS), count), dtype=bool),
        profit=np.zeros((count, family.years), dtype=np.int64),
        statistics=statistics,
    )


_KEYS = {name: pl.String for name in ("home", "host", "industry")}
_SCHEMA = {**_KEYS, "party": pl.String, "part": pl.String}
_ARRIVALS = {**_KEYS, "without": pl.Float64, "with_contract": pl.Float64}


def _no_parts() -> pl.DataFrame:
    return pl.DataFrame(schema={**_SCHEMA, "amount": pl.Float64})


def _no_arrivals() -> pl.DataFrame:
    return pl.DataFrame(schema=_ARRIVALS)


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
