"""Names of what a market is made of, and a shortage told with them."""

from dataclasses import dataclass

import polars as pl

from yanzhen.market.problem.capacity import SiteCapacity
from yanzhen.market.problem.market import Market
from yanzhen.market.problem.shortage import Lack, Shortage, shortage
from yanzhen.study import Problem, Study, WantOfData
from yanzhen.study.names import name_in
from yanzhen.study.problem import Words
from yanzhen.study.units import UNITS

RESOURCES: dict[str, Words] = {
    "output": ("output room", "产值空间"),
    "land": ("land", "土地"),
    "jobs": ("jobs", "就业"),
    "energy": ("energy", "能源"),
    "emissions": ("emissions", "排放"),
}
MOST_NAMED = 5
"""Places that a sentence names before it counts the rest."""


@dataclass(frozen=True)
class Labels:
    """What stands for the numbers of a market, in English and Chinese.

    Attributes
    ----------
    resources : resource and its unit
    sites, groups, leavers : of sites, groups of sites and calibration groups
    size : unit of sizes
    """

    resources: tuple[tuple[Words, Words], ...]
    sites: tuple[Words, ...]
    groups: tuple[Words, ...]
    leavers: tuple[Words, ...]
    size: Words


def labels_of(study: Study, room: SiteCapacity, departures: pl.DataFrame) -> Labels:
    """Label a market by its room and its departures (macro_region, industry)."""
    places = _named(study, "regions", "region") | _named(study, "sites", "site")
    industries = _named(study, "industries", "industry")
    return Labels(
        tuple(_resource(study, name, industries) for name in room.resources),
        tuple(places.get(site, (site, site)) for site in room.sites["site"]),
        tuple(places.get(place, (place, place)) for place in room.groups["place"]),
        tuple(
            (
                f"{industries[industry][0]} in {macro}",
                f"{macro}的{industries[industry][1]}",
            )
            for macro, industry in departures.select("macro_region", "industry").iter_rows()
        ),
        _unit(study, study.about.measured_by.kind),
    )


def numbered(market: Market) -> Labels:
    """Label a market of which nothing has a name by numbers."""
    units = ("its unit", "单位")
    return Labels(
        tuple((_number("resource", "资源", r), units) for r in range(market.needs.shape[1])),
        tuple(_number("site", "承接地", j) for j in range(market.capacity.shape[0])),
        tuple(_number("group", "承接地组", g) for g in range(market.group_capacity.size)),
        tuple(_number("calibration group", "校准组", m) for m in range(market.stayers.size)),
        units,
    )


def _number(what: str, what_zh: str, number: int) -> Words:
    return f"{what} {number + 1}", f"{what_zh} {number + 1}"


def told(found: Shortage, labels: Labels) -> Words:
    """Return a shortage as a sentence without its full stop."""
    parts = [_lacking(lack, labels) for lack in found.lacks]
    unit, unit_zh = labels.size
    for group, output in found.stranded:
        who, who_zh = labels.leavers[group]
        parts.append(
            (
                f"no site is open to {output:,.4g} ({unit}) of {who} that must leave",
                f"{who_zh}须转出的 {output:,.4g}（{unit_zh}）没有可以进入的承接地",
            )
        )
    return (
        f"{found.leaving:,.6g} ({unit}) must leave over the plan: "
        + "; ".join(part for part, _ in parts),
        f"规划期须转出 {found.leaving:,.6g}（{unit_zh}）：" + "；".join(zh for _, zh in parts),
    )


def _lacking(lack: Lack, labels: Labels) -> Words:
    (resource, resource_zh), (unit, unit_zh) = labels.resources[lack.resource]
    names = [labels.sites[j] for j in lack.sites] + [labels.groups[g] for g in lack.groups]
    short = lack.needed - lack.capacity
    return (
        f"{resource} at {_listed([name for name, _ in names])} would have to be at least "
        f"{lack.needed:,.6g} and is {lack.capacity:,.6g} ({unit}), {short:,.4g} short",
        f"{'、'.join(zh for _, zh in names[:MOST_NAMED])}"
        f"{f'等 {len(names)} 处' if len(names) > MOST_NAMED else ''}的{resource_zh}"
        f"至少须有 {lack.needed:,.6g}，现有 {lack.capacity:,.6g}（{unit_zh}），"
        f"缺 {short:,.4g}",
    )


def _listed(names: list[str]) -> str:
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _named(study: Study, table: str, key: str) -> dict[str, Words]:
    return {
        code: (english or code, chinese or code)
        for code, english, chinese in study.tables[table]
        .select(key, english=name_in("en"), chinese=name_in("zh"))
        .iter_rows()
    }


def _resource(study: Study, name: str, industries: dict[str, Words]) -> tuple[Words, Words]:
    measure, _, industry = name.partition(":")
    kind = {"output": "money", "land": "area", "jobs": "persons"}.get(measure, measure)
    english, chinese = RESOURCES[measure]
    if industry:
        of, of_zh = industries.get(industry, (industry, industry))
        english, chinese = f"{english} for {of}", f"{of_zh}的{chinese}"
    return (english, chinese), _unit(study, kind)


def _unit(study: Study, kind: str) -> Words:
    unit = UNITS[getattr(study.about.units, kind)]
    return unit.en, unit.zh


def require_room(study: Study, market: Market, labels: Labels) -> None:
    """Refuse a market whose room is too small for what must leave.

    Raises
    ------
    WantOfData
        With what is short, and by how much.
    """
    found = shortage(market)
    if found is not None:
        expected = (
            "more room, sites that take them, or fewer departures",
            "更多的承接空间、可以进入的承接地，或较少的转出",
        )
        place = (study.path, "resources", None, "capacity")
        raise WantOfData([Problem.at(*place, told(found, labels), expected)])
