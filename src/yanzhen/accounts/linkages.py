"""How strongly a sector pulls its suppliers and pushes its customers."""

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import (
    Floats,
    InputOutputTable,
    allocation_coefficients,
    ghosh_inverse,
    leontief_inverse,
    technical_coefficients,
)


def output_multipliers(leontief: Floats) -> Floats:
    """(n,) output in all sectors per unit of final demand, m_j = Σ_i L_ij."""
    total: Floats = leontief.sum(axis=0)
    return total


def multipliers(leontief: Floats, intensity: Floats) -> Floats:
    """(n,) jobs, emissions or the like in all sectors per unit of final demand, m_j = Σ_i e_i L_ij.

    Parameters
    ----------
    leontief : (n, n) L
    intensity : (n,) e, per unit of output, or (k, n)
    """
    return intensity @ leontief


def closed_to_households(a: Floats, wages: Floats, consumption: Floats) -> Floats:
    """Technical coefficients with households inside (Miller and Blair 2022, section 2.5).

    Multipliers of its inverse are of type II: they hold what wages buy.

    Parameters
    ----------
    a : (n, n) technical coefficients
    wages : (n,) compensation per unit of output
    consumption : (n,) domestic consumption per unit of household income

    Returns
    -------
    (n + 1, n + 1), households last
    """
    n = len(a)
    closed = np.zeros((n + 1, n + 1))
    closed[:n, :n], closed[n, :n], closed[:n, n] = a, wages, consumption
    return closed


def power_of_dispersion(leontief: Floats) -> Floats:
    """(n,) backward linkage, n Σ_i L_ij / Σ_ij L_ij (Rasmussen 1956); 1 is the average."""
    total: Floats = leontief.sum(axis=0)
    return total / float(total.mean())


def sensitivity_of_dispersion(leontief: Floats) -> Floats:
    """(n,) forward linkage of the Leontief model, n Σ_j L_ij / Σ_ij L_ij (Rasmussen 1956).

    It answers to a unit more of final demand everywhere; `forward_linkage` is the other
    published convention.
    """
    total: Floats = leontief.sum(axis=1)
    return total / float(total.mean())


def forward_linkage(ghosh: Floats) -> Floats:
    """(n,) forward linkage of the Ghosh model, n Σ_j G_ij / Σ_ij G_ij (Beyers 1976, Jones 1976)."""
    total: Floats = ghosh.sum(axis=1)
    return total / float(total.mean())


def upstreamness(ghosh: Floats) -> Floats:
    """(n,) mean number of steps to final use, U_i = Σ_j G_ij (Antràs et al. 2012, eq. 4).

    1 for a sector that sells to final users only.
    """
    total: Floats = ghosh.sum(axis=1)
    return total


def downstreamness(leontief: Floats) -> Floats:
    """(n,) mean number of steps from primary input, D_j = Σ_i L_ij (Miller and Temurshoev 2017).

    1 for a sector that buys nothing; of inputs at home only, if L is.
    """
    total: Floats = leontief.sum(axis=0)
    return total


def linkages(table: InputOutputTable) -> pl.DataFrame:
    """Multipliers, linkages and position of every sector, of domestic flows.

    Returns
    -------
    region, sector, output, output_multiplier, backward, forward_leontief, forward_ghosh,
    upstreamness, downstreamness
    """
    leontief = leontief_inverse(technical_coefficients(table.domestic, table.output))
    ghosh = ghosh_inverse(allocation_coefficients(table.domestic, table.output))
    return pl.DataFrame(
        {
            "region": table.regions,
            "sector": table.sectors,
            "output": table.output,
            "output_multiplier": output_multipliers(leontief),
            "backward": power_of_dispersion(leontief),
            "forward_leontief": sensitivity_of_dispersion(leontief),
            "forward_ghosh": forward_linkage(ghosh),
            "upstreamness": upstreamness(ghosh),
            "downstreamness": downstreamness(leontief),
        }
    )
