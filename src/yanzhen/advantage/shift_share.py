"""Why a region's industries grew: with the nation, with their industry, or by themselves."""

from dataclasses import dataclass

import numpy as np

from yanzhen.advantage.cross_table import Floats, require_amounts


@dataclass(frozen=True)
class ShiftShare:
    """Parts of the change of every cell, which add up to it.

    Attributes
    ----------
    national : (N, S) had the cell grown as the nation
    mix : (N, S) beyond it, had it grown as its industry
    competitive : (N, S) beyond its industry
    """

    national: Floats
    mix: Floats
    competitive: Floats


@dataclass(frozen=True)
class HomotheticShiftShare:
    """Parts of the change of every cell, the competitive one apart from specialisation.

    Attributes
    ----------
    national, mix : (N, S) as in `ShiftShare`
    competitive : (N, S) of the amount that the region would have with the nation's mix
    allocation : (N, S) of what it has beyond that, in what it grows faster or slower
    """

    national: Floats
    mix: Floats
    competitive: Floats
    allocation: Floats


@dataclass(frozen=True)
class SpatialShiftShare:
    """Parts of the change of every cell, set against the region's neighbours.

    Attributes
    ----------
    national : (N, S) had the cell grown as the nation
    neighbours : (N, S) beyond it, had it grown as its industry among the neighbours
    competitive : (N, S) beyond the neighbours
    """

    national: Floats
    neighbours: Floats
    competitive: Floats


def shift_share(before: Floats, after: Floats) -> ShiftShare:
    """Classic shift-share (Dunn 1960).

        Δx_rs = x_rs g + x_rs (g_s − g) + (Δx_rs − x_rs g_s)

    with x the amount before, g and g_s the growth of the nation and of industry s over the
    cells there in both years; where one year is missing all parts are NaN. A cell that starts
    from zero has all its change in the last part, an industry new to the nation included: it
    grew from nothing, so that no part of it is the nation's or the industry's growth. The last
    two parts of all cells together therefore add up to zero, whatever is new; to all that is there
    after only where nothing at all was before, and the nation has no growth.

    Parameters
    ----------
    before, after : (N, S) amounts, NaN where missing
    """
    x, y = _balanced(before, after)
    g, g_s = _growth(np.nansum(x), np.nansum(y)), _growth(np.nansum(x, 0), np.nansum(y, 0))
    # What starts from nothing has no growth rate, and none of it is multiplied by one.
    g, g_s = np.nan_to_num(g), np.nan_to_num(g_s)
    return ShiftShare(x * g, x * (g_s - g), _beyond(x, y, g_s))


def homothetic_shift_share(before: Floats, after: Floats) -> HomotheticShiftShare:
    """Shift-share with homothetic amounts (Esteban-Marquillas 1972).

        x̃_rs = Σ_t x_rt · Σ_k x_ks / Σ_kt x_kt
        Δx_rs = x_rs g + x_rs (g_s − g) + x̃_rs (g_rs − g_s) + (x_rs − x̃_rs)(g_rs − g_s)

    A cell that starts from zero has no growth rate, and its last two parts are NaN; so are those
    of every cell where the nation had nothing.

    Parameters
    ----------
    before, after : (N, S) amounts, NaN where missing
    """
    x, _ = _balanced(before, after)
    classic = shift_share(before, after)
    total = np.nansum(x)
    mix = np.nansum(x, 0) / total if total > 0 else np.full(x.shape[1], np.nan)
    homothetic = np.nansum(x, 1, keepdims=True) * mix
    lead = np.divide(classic.competitive, x, out=np.full(x.shape, np.nan), where=x > 0)
    return HomotheticShiftShare(
        classic.national, classic.mix, homothetic * lead, (x - homothetic) * lead
    )


def spatial_shift_share(before: Floats, after: Floats, w: Floats) -> SpatialShiftShare:
    """Shift-share with the neighbours' growth in place of the industry's (Nazara, Hewings 2004).

        g°_rs = Σ_k w_rk Δx_ks / Σ_k w_rk x_ks
        Δx_rs = x_rs g + x_rs (g°_rs − g) + (Δx_rs − x_rs g°_rs)

    Parameters
    ----------
    before, after : (N, S) amounts, NaN where missing
    w : (N, N) weights of neighbours, zero on the diagonal; a cell that is not zero has NaN where
        its neighbours have nothing of the industry, one that starts from zero all its change in
        the last part
    """
    if np.diag(w).any():
        raise ValueError("a region is not its own neighbour: the diagonal of w is zero")
    x, y = _balanced(before, after)
    g = np.nan_to_num(_growth(np.nansum(x), np.nansum(y)))
    g_near = _growth(w @ np.nan_to_num(x), w @ np.nan_to_num(y))
    g_near[x == 0] = 0.0
    return SpatialShiftShare(x * g, x * (g_near - g), _beyond(x, y, g_near))


def _balanced(before: Floats, after: Floats) -> tuple[Floats, Floats]:
    require_amounts(before)
    require_amounts(after)
    both = ~np.isnan(before) & ~np.isnan(after)
    return np.where(both, before, np.nan), np.where(both, after, np.nan)


def _growth(before: Floats | np.float64, after: Floats | np.float64) -> Floats:
    """After over before less one; NaN where there was nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(before > 0, np.asarray(after) / before - 1, np.nan)
    return np.asarray(rate, dtype=np.float64)


def _beyond(x: Floats, y: Floats, growth: Floats) -> Floats:
    beyond: Floats = y - x - x * growth
    return beyond
