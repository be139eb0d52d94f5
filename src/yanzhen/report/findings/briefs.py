"""What a plan says to whom: the ministry, a province, a zone, an enterprise.

Each is one sentence, some figures with their intervals, and the flows that a map shows. They are
pure functions of the plan and, where one site or one enterprise asks, of the cleared market.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import polars as pl

from yanzhen.market.plan.destinations import Enterprise, destinations
from yanzhen.market.plan.expected_entrants import leads, payoffs, rivals
from yanzhen.market.plan.moves import TERMS
from yanzhen.report.findings.asker import Asker
from yanzhen.report.findings.first_page import figures, rests_on, verdict
from yanzhen.report.findings.roles import answer_of
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.routes import routes

if TYPE_CHECKING:
    from yanzhen.market.equilibrium.cleared_study import ClearedStudy
    from yanzhen.market.plan.plan import Plan

Role = Literal["ministry", "province", "zone", "enterprise"]
ROLES: tuple[Role, ...] = get_args(Role)
COMPARED = 3
"""Sites that an enterprise sees beside each other."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a plan says to one who asks.

    Attributes
    ----------
    role : who asks
    subject : the place or the enterprise it is about, empty for the whole
    verdict : in one sentence
    figures : each under its name, with its interval where there are draws
    moves : those a map shows, as `yanzhen.report.text.routes.routes`
    rests_on : what the figures rest on, in sentences
    """

    role: Role
    subject: str
    verdict: str
    figures: tuple[tuple[str, str], ...]
    moves: pl.DataFrame
    rests_on: tuple[str, ...]


def for_ministry(plan: "Plan", reader: Reader) -> Answer:
    """Return what the plan says of the whole."""
    return Answer(
        "ministry",
        "",
        verdict(plan, reader),
        figures(plan, reader),
        routes(plan),
        tuple(rests_on(plan, reader)),
    )


def for_province(plan: "Plan", region: str, reader: Reader) -> Answer:
    """Return what the plan says of one region.

    Parameters
    ----------
    region : code of a region of `plan.regions`
    """
    row = _row(plan.regions, "region", region)
    name, coin = reader.names.regions.get(region, region), reader.size
    said = answer_of(plan, Asker("province", region), reader).verdict
    moves = routes(plan)
    incoming = moves.filter(pl.col("destination_region") == region, pl.col("origin") != region)
    leaving = moves.filter(pl.col("origin") == region, pl.col("destination_region") != region)
    shown = [
        (reader.word("column.arrivals"), amount(row["arrivals"], coin)),
        (reader.word("column.departures"), amount(row["departures"], coin)),
        (reader.word("column.net"), reader.amount_within(row, "net")),
        *_in_draws(row, reader),
        *_jobs(row, reader),
        *_flow("brief.province.largest_in", incoming, reader),
        *_flow("brief.province.largest_out", leaving, reader),
        *_room(plan, region, reader),
    ]
    return Answer(
        "province",
        name,
        said,
        tuple(shown),
        pl.concat([incoming, leaving]).sort("output", descending=True),
        tuple(rests_on(plan, reader)),
    )


def for_zone(plan: "Plan", cleared: "ClearedStudy", site: str, reader: Reader) -> Answer:
    """Return what the plan says of one site: what comes, how full it is, who else they choose.

    Parameters
    ----------
    cleared : the market that the plan is of
    site : code of a site of `plan.sites`
    """
    formulation, prices = cleared.formulation, cleared.clearing.prices
    row = _row(plan.sites, "site", site)
    name = reader.names.places.get(site, site)
    place = formulation.room.sites["site"].to_list().index(site)
    gain = payoffs(formulation, prices)
    coming, others = leads(formulation, gain, place), rivals(formulation, gain, place)
    said = answer_of(plan, Asker("zone", str(row["region"]), site=site), reader).verdict
    moves = routes(plan).filter(pl.col("destination") == site)
    shown = [
        (reader.word("column.arrivals"), reader.amount_within(row, "arrivals")),
        *_rank(row, reader),
        *_room(plan, site, reader),
        *_leads(coming, reader),
        *_rival(others, reader),
    ]
    return Answer("zone", name, said, tuple(shown), moves, tuple(rests_on(plan, reader)))


def for_enterprise(
    plan: "Plan", cleared: "ClearedStudy", industry: str, origin: str, reader: Reader
) -> Answer:
    """Return where enterprises of an industry with their seat in a region would best go.

    Parameters
    ----------
    cleared : the market that the plan is of
    industry, origin : codes

    Raises
    ------
    yanzhen.market.plan.destinations.NoSuchSeat
        Where no enterprise of the industry has its seat in the origin.
    """
    asked = Enterprise(industry, origin)
    ranked = destinations(cleared.formulation, cleared.clearing.prices, asked)
    admitted, listed = ranked.drop_nulls("rank"), _listed(plan, asked)
    first = admitted.filter(site=listed["site"][0]) if listed.height else admitted
    place = reader.names.regions.get(origin, origin)
    trade = reader.names.industries.get(industry, industry)
    subject = reader.word("brief.enterprise.subject", industry=trade, origin=place)
    moves = routes(plan).filter(pl.col("industry") == industry, pl.col("origin") == origin)
    staying = percent(1.0 - float(ranked["probability"].sum()), 0)
    shown = [
        *_sites(listed, admitted, reader),
        (reader.word("brief.enterprise.staying"), staying),
        *_reason(first, reader),
        *_flow("brief.enterprise.expected", moves.filter(pl.col("destination") != origin), reader),
        (reader.word("brief.enterprise.refused"), f"{ranked.height - admitted.height}"),
    ]
    resting = (reader.word("brief.enterprise.on_average"), *rests_on(plan, reader))
    said = answer_of(plan, Asker("enterprise", origin, industry), reader).verdict
    return Answer("enterprise", subject, said, tuple(shown), moves, resting)


def _listed(plan: "Plan", asked: Enterprise) -> pl.DataFrame:
    """The places where the enterprises asked about are best off in yearly cash, the best first."""
    listed = plan.uncertainty.shortlists
    if listed.is_empty():
        return listed
    return listed.filter(industry=asked.industry, origin=asked.origin)


def _sites(listed: pl.DataFrame, admitted: pl.DataFrame, reader: Reader) -> list[tuple[str, str]]:
    """The first places by yearly cash with their intervals, where none are listed by net gain."""
    rows = listed if listed.height else admitted
    return [
        (
            reader.word(
                "brief.enterprise.site",
                rank=rank,
                site=reader.names.places.get(row["site"], row["site"]),
            ),
            _cash(row, reader) if listed.height else _gain(row, reader),
        )
        for rank, row in enumerate(rows.head(COMPARED).iter_rows(named=True), 1)
    ]


def _cash(row: Row, reader: Reader) -> str:
    said = reader.word("brief.enterprise.cash", cash=percent(row["cash"], 2))
    if row["cash_low"] is None:
        return said
    low, high = (percent(row[end], 2) for end in ("cash_low", "cash_high"))
    within = reader.word("within", low=low, high=high)
    first = reader.word("brief.enterprise.first", share=percent(row["first_share"], 0))
    return f"{said}{within}{first}"


def _gain(row: Row, reader: Reader) -> str:
    return reader.word(
        "brief.enterprise.gain",
        gain=percent(row["gain"], 2),
        probability=percent(row["probability"], 0),
    )


def _reason(admitted: pl.DataFrame, reader: Reader) -> list[tuple[str, str]]:
    """The term that speaks most for the best site, and the one most against it."""
    if admitted.is_empty():
        return []
    best = admitted.row(0, named=True)
    ordered = sorted(TERMS, key=lambda term: best[term])
    return [
        (
            reader.word(f"brief.enterprise.{key}"),
            f"{reader.names.term(term)} {percent(best[term], 2)}",
        )
        for key, term, speaks in (
            ("why", ordered[-1], best[ordered[-1]] > 0),
            ("against", ordered[0], best[ordered[0]] < 0),
        )
        if speaks
    ]


def _row(frame: pl.DataFrame, key: str, code: str) -> Row:
    return frame.filter(pl.col(key) == code).row(0, named=True)


def _in_draws(row: Row, reader: Reader) -> list[tuple[str, str]]:
    if row["gaining_share"] is None:
        return []
    return [(reader.word("brief.province.in_draws"), percent(row["gaining_share"], 0))]


def _jobs(row: Row, reader: Reader) -> list[tuple[str, str]]:
    return [
        (reader.word(f"column.{name}"), amount(row[name], reader.persons))
        for name in ("jobs_arriving", "jobs_leaving")
        if row[name] is not None and not reader.study.about.measured_by.is_said_by("jobs")
    ]


def _flow(key: str, moves: pl.DataFrame, reader: Reader) -> list[tuple[str, str]]:
    """The largest of some flows, under a name that says from where and to where."""
    return [
        (
            reader.word(key, **reader.named(row, "industry origin destination")),
            reader.amount_within(row, "output"),
        )
        for row in moves.head(1).iter_rows(named=True)
    ]


def _room(plan: "Plan", place: str, reader: Reader) -> list[tuple[str, str]]:
    """How full the room of a place is, and its premium with the interval; nothing if unlimited."""
    found = _of_size(plan, place)
    if found.is_empty():
        return []
    row = found.row(0, named=True)
    premium = percent(row["premium"], 2)
    if row["premium_low"] is not None:
        low, high = percent(row["premium_low"], 2), percent(row["premium_high"], 2)
        premium += reader.word("within", low=low, high=high)
    return [
        (reader.word("brief.used"), percent(row["used"], 0)),
        (reader.word("brief.premium"), premium),
    ]


def _of_size(plan: "Plan", place: str) -> pl.DataFrame:
    """The price of a place's room for what the study measures sizes by."""
    resource = plan.study.about.measured_by.resource
    return plan.prices.filter(pl.col("place") == place, pl.col("resource") == resource)


def _rank(row: Row, reader: Reader) -> list[tuple[str, str]]:
    if row["rank_low"] is None:
        return []
    interval = reader.word(
        "brief.zone.ranks",
        rank=row["rank"],
        low=f"{row['rank_low']:.0f}",
        high=f"{row['rank_high']:.0f}",
    )
    return [(reader.word("brief.zone.rank"), interval)]


def _leads(coming: pl.DataFrame, reader: Reader) -> list[tuple[str, str]]:
    return [
        (
            reader.word("brief.zone.lead", **reader.named(row, "industry origin")),
            amount(row["expected"], reader.size),
        )
        for row in coming.head(COMPARED).iter_rows(named=True)
    ]


def _rival(others: pl.DataFrame, reader: Reader) -> list[tuple[str, str]]:
    """The site that most of those who would come would choose otherwise."""
    return [
        (
            reader.word("brief.zone.rival", site=reader.names.places.get(row["site"], row["site"])),
            percent(row["diversion"], 0),
        )
        for row in others.drop_nulls("site").head(1).iter_rows(named=True)
    ]
