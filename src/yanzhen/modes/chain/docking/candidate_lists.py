"""Lists of suppliers: who may join, how they do, and how good the worst of the best listed is."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from yanzhen.market.large.listed_pass import Candidates
from yanzhen.market.problem.market import Booleans, Floats, Integers

NOBODY = -1
"""Where there is no more supplier."""


def joined(
    listed: Candidates, best: Integers, joins: Booleans
) -> tuple[NDArray[np.int64], Integers]:
    """First entries and suppliers of lists to which others are added at the end.

    Parameters
    ----------
    best : (I, most) suppliers
    joins : (I, most) which of them are added
    """
    start = np.zeros_like(listed.start)
    np.cumsum(np.diff(listed.start) + joins.sum(axis=1), out=start[1:])
    site = np.empty(start[-1], np.int32)
    _join(listed.start, listed.site, best, joins, start, site)
    return start, site


def not_listed(listed: Candidates, best: Integers) -> Booleans:
    """(I, most) which of some suppliers are there and not on the list of the need."""
    absent: Booleans = best != NOBODY
    _strike_listed(listed.start, listed.site, best, absent)
    return absent


def worst_listed(listed: Candidates, price: Floats, most: int) -> Floats:
    """(I,) score less price of the `most`-th best supplier of every list, −inf where it is short.

    Parameters
    ----------
    price : (P,) of every supplier
    """
    worst = np.full(listed.start.size - 1, -np.inf)
    _worst(listed.start, listed.site, listed.value, price, np.empty(most), worst)
    return worst


# Kept wide: the arrays of one round of balancing, which the compiled loop takes one by one.
def admitted(
    listed: Candidates,
    price: Floats,
    sigma: float,
    amount: Floats,
    spare: Floats,
    wanted: Floats,
    best: Integers,
    net: Floats,
    beats: Floats,
    joins: Booleans,
) -> Booleans:
    """(I, most) which of those that want to join do, as a supplier's price rises with each.

    Needs come in their order. A supplier of whom A is wanted and who can spare K less would ask
    σ log(A / K) more, as balancing makes it; a need that this is too much for does not list the
    supplier, one that does adds to A what it would buy.

    Parameters
    ----------
    price : (P,) of every supplier
    amount : (I,) of every need
    spare, wanted : (P,) of every supplier, wanted as far as balancing has come
    best : (I, most) suppliers
    net, beats : (I, most) their score less price, and by how much it exceeds what it has to
    joins : (I, most) which of them want to join
    """
    joined_up = joins.copy()
    _admit(
        listed.start,
        listed.site,
        listed.value,
        price,
        sigma,
        amount,
        spare,
        wanted.copy(),
        best,
        net,
        beats,
        joined_up,
    )
    return joined_up


# Kept wide: Numba takes arrays and numbers, not dataclasses.
@njit(cache=True, nogil=True)
def _admit(  # type: ignore[no-untyped-def]
    start, site, value, price, sigma, amount, spare, wanted, best, net, beats, joins
):
    for i in range(best.shape[0]):
        if not joins[i].any():
            continue
        top = max(0.0, net[i, 0])
        for k in range(start[i], start[i + 1]):
            top = max(top, value[k] - price[site[k]])
        total = np.exp(-top / sigma)
        for k in range(start[i], start[i + 1]):
            total += np.exp((value[k] - price[site[k]] - top) / sigma)
        for column in range(best.shape[1]):
            if joins[i, column]:
                a = best[i, column]
                joins[i, column] = beats[i, column] > sigma * np.log(max(1.0, wanted[a] / spare[a]))
                if joins[i, column]:
                    attraction = np.exp((net[i, column] - top) / sigma)
                    total += attraction
                    wanted[a] += amount[i] * attraction / total


@njit(cache=True, nogil=True)
def _join(old_start, old_site, best, joins, start, site):  # type: ignore[no-untyped-def]
    for i in range(start.size - 1):
        at = start[i]
        for k in range(old_start[i], old_start[i + 1]):
            site[at] = old_site[k]
            at += 1
        for column in range(best.shape[1]):
            if joins[i, column]:
                site[at] = best[i, column]
                at += 1


@njit(cache=True, nogil=True)
def _strike_listed(start, site, best, absent):  # type: ignore[no-untyped-def]
    for i in range(best.shape[0]):
        for column in range(best.shape[1]):
            for k in range(start[i], start[i + 1]):
                if site[k] == best[i, column]:
                    absent[i, column] = False
                    break


@njit(cache=True, nogil=True)
def _worst(start, site, value, price, best, worst):  # type: ignore[no-untyped-def]
    most = best.size
    for i in range(worst.size):
        kept = 0
        for k in range(start[i], start[i + 1]):
            net = value[k] - price[site[k]]
            if kept == most and net <= best[most - 1]:
                continue
            at = kept if kept < most else most - 1
            while at > 0 and best[at - 1] < net:
                best[at] = best[at - 1]
                at -= 1
            best[at] = net
            kept = min(kept + 1, most)
        if kept == most:
            worst[i] = best[most - 1]
