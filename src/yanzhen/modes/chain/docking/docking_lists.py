"""Docking: who could supply whom, at what scarcity price, and why.

Suppliers and buyers of a study's list of enterprises, or its regions' industries, are put on lists
of the best pairs for each input that a buyer needs (`candidates`), within what suppliers can spare
and buyers need (`docking_clearing`), with a certificate (`docking_certificate`).
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.market.problem.market import Floats
from yanzhen.modes.chain.docking.certificate import (
    DockingCertificate,
    Flows,
    certify_docking,
    flows_of,
    net_of,
    terms_of,
)
from yanzhen.modes.chain.docking.clearing import (
    DockingMarket,
    Progress,
    clear_docking,
    completed,
)
from yanzhen.modes.chain.docking.parties import (
    LEFT_ASIDE,
    AllNeeds,
    Parties,
    needs_of,
    parties_of,
)
from yanzhen.modes.chain.docking.weights import TERMS, docking_parameters, weights_of
from yanzhen.study import Study, require_checked
from yanzhen.study.result_columns import PARAMETERS, columns
from yanzhen.study.short_repr import ShortRepr

INPUTS, SUPPLIERS = 5, 4
TOLERANCE = 1e-4
MOST_ROUNDS = 90
EXACT_NEEDS = 50_000
INDIFFERENCE = 0.1
"""Share of σ by which a supplier must beat a listed one to join; up to `EXACT_NEEDS` needs lists
are completed after that."""


PAIRS = columns(
    f"""buyer input rank supplier amount share_of_need share_of_spare kilometres {" ".join(TERMS)}
    price net""",
    present="share",
    net="share",
)
"""`amount` is a year's; `net` is the sum of the terms of the score and of `price`, the supplier's,
which is negative."""
NEEDS = columns(
    "buyer industry region input state need docked present other met price", state="text"
)
"""`state` is docked, or no_supplier where nobody else on the list can supply it; `other` is docked
with suppliers beyond the list, `met` the share docked, `price` the worth of one more unit of
docking. The largest of each buyer of either state."""
OFFERS = columns("supplier industry region spare sold used price buyers")
"""`buyers` are those that it is listed for."""
INDUSTRIES = columns(
    """input need same_region other_regions present no_supplier not_sought spare price kilometres"""
)
"""`need`, of all buyers and inputs, is the sum of what is docked in the same region and in others,
sought and not docked (`present`), what nobody else on the list can supply, and what comes after
the buyer's largest inputs (`not_sought`). `price` and `kilometres` are means of what is sold, null
where nothing is."""


@dataclass(frozen=True, repr=False)
class Docking(ShortRepr):
    """Docking lists of a study.

    Attributes
    ----------
    study : what it is about
    basis : `enterprises`, or `blocks` of a region's industry where the study lists none
    inputs, listed : most inputs of a buyer, and suppliers listed for each
    parameters : the weights
    left_aside : rows that are no party
    certificate : distance from clearing
    rounds, sweeps : rounds of lists, and passes that prices took
    """

    study: Study
    basis: str
    inputs: int
    listed: int
    parameters: Annotated[pl.DataFrame, PARAMETERS]
    pairs: Annotated[pl.DataFrame, PAIRS]
    needs: Annotated[pl.DataFrame, NEEDS]
    suppliers: Annotated[pl.DataFrame, OFFERS]
    industries: Annotated[pl.DataFrame, INDUSTRIES]
    left_aside: Annotated[pl.DataFrame, LEFT_ASIDE]
    certificate: DockingCertificate
    rounds: int
    sweeps: int


def dock(
    study: Study,
    inputs: int = INPUTS,
    listed: int = SUPPLIERS,
    parameters: pl.DataFrame | None = None,
    tolerance: float = TOLERANCE,
    progress: Progress | None = None,
) -> Docking:
    """Make docking lists.

    Parameters
    ----------
    study : with input_output, and enterprises or activity
    inputs : most inputs of a buyer, its largest
    listed : suppliers listed for each
    parameters : as `docking_parameters` gives them, which are standard
    tolerance : bound of the certificate's clearing checks
    progress : told each round

    Raises
    ------
    yanzhen.study.StudyError
        When the study lacks what docking needs.
    yanzhen.modes.chain.docking.clearing.NotDocked
        When clearing prices were not found.
    """
    study = require_checked(study)
    used = docking_parameters() if parameters is None else parameters
    weights = weights_of(used)
    parties, left_aside = parties_of(study, weights)
    wanted = needs_of(study, parties, weights, inputs)
    needs = wanted.sought
    indifference = INDIFFERENCE * weights.sigma
    market = clear_docking(
        parties, needs, weights, listed, tolerance, indifference, MOST_ROUNDS, progress=progress
    )
    if needs.buyer.size <= EXACT_NEEDS:
        market = completed(market, tolerance, MOST_ROUNDS, progress=progress)
    allowed = indifference if market.left_out else 0.0
    flows = flows_of(market)
    best = _best_of_lists(market, flows)
    return Docking(
        study=study,
        basis=parties.basis,
        inputs=inputs,
        listed=listed,
        parameters=used,
        pairs=_pairs(market, flows, best),
        needs=_needs(market, flows, best, wanted.unserved),
        suppliers=_suppliers(market, flows, best),
        industries=_industries(market, flows, wanted),
        left_aside=left_aside,
        certificate=certify_docking(market, flows, allowed, tolerance),
        rounds=market.rounds,
        sweeps=market.sweeps,
    )


def _best_of_lists(market: DockingMarket, flows: Flows) -> NDArray[np.int64]:
    """Entries of the best listed pairs of every need at the prices, best first."""
    order = np.lexsort((market.listed.site, -flows.net, flows.row))
    place = np.arange(order.size) - np.repeat(
        market.listed.start[:-1], np.diff(market.listed.start)
    )
    kept: NDArray[np.int64] = order[place < market.most]
    return kept


def _pairs(market: DockingMarket, flows: Flows, best: NDArray[np.int64]) -> pl.DataFrame:
    parties, needs = market.parties, market.needs
    row, supplier = flows.row[best], market.listed.site[best].astype(np.int64)
    buyer = needs.buyer[row]
    terms = terms_of(parties, needs, market.weights, row, supplier)
    price = market.price[supplier]
    amount = flows.amount[best]
    first = np.searchsorted(row, row)
    where = parties.region[supplier], parties.region[buyer]
    return pl.DataFrame(
        {
            "buyer": parties.code.gather(buyer),
            "input": _named(parties.industries, needs.input[row]),
            "rank": np.arange(row.size) - first + 1,
            "supplier": parties.code.gather(supplier),
            "amount": amount,
            "share_of_need": amount / needs.amount[row],
            "share_of_spare": amount / parties.spare[supplier],
            "kilometres": pl.Series(parties.kilometres[where]).fill_nan(None),
            **terms,
            "price": 0.0 - price,
            "net": net_of(terms, price),
        }
    )


def _needs(
    market: DockingMarket, flows: Flows, best: NDArray[np.int64], unserved: pl.DataFrame
) -> pl.DataFrame:
    parties, needs = market.parties, market.needs
    count = needs.buyer.size
    docked = np.bincount(flows.row, flows.amount, count)
    listed = np.bincount(flows.row[best], flows.amount[best], count)
    sought = pl.DataFrame(
        {
            "buyer": needs.buyer.astype(np.int64),
            "input": _named(parties.industries, needs.input),
            "state": pl.repeat("docked", count, eager=True),
            "need": needs.amount,
            "docked": docked,
            "present": needs.amount - docked,
            "other": np.maximum(docked - listed, 0.0),
            "met": docked / needs.amount,
            "price": flows.inclusive,
        }
    )
    alone = unserved.with_columns(
        state=pl.lit("no_supplier"),
        docked=pl.lit(0.0),
        present=pl.col("need"),
        other=pl.lit(0.0),
        met=pl.lit(0.0),
        price=pl.lit(0.0),
    ).select(sought.columns)
    both = pl.concat([sought, alone])
    buyer = both["buyer"]
    return both.with_columns(
        buyer=parties.code.gather(buyer),
        industry=_named(parties.industries, parties.industry[buyer.to_numpy()]),
        region=_named(parties.regions, parties.region[buyer.to_numpy()]),
    ).select(*NEEDS)


def _suppliers(market: DockingMarket, flows: Flows, best: NDArray[np.int64]) -> pl.DataFrame:
    parties = market.parties
    size = parties.spare.size
    sold = np.bincount(market.listed.site, flows.amount, size)
    offers = np.flatnonzero(parties.spare > 0)
    return pl.DataFrame(
        {
            "supplier": parties.code.gather(offers),
            "industry": _named(parties.industries, parties.industry[offers]),
            "region": _named(parties.regions, parties.region[offers]),
            "spare": parties.spare[offers],
            "sold": sold[offers],
            "used": sold[offers] / parties.spare[offers],
            "price": market.price[offers],
            "buyers": np.bincount(market.listed.site[best], minlength=size)[offers],
        }
    )


def _industries(market: DockingMarket, flows: Flows, wanted: AllNeeds) -> pl.DataFrame:
    """Needs and what docks of them by input, with means weighed by what is sold."""
    parties, needs = market.parties, market.needs
    supplier, buyer = market.listed.site, needs.buyer[flows.row]
    number = needs.input[flows.row]
    count = len(parties.industries)
    start, end = parties.region[supplier], parties.region[buyer]

    def by_input(values: Floats) -> Floats:
        return np.bincount(number, values, count).astype(np.float64)

    total = by_input(flows.amount)
    local = by_input(np.where(start == end, flows.amount, 0.0))
    sold = np.where(total > 0, total, np.nan)
    kilometres = parties.kilometres[start, end]
    sought = pl.DataFrame(
        {
            "input": parties.industries,
            "same_region": local,
            "other_regions": total - local,
            "present": np.bincount(needs.input, needs.amount, count) - total,
            "spare": _spare_by_industry(parties),
            "price": by_input(flows.amount * market.price[supplier]) / sold,
            "kilometres": by_input(flows.amount * kilometres) / sold,
        }
    )
    alone = wanted.unserved.group_by("input", maintain_order=True).agg(alone=pl.col("need").sum())
    parts = ("same_region", "other_regions", "present", "no_supplier", "not_sought")
    means = ("price", "kilometres")
    inputs = pl.concat([sought["input"], alone["input"], wanted.beyond["input"]]).unique().sort()
    return (
        inputs.to_frame()
        .join(sought, on="input", how="left", maintain_order="left")
        .join(alone, on="input", how="left", maintain_order="left")
        .join(wanted.beyond, on="input", how="left", maintain_order="left")
        .with_columns(pl.exclude("input", *means).fill_null(0.0), pl.col(means).fill_nan(None))
        .with_columns(no_supplier=pl.col("no_supplier") + pl.col("alone"))
        .with_columns(need=pl.sum_horizontal(parts))
        .filter(pl.col("need") > 0)
        .select(*INDUSTRIES)
    )


def _spare_by_industry(parties: Parties) -> Floats:
    count = len(parties.industries)
    return np.bincount(parties.industry, parties.spare, count).astype(np.float64)


def _named(codes: tuple[str, ...], numbers: NDArray[np.integer]) -> pl.Series:
    return pl.Series(codes, dtype=pl.String).gather(numbers)
