"""The flows of a cleared market, and the reasons behind each."""

from collections.abc import Iterator
from functools import reduce
from operator import add

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats
from yanzhen.market.equilibrium.newton_dense import Clearing
from yanzhen.market.problem.choice import mover_surplus, total_premium
from yanzhen.market.problem.departures import WHOLE
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Prices
from yanzhen.market.problem.payoff_terms import MOVE_TERMS, PLACE_TERMS
from yanzhen.study import Study
from yanzhen.study.statuses import least_sure

TERMS = (*PLACE_TERMS, *MOVE_TERMS, "posted_price", "policy", "price", "inertia")
NOT_CASH = ("moving_cost", "inertia", "site_size")
"""Terms that are no yearly cash: moving is paid once, the others are worth without a payment."""
ROUTE = ["industry", "origin", "destination"]
MOST_MOVES = 20_000
"""Flows that are listed one by one with their reasons and, over draws, intervals: the largest."""
ROUTES_AT_A_TIME = 4096


def moves_and_reasons(
    study: Study, formulation: Formulation, clearing: Clearing
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The flows of a cleared market with their reasons; tables `moves` and `reasons` of a plan.

    All of them, or the `MOST_MOVES` largest of a market that has more: what is left out is in
    `yanzhen.market.plan.balances`, which adds up over all.

    The reasons of block i at site j are the terms of ū_ij − ū_i0: those of the place less those of
    the origin, those of moving, the price, and the calibrated constant as unexplained inertia.
    Blocks of one industry and origin are added up, terms and prices as means over their output.
    The surplus of a mover is −σ log P_i0 / (1 − P_i0) per unit of output, wherever it goes.
    """
    routes = _routes(_flows(formulation, clearing))
    macro = study.tables["regions"].select("region", pl.col("macro_region").fill_null(WHOLE))
    for end, region in (("origin", "origin"), ("destination", "region")):
        named = macro.rename({"region": region, "macro_region": f"{end}_macro_region"})
        routes = routes.join(named, on=region, how="left", maintain_order="left")
    moves = routes.select(
        *ROUTE,
        "origin_macro_region",
        "destination_macro_region",
        "output",
        "jobs",
        "jobs_status",
        "emissions",
        "emissions_status",
        "enterprises",
        pl.col("price_share").alias("price"),
        pl.col("price_paid", "surplus").fill_nan(None),
        "gain",
        "status",
    )
    return moves, _reasons(routes)


def _flows(formulation: Formulation, clearing: Clearing) -> pl.DataFrame:
    """What goes from each block to each site, with the terms of its gain."""
    market, blocks = formulation.market, formulation.blocks
    choice = clearing.choice
    i, j = _listed(formulation, clearing)
    output = market.mass[i] * choice.probability[i, j]
    premium = np.einsum("fr,fr->f", market.needs[i], total_premium(market, clearing.prices)[j])
    surplus = mover_surplus(market, choice)
    sites = formulation.room.sites
    return (
        blocks[i]
        .select(
            "industry",
            "origin",
            sites["site"].gather(j).alias("destination"),
            sites["region"].gather(j),
            pl.Series("output", output),
            jobs=pl.col("jobs_per_output") * output,
            emissions=pl.col("emissions_per_output") * output,
            jobs_status=pl.col("jobs_status"),
            emissions_status=pl.col("emissions_status"),
            enterprises=pl.col("enterprises") * output / pl.col("output"),
            price_paid=pl.lit(premium * output * formulation.money_per_size),
            surplus=pl.lit(surplus[i] * output * formulation.money_per_size),
            status=pl.col("output_status"),
        )
        .hstack(pl.DataFrame(terms_at(formulation, clearing.prices, i, j), schema=list(TERMS)))
    )


def _routes(flows: pl.DataFrame) -> pl.DataFrame:
    """Flows of one industry between two places added up, the largest first."""
    known_sums = [
        pl.when(pl.col(name).is_null().any()).then(None).otherwise(pl.col(name).sum()).alias(name)
        for name in ("jobs", "emissions", "enterprises")
    ]
    means = [((pl.col(term) * pl.col("output")).sum() / pl.col("output").sum()) for term in TERMS]
    return (
        flows.group_by([*ROUTE, "region"], maintain_order=True)
        .agg(
            *known_sums,
            pl.col("price_paid", "surplus").sum(),
            *(
                least_sure(name).alias(name)
                for name in ("jobs_status", "emissions_status", "status")
            ),
            *means,
            total=pl.col("output").sum(),
        )
        .rename({"total": "output"})
        .with_columns(gain=reduce(add, map(pl.col, TERMS)), price_share=-pl.col("price"))
        .sort(["output", *ROUTE], descending=[True, False, False, False])
    )


def _listed(
    formulation: Formulation, clearing: Clearing
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Block and site of every flow that is listed: whole routes of industry, origin and site."""
    number, best = 0, np.zeros(0)
    for _, _, _, together in _by_route(formulation, clearing):
        number += int(np.count_nonzero(together))
        cut = best.min() if best.size == MOST_MOVES else 0.0
        best = np.concatenate([best, together[together > cut]])
        if best.size > MOST_MOVES:
            best = np.partition(best, best.size - MOST_MOVES)[-MOST_MOVES:]
    least = best.min() if number > MOST_MOVES else 0.0
    found = []
    for blocks, moving, route, together in _by_route(formulation, clearing):
        i, j = np.nonzero((moving > 0) & (together >= least)[route])
        found.append((blocks[i], j))
    i, j = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((j, i))
    return i[order], j[order]


def _by_route(
    formulation: Formulation, clearing: Clearing
) -> Iterator[tuple[NDArray[np.intp], Floats, NDArray[np.intp], Floats]]:
    """Some blocks with what moves from each to each site, and the same of their routes.

    A route is an industry and origin; the third is the number of each block's route in the fourth.
    """
    mass, share = formulation.market.mass, clearing.choice.probability
    cell = formulation.industry * len(formulation.place_terms[0]) + formulation.origin
    blocks = np.argsort(cell, kind="stable")
    first = np.flatnonzero(np.diff(cell[blocks], prepend=-1))
    for start in range(0, max(first.size, 1), ROUTES_AT_A_TIME):
        begin = first[start : start + ROUTES_AT_A_TIME]
        end = first[start + ROUTES_AT_A_TIME] if start + ROUTES_AT_A_TIME < first.size else None
        own = blocks[begin[0] : end] if begin.size else blocks
        moving = mass[own, None] * share[own]
        if begin.size < own.size:
            together = np.add.reduceat(moving, begin - begin[0], axis=0)
        else:
            together = moving
        lengths = np.diff(np.append(begin, begin[0] + own.size)) if begin.size else np.zeros(0, int)
        yield own, moving, np.repeat(np.arange(begin.size), lengths), together


def _reasons(routes: pl.DataFrame) -> pl.DataFrame:
    return (
        routes.select(*ROUTE, *TERMS)
        .with_row_index("place")
        .unpivot(TERMS, index=["place", *ROUTE], variable_name="term", value_name="size")
        .filter(pl.col("size") != 0)
        .with_columns(
            rank=pl.col("size").abs().rank("ordinal", descending=True).over("place").cast(pl.Int64)
        )
        .sort("place", "rank")
        .select(*ROUTE, "rank", "term", "size")
    )


def terms_at(
    formulation: Formulation, prices: Prices, i: NDArray[np.intp], j: NDArray[np.intp]
) -> Floats:
    """(flows, terms) size of each reason for block i at site j, in the order of `TERMS`."""
    market = formulation.market
    origin = formulation.origin[i]
    place = formulation.place[j]
    industry = formulation.industry[i]
    constants = np.append(prices.constants, 0.0)[market.calibration[i]]
    premium = total_premium(market, prices)
    of_place = (
        formulation.place_terms[:, place, industry] - formulation.place_terms[:, origin, industry]
    )
    paid = -np.einsum("fr,fr->f", market.needs[i], premium[j])
    posted = -np.einsum("fr,fr->f", market.needs[i], formulation.room.posted[j])
    granted = np.einsum(
        "fk,fk->f", formulation.payments.per_output[i], formulation.payments.at_site[j]
    )
    terms: Floats = np.vstack(
        [of_place, formulation.move_terms[:, origin, j], posted, granted, paid, -constants]
    ).T
    return terms
