"""The terms of a payoff: what a place gives an industry, and what moving there costs."""

from collections.abc import Sequence

import numpy as np

from yanzhen.accounts.panel import Floats
from yanzhen.advantage.attraction import LocationalAdvantage
from yanzhen.market.problem.capacity import SiteCapacity, annuity
from yanzhen.study import Study
from yanzhen.study.distances import distances

PLACE_TERMS = (
    "relatedness",
    "supplier_access",
    "market_access",
    "labour_cost",
    "electricity_cost",
    "land_cost",
)
MOVE_TERMS = ("distance", "moving_cost", "site_size")


def place_terms_of(advantage: LocationalAdvantage, parameters: dict[str, float]) -> Floats:
    """(6, N, S) margin that a region gives an industry, by term.

    Where a price or a need of a factor is not known in some regions the term neither draws nor
    repels there; land paid for once is spread over years as an annuity.
    """
    costs = advantage.costs
    spread = annuity(parameters["annualisation_rate"], parameters["annualisation_years"])
    land = np.where(np.isfinite(costs.rent), costs.rent, spread * costs.land)
    return np.stack(
        [
            neutral(parameters["relatedness_weight"] * advantage.relatedness_density),
            neutral(parameters["supplier_access_weight"] * advantage.supplier_access),
            neutral(parameters["market_access_weight"] * advantage.market_access),
            neutral(-parameters["labour_cost_pass_through"] * advantage.labour_cost),
            neutral(-costs.electricity),
            neutral(-land),
        ]
    )


def kilometres_to(study: Study, regions: Sequence[str], room: SiteCapacity) -> Floats:
    """(N, J) km from each region to each site, by the rule of `yanzhen.study.distances`.

    Zero where the study knows no distance at all: then they cost nobody anything.
    """
    between = distances(study.tables, regions, room.sites["site"].to_list())
    return np.nan_to_num(between.kilometres)


def move_terms_of(kilometres: Floats, room: SiteCapacity, parameters: dict[str, float]) -> Floats:
    """(3, N, J) −cost of distance, −annualised cost of moving, and worth of a site's size.

    A site that is a whole region is many plots, of which an enterprise takes the best: its payoff
    rises by σ log of their number, measured by the output room over its mean (McFadden 1978,
    aggregate alternatives). Where the output room of some site is not limited the size is not
    known and the term is zero.
    """
    moving = parameters["moving_cost"] * annuity(
        parameters["annualisation_rate"], parameters["annualisation_years"]
    )
    size = np.zeros(room.sites.height)
    plots = room.output_plots
    if np.isfinite(plots).all() and (plots > 0).any():
        open_plots = np.where(plots > 0, plots, np.nan)
        size = np.nan_to_num(np.log(open_plots / np.nanmean(open_plots)))
    size_worth = parameters["size_weight"] * parameters["sigma"] * size
    return np.stack(
        [
            -parameters["distance_cost"] * kilometres / 1000.0,
            np.full(kilometres.shape, -moving),
            np.broadcast_to(size_worth, kilometres.shape),
        ]
    )


def neutral(term: Floats) -> Floats:
    """A term whose missing cells take the industry's mean, so that they neither draw nor repel.

    A term missing everywhere is zero.
    """
    known = np.isfinite(term)
    mean = np.where(known, term, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known, term, mean[None])
