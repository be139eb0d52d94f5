"""Axes, colours and marks that figures share."""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
from altair.utils.schemapi import UndefinedType

from yanzhen.report.figures.theme import CATEGORIES, GAIN, INK, QUIET, values

ABOVE = alt.ExprRef("width")
"""As far as a text may reach that stands above its bar."""
MOST_TICKS = 12
SQUARES: dict[str, Any] = {"symbolType": "square", "columns": alt.ExprRef("width < 420 ? 2 : 7")}
"""Look of a legend whose names need two rows or more on a telephone."""
# A long name breaks at its first space after the sixteenth letter.
TWO_LINES = "split(replace(datum.label, regexp('^(.{16,}?) '), '$1|'), '|')"


def row_names(
    field: str,
    labels: Sequence[str],
    limit: int,
    sort: Sequence[str] | UndefinedType = alt.Undefined,
    **axis: Any,
) -> alt.Y:
    """Return rows named in the order given, a name at most `limit` pixels wide."""
    return alt.Y(
        f"{field}:N",
        sort=sort,
        title=None,
        scale=alt.Scale(domain=list(labels)),
        axis=alt.Axis(ticks=False, domain=False, labelLimit=limit, **axis),
    )


def column_names(
    field: str, labels: Sequence[str], sort: Sequence[str] | UndefinedType = alt.Undefined
) -> alt.X:
    """Return columns with their names upright above, in two lines where they are broad enough."""
    return alt.X(
        f"{field}:N",
        sort=sort,
        title=None,
        scale=alt.Scale(domain=list(labels)),
        axis=alt.Axis(
            orient="top",
            labelAngle=-90,
            labelLimit=190,
            labelExpr=f"width < 560 ? datum.label : {TWO_LINES}",
            ticks=False,
            domain=False,
        ),
    )


def kinds(
    field: str,
    labels: Sequence[str],
    colours: Sequence[str],
    sort: Sequence[str] | UndefinedType = alt.Undefined,
    **legend: Any,
) -> alt.Color:
    """Return a colour for each kind, explained above the picture."""
    return alt.Color(
        f"{field}:N",
        title=None,
        sort=sort,
        scale=alt.Scale(domain=list(labels), range=list(colours)),
        legend=alt.Legend(orient="top", **legend),
    )


def macro_region_kinds(labels: Sequence[str], **legend: Any) -> alt.Color:
    """Return a colour for each macro-region."""
    return kinds("macro_region", labels, CATEGORIES[: len(labels)], **legend)


def either(channel: Callable[..., Any], test: str, yes: object, no: object) -> Any:
    """Return what an encoding is where a test holds, and where it does not.

    `alt.condition` says it as a mapping, whose channel Altair finds by trying all its classes.
    """
    return channel(no, condition={"test": test, "value": yes})


def at_pixel(x: float) -> Any:
    """Return a place so many pixels from the left edge."""
    # Altair does not type this one.
    channel: Any = alt.XValue
    return channel(x)


def zero_line(axis: str, field: str, **look: Any) -> alt.Chart:
    """Return the line at zero across an axis, x or y."""
    line = alt.Chart(values([{field: 0}])).mark_rule(**({"color": QUIET} | look))
    drawn: alt.Chart = line.encode(**{axis: getattr(alt, axis.upper())(f"{field}:Q")})
    return drawn


def zero_marks(rows: alt.Chart, y: alt.Y, size: int, **look: Any) -> alt.Chart:
    """Return a mark at zero in each row, where a line across would run through what is written."""
    mark = rows.mark_tick(color=QUIET, orient="vertical", thickness=1, size=size, **look)
    drawn: alt.Chart = mark.encode(x=alt.XDatum(0), y=y)
    return drawn


def year_axis(title: str | None = None) -> alt.X:
    """Return years side by side, as many named as there is room for.

    Their bars and points stand above their names: ticks, which would be as many as the years, say
    nothing more.
    """
    return alt.X(
        "year:O",
        title=title,
        axis=alt.Axis(labelAngle=0, labelOverlap=True, labelSeparation=6, ticks=False, grid=False),
    )


def round_ticks(last: int) -> list[int]:
    """Return 1 and round whole numbers up to the last, at most some dozen."""
    steps = (digit * 10**power for power in range(len(str(last))) for digit in (1, 2, 5))
    step = next(step for step in steps if last <= MOST_TICKS * step)
    return sorted({1, *range(step, last + 1, step)})


def neither_loses(data: alt.NamedData | alt.InlineData) -> alt.Chart:
    """Return bands over the shares, from low to high, for which neither party loses."""
    bands = alt.Chart(data).mark_rect(opacity=0.14, color=GAIN)
    drawn: alt.Chart = bands.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    return drawn


def diamonds(base: alt.Chart, size: int, **look: Any) -> alt.Chart:
    """Return white diamonds, which mark sums over stacked bars."""
    marked: alt.Chart = base.mark_point(
        shape="diamond", size=size, filled=True, color="white", stroke=INK, opacity=1, **look
    )
    return marked


def written_above(base: alt.Chart, dy: int, field: str) -> alt.Chart:
    """Return texts that begin at the left edge, above the bars they name."""
    written: alt.Chart = base.mark_text(align="left", dy=dy, limit=ABOVE).encode(
        x=at_pixel(0), text=alt.Text(f"{field}:N")
    )
    return written


def at_points(rows: list[dict[str, Any]], **encodings: Any) -> alt.Chart:
    """Return rows at their places on a map, `x` and `y` on its plane."""
    drawn: alt.Chart = alt.Chart(values(rows)).encode(
        longitude=alt.Longitude("x:Q"), latitude=alt.Latitude("y:Q"), **encodings
    )
    return drawn


def haloed(base: alt.Chart, **look: Any) -> list[alt.Chart]:
    """Return texts on a halo that keeps them legible over lines and areas."""
    halo = base.mark_text(stroke="white", strokeWidth=3, strokeJoin="round", **look)
    return [halo, base.mark_text(**look)]
