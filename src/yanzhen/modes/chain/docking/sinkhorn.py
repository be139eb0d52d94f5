"""Prices on listed suppliers by balancing what is wanted with what can be spared, pass by pass."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from yanzhen.market.large.demand_pass import run_chunks
from yanzhen.market.large.listed_pass import Candidates
from yanzhen.market.problem.market import Floats
from yanzhen.market.problem.tolerance import without_dust
from yanzhen.modes.chain.docking.parties import Needs, Parties

RELAXATION = 1.5
"""ω of the balancing; 1 takes twice the passes, 1.85 is no faster than 1."""
CHUNKS = 64


@dataclass(frozen=True)
class Balance:
    """Prices by balancing.

    Attributes
    ----------
    price : (P,) margin on the goods
    wanted : (P,) of every supplier, money a year
    sweeps : passes over the lists
    off : largest excess demand or slackness at the prices before the last step
    """

    price: Floats
    wanted: Floats
    sweeps: int
    off: float


def balanced(
    parties: Parties,
    needs: Needs,
    sigma: float,
    listed: Candidates,
    start: Floats,
    tolerance: float,
    most_sweeps: int,
    threads: int | None = None,
) -> Balance:
    """Prices by balancing, from some to start with."""
    top = np.zeros(needs.buyer.size)
    filled = np.flatnonzero(np.diff(listed.start))
    top[filled] = np.maximum(np.maximum.reduceat(listed.value, listed.start[filled]), 0.0)
    kernel = np.exp((listed.value - np.repeat(top, np.diff(listed.start))) / sigma)
    stay = np.exp(-top / sigma)
    first, owner_there, kernel_there = _by_supplier(
        listed.start, listed.site, kernel, parties.spare.size
    )
    value = np.exp(-start / sigma)
    asked = np.empty_like(value)
    rate = np.empty(needs.buyer.size)
    rows, columns = _parts(needs.buyer.size), _parts(parties.spare.size)

    def buyers(chunk: int) -> None:
        _offer(listed.start, listed.site, kernel, stay, needs.amount, value, rate, *rows[chunk])

    def suppliers(chunk: int) -> None:
        _ask(first, owner_there, kernel_there, rate, asked, *columns[chunk])

    wanted = np.flatnonzero(np.diff(first))
    room = parties.spare[wanted]
    sweeps = 0
    while sweeps < most_sweeps:
        sweeps += 1
        run_chunks(buyers, len(rows), threads)
        run_chunks(suppliers, len(columns), threads)
        used = value[wanted] * asked[wanted] / room
        price = -sigma * np.log(value[wanted])
        priced = price > 0
        weight = np.minimum(1.0, price / price[priced].mean()) if priced.any() else price
        off = max((used - 1.0).max(initial=0.0), (weight * (1.0 - used)).max(initial=0.0))
        if off <= tolerance:
            break
        step = np.maximum(used, 1e-300) ** -RELAXATION
        value[wanted] = np.minimum(1.0, value[wanted] * step)
    price = without_dust(np.maximum(-sigma * np.log(value), 0.0), 0.0, 1.0, sigma)
    return Balance(price, value * asked, sweeps, float(off))


def _parts(count: int) -> list[tuple[int, int]]:
    size = max(256, -(-count // CHUNKS))
    return [(first, min(first + size, count)) for first in range(0, count, size)]


@njit(cache=True, nogil=True)
def _by_supplier(start, site, kernel, suppliers):  # type: ignore[no-untyped-def]
    first = np.zeros(suppliers + 1, np.int64)
    for k in range(site.size):
        first[site[k] + 1] += 1
    for a in range(suppliers):
        first[a + 1] += first[a]
    at = first[:-1].copy()
    owner = np.empty(site.size, np.int32)
    weight = np.empty(site.size)
    for i in range(start.size - 1):
        for k in range(start[i], start[i + 1]):
            place = at[site[k]]
            owner[place] = i
            weight[place] = kernel[k]
            at[site[k]] += 1
    return first, owner, weight


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True)
def _offer(start, site, kernel, stay, amount, value, rate, first, last):  # type: ignore[no-untyped-def]
    for i in range(first, last):
        total = stay[i]
        for k in range(start[i], start[i + 1]):
            total += kernel[k] * value[site[k]]
        rate[i] = amount[i] / total


@njit(cache=True, nogil=True)
def _ask(start, owner, kernel, rate, asked, first, last):  # type: ignore[no-untyped-def]
    for a in range(first, last):
        total = 0.0
        for k in range(start[a], start[a + 1]):
            total += kernel[k] * rate[owner[k]]
        asked[a] = total
