"""The map of a plan for one reader: every region can be pressed, the one looked at is outlined.

Each mark holds the code of its region as `region`, by which a page follows what is pressed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.figures.coloured_map import Scale, coloured_map
from yanzhen.report.figures.geography import geography
from yanzhen.report.figures.theme import EVEN, GAIN, LOSS, Chart, empty, finished
from yanzhen.report.findings.asker import Asker, flows_of
from yanzhen.report.text.quantities import UNKNOWN, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

LEAST_LABEL = 0.01
STRONGEST = 0.95
"""Share of the regions within the ends of the colours."""


@dataclass(frozen=True)
class _Shown:
    """What the colours are: `key` of its words, values by region, and the ends of the scale."""

    key: str
    values: pl.DataFrame
    ends: list[float]
    colours: list[str]


def role_map(plan: "Plan", who: Asker, reader: Reader) -> Chart:
    """Draw what concerns one reader by region.

    Parameters
    ----------
    who : of `yanzhen.report.findings.asker.asker`
    """
    shown = _shown(plan, who)
    if plan.regions.is_empty():
        return empty(reader, "role_map")
    place = geography(plan)
    rows = _rows(plan, who, shown, reader)
    words = f"figure.role_map_{shown.key}"
    chart = coloured_map(
        rows,
        place,
        Scale(reader.word(f"{words}.legend"), ".0%", shown.ends, shown.colours),
        reader,
    )
    named = {
        "region": reader.names.regions.get(who.region, who.region),
        "industry": reader.names.industries.get(who.industry, who.industry),
        "site": reader.names.places.get(who.site, who.site),
    }
    return finished(
        chart,
        reader,
        "role_map",
        title=reader.word(f"{words}.title", **named),
        colour=reader.word(f"{words}.colour"),
        basemap=reader.word(f"basemap.{place.basemap}", source=place.source),
    )


def _shown(plan: "Plan", who: Asker) -> _Shown:
    if who.role in ("enterprise", "zone"):
        end = "destination_region" if who.role == "enterprise" else "origin"
        flows = flows_of(plan, who).group_by(region=end).agg(pl.col("output").sum())
        share = flows.select("region", value=pl.col("output") / pl.col("output").sum())
        most = float(share["value"].max() or 1.0)  # type: ignore[arg-type]
        return _Shown(who.role, share, [0.0, most], [EVEN, GAIN])
    if who.role == "researcher":
        sure = plan.regions.select("region", value="gaining_share")
        return _Shown("sure", sure, [0.0, 0.5, 1.0], [LOSS, EVEN, GAIN])
    net = plan.regions.select("region", value="net_share")
    most = max(float(net["value"].abs().quantile(STRONGEST) or 0.0), 0.01)
    return _Shown("net", net, [-most, 0.0, most], [LOSS, EVEN, GAIN])


def _rows(plan: "Plan", who: Asker, shown: _Shown, reader: Reader) -> list[dict[str, Any]]:
    every = plan.regions.select("region").join(
        shown.values, on="region", how="left", maintain_order="left"
    )
    if shown.key in ("enterprise", "zone"):
        every = every.with_columns(pl.col("value").fill_null(0.0))
    return [
        {
            "region": code,
            "name": reader.names.regions.get(code, code),
            "value": value,
            "said": UNKNOWN if value is None else percent(value),
            "label": percent(value, 0) if abs(value or 0.0) >= LEAST_LABEL else "",
            "chosen": code == who.region,
        }
        for code, value in every.iter_rows()
    ]
