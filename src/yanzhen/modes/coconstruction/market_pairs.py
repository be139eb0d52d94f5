"""Gains of every pair of home and host under one family of contracts and the market's flows.

The blocks of the home are the projects, each with the probability of moving to the host's site
without the contract, P0, and with it, P1, at prices cleared again for that pair. Of what the
contract draws to the host a part would have stayed and a part gone elsewhere. The home loses the
tax of the first alone, so that in its gain P1 − P0 is replaced by the fall of staying.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.market.clearing import Clearing
from yanzhen.market.formulation import Formulation
from yanzhen.market.schedule import yearly_shares
from yanzhen.modes.coconstruction.counterfactual import clear_with
from yanzhen.modes.coconstruction.gains import PARTS, Floats, discounted_parts
from yanzhen.modes.coconstruction.ledger import settle
from yanzhen.modes.coconstruction.projects import Projects
from yanzhen.modes.coconstruction.rounding import Integers
from yanzhen.modes.coconstruction.terms import (
    CONDITIONS,
    STATISTICS,
    TAX_KINDS,
    Contract,
    Terms,
)

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Family:
    """One kind of contract offered to every pair, and what a project is worth to it.

    Money per unit of output a year, in the study's money on both sides.

    Attributes
    ----------
    terms : of every contract
    start_year, years : first year and horizon
    phase_in_years, phase_in_shape : how moves spread, as `market.schedule.yearly_shares`
    payoff_change : margin on output that the contract adds to an enterprise of the pair
    tax_kind : kind under which the tax is booked
    home_tax, host_tax : (I,) local tax of a block where it is and at the host
    outlay : what the home spends on what moves, once, when it moves
    host_cost : what it costs the host, once, when it moves
    home_rate, host_rate : discount rates
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
    fen: int


@dataclass(frozen=True)
class PairGains:
    """What the family is worth to every pair.

    Attributes
    ----------
    homes, hosts : A regions and B sites
    home_gain, host_gain : (A, B) fen, NaN where a pair cannot be formed: the host lies in the home,
        or no block of the home is admitted there
    parts : home, host, industry, party, part, amount: expected discounted fen
    """

    homes: tuple[str, ...]
    hosts: tuple[str, ...]
    home_gain: Floats
    host_gain: Floats
    parts: pl.DataFrame


def pair_gains(
    formulation: Formulation,
    clearing: Clearing,
    family: Family,
    homes: tuple[str, ...],
    hosts: tuple[str, ...],
    progress: Progress = lambda stage, share: None,
) -> PairGains:
    """Gains of every home with every host, the market cleared again for each pair.

    Parameters
    ----------
    formulation, clearing : the market and its clearing without any contract
    homes : regions of origin
    hosts : sites
    progress : told the share done
    """
    sites = formulation.room.sites
    columns = [sites["site"].to_list().index(host) for host in hosts]
    origins = formulation.blocks["origin"].to_numpy()
    base = formulation.market.base[formulation.market.cell]
    rows: list[_Pair] = []
    for a, home in enumerate(homes):
        for b, column in enumerate(columns):
            progress("pairs", (a * len(columns) + b) / (len(homes) * len(columns)))
            blocks = np.flatnonzero((origins == home) & np.isfinite(base[:, column]))
            if sites["region"][column] != home and blocks.size:
                rows.append(_pair(formulation, clearing, family, a, b, column, blocks))
    shape = (len(homes), len(hosts))
    gain = {party: np.full(shape, np.nan) for party in ("home", "host")}
    if not rows:
        return PairGains(homes, hosts, gain["home"], gain["host"], _no_parts())
    block = np.concatenate([pair.blocks for pair in rows])
    number = np.repeat(np.arange(len(rows)), [pair.blocks.size for pair in rows])
    p0 = np.concatenate([pair.without for pair in rows])
    p1 = np.concatenate([pair.with_contract for pair in rows])
    drawn = np.concatenate([pair.from_staying for pair in rows])
    projects = _projects(formulation, family, block, number)
    # The pairs are alternatives: the limit on a home's parks binds when they are chosen among.
    terms = replace(family.terms, most_parks=None)
    contracts = [
        Contract(f"{home}-{host}", home, host, family.start_year, terms)
        for home, host in ((homes[pair.home], hosts[pair.host]) for pair in rows)
    ]
    flows = discounted_parts(
        settle(contracts, projects),
        p0,
        p1,
        drawn,
        _fen(formulation.market.mass[block] * family.home_tax[block], _moved(family), family),
        _fen(formulation.market.mass[block] * family.host_cost, _arriving(family), family),
        (family.home_rate, family.host_rate, 0.0),
    )
    amounts = {part: values.sum(axis=1) for part, values in flows.items()}
    for party in gain:
        whole = np.add.reduceat(sum(amounts[part] for part in PARTS[party]), projects.starts)
        for pair, value in zip(rows, whole, strict=True):
            gain[party][pair.home, pair.host] = value
    names = formulation.blocks["industry"].to_numpy()[block]
    return PairGains(
        homes,
        hosts,
        gain["home"],
        gain["host"],
        _parts(
            [homes[rows[n].home] for n in number],
            [hosts[rows[n].host] for n in number],
            names.tolist(),
            amounts,
        ),
    )


@dataclass(frozen=True)
class _Pair:
    """Blocks of a home, and what they choose without and with the contract."""

    home: int
    host: int
    blocks: NDArray[np.int64]
    without: Floats
    with_contract: Floats
    from_staying: Floats


def _pair(
    formulation: Formulation,
    clearing: Clearing,
    family: Family,
    home: int,
    host: int,
    column: int,
    blocks: NDArray[np.int64],
) -> _Pair:
    change = np.full(blocks.size, family.payoff_change)
    changed = clear_with(formulation, clearing, blocks, np.full_like(blocks, column), change)
    before, after = clearing.choice, changed.choice
    p0, p1 = before.probability[blocks, column], after.probability[blocks, column]
    return _Pair(home, host, blocks, p0, p1, before.stay[blocks] - after.stay[blocks])


def _projects(
    formulation: Formulation,
    family: Family,
    block: NDArray[np.int64],
    number: NDArray[np.int64],
) -> Projects:
    """One project for each block of each pair, as if the whole of it moved."""
    mass, count = formulation.market.mass[block], block.size
    tax = _fen(mass * family.host_tax[block], _moved(family), family)
    before = _fen(mass * family.home_tax[block], np.ones(3), family)
    kind = TAX_KINDS.index(family.tax_kind)
    local_tax = np.zeros((len(TAX_KINDS), count, family.years), dtype=np.int64)
    tax_before = np.zeros((len(TAX_KINDS), count, 3), dtype=np.int64)
    local_tax[kind], tax_before[kind] = tax, before
    nothing = np.zeros((count, family.years), dtype=np.int64)
    types = family.terms.eligibility.types
    return Projects(
        contract=number,
        name=tuple(formulation.blocks["industry"].to_numpy()[block]),
        type=((types[0] if types else ""),) * count,
        first_year=family.start_year,
        local_tax=local_tax,
        tax_before=tax_before,
        stock_home=np.zeros(count, dtype=np.int64),
        stock_host=np.zeros(count, dtype=np.int64),
        outlay=_fen(mass * family.outlay, _arriving(family), family),
        production_year=np.full(count, family.start_year),
        conditions=np.ones((len(CONDITIONS), count), dtype=bool),
        profit=nothing,
        statistics=np.zeros((len(STATISTICS), count, family.years), dtype=np.int64),
    )


def _arriving(family: Family) -> Floats:
    """(T,) share that arrives in each year."""
    arriving = np.zeros(max(family.years, family.phase_in_years))
    arriving[: family.phase_in_years] = yearly_shares(family.phase_in_years, family.phase_in_shape)
    return arriving[: family.years]


def _moved(family: Family) -> Floats:
    """(T,) share that has arrived."""
    moved: Floats = np.cumsum(_arriving(family))
    return moved


def _fen(amount: Floats, by_year: Floats, family: Family) -> Integers:
    fen: Integers = np.rint(amount[:, None] * by_year * family.fen).astype(np.int64)
    return fen


_SCHEMA = {name: pl.String for name in ("home", "host", "industry", "party", "part")}


def _no_parts() -> pl.DataFrame:
    return pl.DataFrame(schema={**_SCHEMA, "amount": pl.Float64})


def _parts(
    homes: list[str], hosts: list[str], industries: list[str], amounts: dict[str, Floats]
) -> pl.DataFrame:
    tables = [
        pl.DataFrame(
            {
                "home": homes,
                "host": hosts,
                "industry": industries,
                "party": [party] * len(homes),
                "part": [part] * len(homes),
                "amount": amounts[part],
            },
            schema={**_SCHEMA, "amount": pl.Float64},
        )
        for party, parts in PARTS.items()
        for part in parts
    ]
    keys = list(_SCHEMA)
    return pl.concat(tables).group_by(keys, maintain_order=True).agg(pl.col("amount").sum())
