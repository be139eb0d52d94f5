"""Picture of docking: what each input's buyers need, and where it would come from."""

from typing import TYPE_CHECKING

import altair as alt

from yanzhen.report.figures.encodings import kinds
from yanzhen.report.figures.theme import (
    BLUE,
    INK,
    NO_DATA,
    RULE,
    SKY,
    VERMILION,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.modes.chain.docking.docking_lists import Docking

PARTS = ("same_region", "other_regions", "present", "no_supplier", "not_sought")
COLOURS = (BLUE, SKY, NO_DATA, VERMILION, RULE)


def docking(found: "Docking", reader: Reader) -> Chart:
    """Draw needs by input, docked within the region, from others, or not; spare as a tick."""
    if found.industries.is_empty():
        return empty(reader, "docking")
    name, unit = reader.names.industries, reader.money
    heads = {part: reader.word(f"docking.part.{part}") for part in PARTS}
    ordered = found.industries.sort("need", "input", descending=[True, False])
    order = [name.get(code, code) for code in ordered["input"]]
    rows = [
        {
            "input": name.get(row["input"], row["input"]),
            "part": heads[part],
            "order": place,
            "amount": row[part] * unit.factor,
        }
        for row in ordered.iter_rows(named=True)
        for place, part in enumerate(PARTS)
    ]
    amount = alt.X(
        "amount:Q",
        title=reader.word("in_unit_a_year", what=reader.word("docking.amount"), unit=unit.name),
    )
    bars = (
        alt.Chart(values(rows))
        .mark_bar()
        .encode(
            y=alt.Y("input:N", sort=order, title=None, axis=alt.Axis(labelLimit=260)),
            x=amount,
            color=kinds("part", list(heads.values()), COLOURS, sort=list(heads.values())),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("input:N", title=reader.word("column.input")),
                alt.Tooltip("part:N", title=reader.word("docking.part.name")),
                alt.Tooltip("amount:Q", title=unit.name, format=",.2f"),
            ],
        )
    )
    most = float(ordered["need"].max()) * 1.15  # type: ignore[arg-type]
    spare = [
        {"input": name.get(code, code), "spare": min(spare, most) * unit.factor}
        for code, spare in ordered.select("input", "spare").iter_rows()
        if spare <= most
    ]
    ticks = (
        alt.Chart(values(spare))
        .mark_tick(color=INK, thickness=2, height={"band": 0.9})
        .encode(y=alt.Y("input:N", sort=order), x=alt.X("spare:Q"))
    )
    layers = [bars, ticks] if spare else [bars]
    chart = alt.layer(*layers).properties(width=WIDTH - 220, height=24 * len(order) + 10)
    return finished(chart, reader, "docking")
