"""Who reads a plan: their role, and the place and industry that they ask about."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import polars as pl

from yanzhen.report.text.routes import routes

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

Role = Literal["enterprise", "zone", "province", "ministry", "researcher"]
ROLES: tuple[Role, ...] = get_args(Role)


class NotAsked(Exception):
    """The plan has nothing of what is asked: a role, region, industry or site.

    Attributes
    ----------
    what : role, region, industry or site
    code : that was asked for
    """

    def __init__(self, what: str, code: str) -> None:
        self.what, self.code = what, code
        super().__init__(f"the plan has no {what} {code!r}")


@dataclass(frozen=True)
class Asker:
    """Who asks.

    Attributes
    ----------
    role : one of `ROLES`
    region : of an enterprise where it is now, of a zone where it lies, of a province itself; empty
        for the whole plan
    industry : of an enterprise, empty for others
    site : of a zone, empty for others
    """

    role: Role
    region: str = ""
    industry: str = ""
    site: str = ""


def asker(plan: "Plan", role: str, region: str = "", industry: str = "", site: str = "") -> Asker:
    """Return who asks; what they leave open is the largest that fits the rest.

    Raises
    ------
    NotAsked
        When the plan has no such role, region, industry or site.
    """
    known = {
        "role": list(ROLES),
        "region": plan.regions["region"].to_list(),
        "industry": plan.leaving["industry"].to_list(),
        "site": plan.sites["site"].to_list(),
    }
    asked = {"role": role, "region": region, "industry": industry, "site": site}
    for what, code in asked.items():
        if code and code not in known[what]:
            raise NotAsked(what, code)
    if role == "enterprise":
        return Asker("enterprise", *_seat(plan, region, industry))
    if role == "zone":
        return _zone(plan, region, site)
    if role == "province":
        return Asker("province", region or _largest_change(plan))
    return Asker("ministry" if role == "ministry" else "researcher")


def _seat(plan: "Plan", region: str, industry: str) -> tuple[str, str]:
    """Region and industry of what leaves most, of those that fit best."""
    ranked = plan.leaving.sort("output", "industry", "origin", descending=[True, False, False])
    if ranked.is_empty():
        return region, industry
    of_region = pl.col("origin") == region if region else pl.lit(value=True)
    of_industry = pl.col("industry") == industry if industry else pl.lit(value=True)
    fitting = (ranked.filter(of_region, of_industry), ranked.filter(of_region))
    first = next((each for each in (*fitting, ranked) if each.height), ranked)
    return str(first["origin"][0]), str(first["industry"][0])


def _zone(plan: "Plan", region: str, site: str) -> Asker:
    """The site asked for, or the one of a region that receives most."""
    ranked = plan.sites.sort("arrivals", "site", descending=[True, False], nulls_last=True)
    if site:
        ranked = ranked.filter(site=site)
    elif region:
        inside = ranked.filter(region=region)
        ranked = inside if inside.height else ranked
    if ranked.is_empty():
        return Asker("zone", region)
    return Asker("zone", str(ranked["region"][0]), "", str(ranked["site"][0]))


def _largest_change(plan: "Plan") -> str:
    """The region whose net change is largest."""
    ranked = plan.regions.sort(pl.col("net").abs(), "region", descending=[True, False])
    return str(ranked["region"][0]) if ranked.height else ""


def flows_of(plan: "Plan", who: Asker) -> pl.DataFrame:
    """Return the moves that concern who asks, largest first, with `destination_region`."""
    moves = routes(plan)
    if who.role == "enterprise":
        return moves.filter(industry=who.industry, origin=who.region)
    if who.role == "zone":
        return moves.filter(destination=who.site)
    if who.role == "province":
        here = pl.col("origin") == who.region
        return moves.filter(here | (pl.col("destination_region") == who.region))
    return moves
