"""What a scenario changes by region, on the map."""

from typing import TYPE_CHECKING, Any

from yanzhen.report.figures.coloured_map import Scale, coloured_map
from yanzhen.report.figures.geography import geography
from yanzhen.report.figures.theme import EVEN, GAIN, LOSS, Chart, empty, finished
from yanzhen.report.tables.scenarios import SMALLEST, titles
from yanzhen.report.text.quantities import UNKNOWN, amount, number
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.counterfactuals.comparison import Comparison
    from yanzhen.market.plan.plan import Plan

LABELLED = 0.05
"""Share of the largest change from which on a change is written on the map."""


def _label(value: float | None, most: float, factor: float) -> str:
    told = value is not None and abs(value) > LABELLED * most
    return number(value * factor) if told and value is not None else ""


def difference_map(plan: "Plan", comparison: "Comparison", scenario: str, reader: Reader) -> Chart:
    """Draw the change of each region's net arrivals under one scenario."""
    changed = comparison.regions.filter(scenario=scenario)
    most = float(changed["change"].abs().max() or 0.0)  # type: ignore[arg-type]
    if most <= SMALLEST:
        return empty(reader, "difference_map")
    change: dict[str, float] = dict(changed.drop_nulls("change").select("region", "change").rows())
    unit, place = reader.size, geography(plan)
    rows: list[dict[str, Any]] = []
    for region in plan.regions["region"]:
        value = change.get(region)
        rows.append(
            {
                "region": region,
                "name": reader.names.regions.get(region, region),
                "value": None if value is None else value * unit.factor,
                "said": UNKNOWN if value is None else amount(value, unit),
                "label": _label(value, most, unit.factor),
                "chosen": False,
            }
        )
    end = most * unit.factor
    title = reader.word("in_unit", what=reader.word("scenario_axis.change"), unit=unit.name)
    chart = coloured_map(
        rows, place, Scale(title, ",.3~g", [-end, 0.0, end], [LOSS, EVEN, GAIN]), reader
    )
    return finished(
        chart,
        reader,
        "difference_map",
        scenario=titles(comparison, reader)[scenario],
        basemap=reader.word(f"basemap.{place.basemap}", source=place.source),
    )
