"""What a plan says to one reader: a verdict, three figures with intervals, what they rest on.

Pages, the API and reports share it. Every figure is the plan's; its interval holds 90 per cent of
the draws, and where a figure has none it is said that it has none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.findings.asker import Asker, Role, flows_of
from yanzhen.report.findings.first_page import rests_on, verdict
from yanzhen.report.findings.plan import SURE
from yanzhen.report.text.quantities import UNKNOWN, Unit, amount, number, percent, small
from yanzhen.report.text.reader import Reader
from yanzhen.study.quantiles import ENDS

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

FIGURES = 3


@dataclass(frozen=True)
class KeyFigure:
    """A figure under its name.

    Attributes
    ----------
    label : what it is
    value : with its unit
    interval : over the draws, or that there is none
    """

    label: str
    value: str
    interval: str


@dataclass(frozen=True)
class RoleAnswer:
    """What a plan says to one reader.

    Attributes
    ----------
    asker : who asks
    verdict : one sentence
    figures : at most three
    rests_on : what these rest on, a sentence each
    """

    asker: Asker
    verdict: str
    figures: tuple[KeyFigure, ...]
    rests_on: tuple[str, ...]


def answer_of(plan: "Plan", who: Asker, reader: Reader) -> RoleAnswer:
    """Return what a plan says to one reader.

    Parameters
    ----------
    who : of `yanzhen.report.findings.asker.asker`
    """
    said, figures = ANSWERS[who.role](plan, who, reader)
    return RoleAnswer(who, said, figures[:FIGURES], tuple(_grounds(plan, reader)))


def _grounds(plan: "Plan", reader: Reader) -> list[str]:
    """How many parameters are assumptions, what the intervals are of, and the rest."""
    illustration, assumed, *others = rests_on(plan, reader)
    cleared = plan.uncertainty.cleared
    drawn = reader.word("role.drawn", draws=cleared) if cleared else reader.word("role.not_drawn")
    return [assumed, drawn, illustration, others[-1]]


def _enterprise(plan: "Plan", who: Asker, reader: Reader) -> tuple[str, tuple[KeyFigure, ...]]:
    named = {
        "origin": reader.names.regions.get(who.region, who.region),
        "industry": reader.names.industries.get(who.industry, who.industry),
        "first": plan.period[0],
        "last": plan.period[1],
    }
    leaving = plan.leaving.filter(industry=who.industry, origin=who.region)
    listed = plan.uncertainty.shortlists
    if not listed.is_empty():
        listed = listed.filter(industry=who.industry, origin=who.region)
    moves = flows_of(plan, who).head(1).to_dicts()
    if leaving.is_empty():
        return reader.word("role.enterprise.nothing", **named), ()
    left = float(leaving["output"][0])
    shown = [_left(plan, who, left, reader), *_flow(moves, reader)]
    going = reader.word(
        "role.enterprise.going",
        left=amount(left, reader.size),
        to=reader.names.places.get(moves[0]["destination"], "") if moves else "",
        **named,
    )
    if listed.is_empty():
        return going, tuple(shown)
    best = listed.row(0, named=True)
    place = reader.names.places.get(best["site"], best["site"])
    key = "best" if best["cash"] > 0 else "staying"
    said = reader.word(
        f"role.enterprise.{key}",
        place=place,
        cash=percent(abs(best["cash"]), 2),
        sure=_sure_first(best["first_share"], reader),
        going=going,
        **named,
    )
    gain = KeyFigure(
        reader.word("role.enterprise.cash", place=place),
        percent(best["cash"], 2),
        _interval(reader, *(_share(best[end]) for end in ("cash_low", "cash_high"))),
    )
    return said, (gain, *shown)


def _left(plan: "Plan", who: Asker, left: float, reader: Reader) -> KeyFigure:
    drawn = plan.uncertainty.leaving
    if not drawn.is_empty():
        drawn = drawn.filter(industry=who.industry, origin=who.region)
    return _figure(reader, "role.enterprise.left", left, _quantiles(plan, drawn, reader.size))


def _sure_first(share: float | None, reader: Reader) -> str:
    return "" if share is None else reader.word("role.enterprise.sure", share=percent(share, 0))


def _zone(plan: "Plan", who: Asker, reader: Reader) -> tuple[str, tuple[KeyFigure, ...]]:
    rows = plan.sites.filter(site=who.site).to_dicts()
    if not rows:
        return reader.word("role.zone.nothing"), ()
    row, moves = rows[0], flows_of(plan, who).head(1).to_dicts()
    own = plan.study.about.measured_by.resource
    priced = plan.prices.filter(
        pl.col("place") == who.site, pl.col("place_kind") == "site", pl.col("resource") == own
    ).to_dicts()
    said = reader.word(
        "role.zone.verdict",
        site=reader.names.places.get(who.site, who.site),
        arrivals=amount(row["arrivals"], reader.size),
        rank=number(row["rank"]),
        of=number(float(plan.sites.height)),
        ranks=_ranks(row["rank_low"], row["rank_high"], reader),
        room=_room(row, priced, reader),
        most=_most(moves, reader),
        first=plan.period[0],
        last=plan.period[1],
    )
    ends = _amounts(row["arrivals_low"], row["arrivals_high"], reader.size)
    shown = [_figure(reader, "role.zone.arrivals", row["arrivals"], ends)]
    for price in priced:
        shown.append(
            KeyFigure(
                reader.word("role.zone.premium"),
                percent(price["premium"], 2),
                _interval(reader, _share(price["premium_low"]), _share(price["premium_high"])),
            )
        )
    return said, (*shown, *_flow(moves, reader))


def _room(row: Mapping[str, float], priced: list[dict[str, float]], reader: Reader) -> str:
    if not priced or row["capacity"] is None:
        return reader.word("role.zone.unlimited")
    if priced[0]["scarce"]:
        return reader.word("role.zone.full", premium=percent(priced[0]["premium"], 2))
    left = max(row["capacity"] - row["arrivals"], 0.0)
    return reader.word("role.zone.left", room=amount(left, reader.size))


def _province(plan: "Plan", who: Asker, reader: Reader) -> tuple[str, tuple[KeyFigure, ...]]:
    rows = plan.regions.filter(region=who.region).to_dicts()
    if not rows:
        return reader.word("role.province.nothing"), ()
    row, flows = rows[0], flows_of(plan, who)
    out = flows.filter(origin=who.region).head(1).to_dicts()
    come = flows.filter(destination_region=who.region).head(1).to_dicts()
    gains = row["net"] > 0
    said = reader.word(
        f"role.province.{'gains' if gains else 'loses'}",
        region=reader.names.regions.get(who.region, who.region),
        net=amount(abs(row["net"]), reader.size),
        share=UNKNOWN if row["net_share"] is None else percent(abs(row["net_share"])),
        base=plan.base_year,
        sure=_sure_sign(row["gaining_share"], gains, reader),
        most=_most(come, reader) if gains else _most_out(out, reader),
        first=plan.period[0],
        last=plan.period[1],
    )
    departures = plan.uncertainty.departures
    if not departures.is_empty():
        departures = departures.filter(region=who.region)
    lost = next(iter(departures.to_dicts()), {"low": None, "high": None})
    return said, (
        _figure(reader, "role.province.net", row["net"], _of(row, "net", reader.size)),
        _figure(reader, "role.province.arrivals", row["arrivals"], _arrived(plan, who, reader)),
        _figure(
            reader,
            "role.province.departures",
            row["departures"],
            _amounts(lost["low"], lost["high"], reader.size),
        ),
    )


def _arrived(plan: "Plan", who: Asker, reader: Reader) -> tuple[str, str] | None:
    drawn = plan.uncertainty.arrivals
    if not drawn.is_empty():
        inside = plan.sites.filter(region=who.region)["site"].to_list()
        drawn = drawn.filter(pl.col("site").is_in(inside))
    return _quantiles(plan, drawn, reader.size)


def _sure_sign(share: float | None, gains: bool, reader: Reader) -> str:
    if share is None:
        return ""
    return reader.word("role.province.sure", share=percent(share if gains else 1 - share, 0))


def _ministry(plan: "Plan", who: Asker, reader: Reader) -> tuple[str, tuple[KeyFigure, ...]]:
    ranked = plan.macro_regions.sort("net", "macro_region").to_dicts()
    if len(ranked) < 2:
        ranked = []
    ends = (("down", ranked[0]), ("up", ranked[-1])) if ranked else ()
    return verdict(plan, reader), (
        _moved(plan, reader),
        *(
            KeyFigure(
                reader.word(
                    f"first_page.{key}", name=reader.names.macro_region(row["macro_region"])
                ),
                amount(row["net"], reader.size),
                _interval_of(reader, _of(row, "net", reader.size)),
            )
            for key, row in ends
        ),
    )


def _researcher(plan: "Plan", who: Asker, reader: Reader) -> tuple[str, tuple[KeyFigure, ...]]:
    told = plan.regions.drop_nulls("gaining_share")
    sure = told.filter(~pl.col("gaining_share").is_between(1 - SURE, SURE, closed="none"))
    source = plan.parameters["source"]
    said = reader.word(
        "role.researcher.verdict" if told.height else "role.researcher.not_drawn",
        assumed=int((source == "assumption").sum()),
        count=len(source),
        sure=sure.height,
        of=told.height,
        gap=small(abs(plan.certificate.duality_gap)),
        certificate=reader.word(
            f"first_page.certificate_{'passed' if plan.certificate.passed else 'failed'}"
        ),
    )
    shown = [_moved(plan, reader), *_flow(flows_of(plan, who).head(1).to_dicts(), reader)]
    unsure = told.sort((pl.col("gaining_share") - 0.5).abs(), "region").head(1)
    for row in unsure.iter_rows(named=True):
        label = reader.word(
            "role.researcher.unsure",
            region=reader.names.regions.get(row["region"], row["region"]),
            share=percent(row["gaining_share"], 0),
        )
        ends = _interval_of(reader, _of(row, "net", reader.size))
        shown.append(KeyFigure(label, amount(row["net"], reader.size), ends))
    return said, tuple(shown)


ANSWERS: Mapping[Role, Callable[["Plan", Asker, Reader], tuple[str, tuple[KeyFigure, ...]]]] = {
    "enterprise": _enterprise,
    "zone": _zone,
    "province": _province,
    "ministry": _ministry,
    "researcher": _researcher,
}


def _moved(plan: "Plan", reader: Reader) -> KeyFigure:
    ends = _quantiles(plan, plan.uncertainty.leaving, reader.size)
    return _figure(reader, "first_page.moved", float(plan.leaving["output"].sum()), ends)


def _flow(moves: list[dict[str, object]], reader: Reader) -> list[KeyFigure]:
    """The largest of some moves, under its name."""
    return [
        KeyFigure(
            reader.word("first_page.largest", **reader.named(row, "industry origin destination")),
            amount(row["output"], reader.size),  # type: ignore[arg-type]
            _interval_of(reader, _of(row, "output", reader.size)),
        )
        for row in moves
    ]


def _most(moves: list[dict[str, object]], reader: Reader) -> str:
    return "".join(
        reader.word("role.most", **reader.named(row, "industry origin")) for row in moves
    )


def _most_out(moves: list[dict[str, object]], reader: Reader) -> str:
    return "".join(
        reader.word("role.most_out", **reader.named(row, "industry destination")) for row in moves
    )


def _ranks(low: float | None, high: float | None, reader: Reader) -> str:
    if low is None or high is None:
        return ""
    return reader.word("role.ranks", low=f"{low:.0f}", high=f"{high:.0f}")


def _figure(
    reader: Reader, key: str, value: float | None, ends: tuple[str, str] | None
) -> KeyFigure:
    return KeyFigure(reader.word(key), amount(value, reader.size), _interval_of(reader, ends))


def _quantiles(plan: "Plan", drawn: pl.DataFrame, unit: Unit) -> tuple[str, str] | None:
    """The interval of the sum of `output` in each draw; a draw without rows has none of it."""
    if drawn.is_empty() or not plan.uncertainty.cleared:
        return None
    sums = drawn.group_by("draw").agg(pl.col("output").sum())["output"]
    every = sums.extend_constant(0.0, plan.uncertainty.cleared - len(sums))
    low, high = (every.quantile(end, "linear") for end in ENDS)
    return _amounts(low, high, unit)


def _of(row: Mapping[str, object], name: str, unit: Unit) -> tuple[str, str] | None:
    return _amounts(row[f"{name}_low"], row[f"{name}_high"], unit)  # type: ignore[arg-type]


def _amounts(low: float | None, high: float | None, unit: Unit) -> tuple[str, str] | None:
    return None if low is None or high is None else (amount(low, unit), amount(high, unit))


def _share(value: float | None) -> str | None:
    return None if value is None else percent(value, 2)


def _interval(reader: Reader, low: str | None, high: str | None) -> str:
    return _interval_of(reader, None if low is None or high is None else (low, high))


def _interval_of(reader: Reader, ends: tuple[str, str] | None) -> str:
    if ends is None:
        return reader.word("role.no_interval")
    return reader.word("role.interval", low=ends[0], high=ends[1])
