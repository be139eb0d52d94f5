"""Pictures of matched achievements: from where to where, and what each match rests on."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from yanzhen.report.figures.encodings import either, kinds
from yanzhen.report.figures.theme import (
    BLUE,
    CATEGORIES,
    INK,
    WIDTH,
    Chart,
    empty,
    finished,
    values,
)
from yanzhen.report.tables.technology import titles_of
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.modes.technology.matching.matching import Matching

MOST_MATCHES = 15
LONGEST_TITLE = 26
FEW = alt.ExprRef("width < 420 ? 1 : 4")


def achievement_flows(matching: "Matching", reader: Reader) -> Chart:
    """Draw how many achievements go from each macro-region to each on average."""
    said = reader.names
    macro = dict(matching.study.tables["regions"].select("region", "macro_region").iter_rows())
    flows = matching.flows.with_columns(
        pl.col(name).replace_strict(macro, default=None) for name in ("region", "home_region")
    )
    summed = flows.group_by("region", "home_region", maintain_order=True).agg(pl.sum("expected"))
    if summed.is_empty():
        return empty(reader, "technology_flows")
    rows = [
        {
            "origin": said.macro_region(row["region"]),
            "destination": said.macro_region(row["home_region"]),
            "expected": row["expected"],
            "label": f"{row['expected']:.1f}",
        }
        for row in summed.iter_rows(named=True)
    ]
    largest = max(row["expected"] for row in rows)
    order = [said.macro_region(code) for code in dict.fromkeys(macro.values()) if code]
    order += [said.macro_region(None)]
    base = alt.Chart(values(rows)).encode(
        x=alt.X(
            "destination:N",
            sort=order,
            title=reader.word("technology.received_in"),
            axis=alt.Axis(labelAngle=0, orient="top", ticks=False, domain=False),
        ),
        y=alt.Y(
            "origin:N",
            sort=order,
            title=reader.word("technology.owned_in"),
            axis=alt.Axis(ticks=False, domain=False),
        ),
        tooltip=[
            alt.Tooltip("origin:N", title=reader.word("technology.owned_in")),
            alt.Tooltip("destination:N", title=reader.word("technology.received_in")),
            alt.Tooltip("expected:Q", title=reader.word("technology.expected"), format=".2f"),
        ],
    )
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color(
            "expected:Q",
            scale=alt.Scale(range=["#eef4f9", BLUE], domain=[0, largest]),
            title=reader.word("technology.expected"),
        )
    )
    labels = base.mark_text(fontSize=13).encode(
        text=alt.Text("label:N"),
        color=either(alt.ColorValue, f"datum.expected > {0.6 * largest}", "white", INK),
    )
    owners = len({row["origin"] for row in rows})
    chart = alt.layer(cells, labels).properties(width=WIDTH, height=46 * owners)
    return finished(chart, reader, "technology_flows")


def match_terms(matching: "Matching", reader: Reader) -> Chart:
    """Draw the terms that the likeliest matches are made of."""
    best = best_matches(matching).head(MOST_MATCHES)
    if best.is_empty():
        return empty(reader, "technology_terms")
    titles = titles_of(matching, reader)
    terms = [name for name in best.columns if name.startswith("term_")]
    used = [name for name in terms if (best[name] != 0).any()]
    shown = {name: reader.word(f"technology.{name}") for name in [*used, "price"]}
    order = [_label(titles, row) for row in best.iter_rows(named=True)]
    rows = [
        {
            "match": _label(titles, row),
            "term": shown[name],
            "worth": -row[name] if name == "price" else row[name],
            "place": place,
        }
        for row in best.iter_rows(named=True)
        for place, name in enumerate(shown)
    ]
    colours = dict(zip(shown.values(), CATEGORIES, strict=False))
    chart = (
        alt.Chart(values(rows))
        .mark_bar()
        .encode(
            y=alt.Y(
                "match:N",
                sort=order,
                title=None,
                axis=alt.Axis(labelExpr=r"split(datum.label, '\n')", ticks=False, domain=False),
            ),
            x=alt.X("worth:Q", title=reader.word("technology.value"), axis=alt.Axis(format=".2f")),
            color=kinds("term", list(colours), list(colours.values()), columns=FEW),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("match:N", title=reader.word("technology.match")),
                alt.Tooltip("term:N", title=reader.word("technology.term")),
                alt.Tooltip("worth:Q", title=reader.word("technology.value"), format=".3f"),
            ],
        )
        .properties(width=WIDTH, height=40 * len(set(order)))
    )
    return finished(chart, reader, "technology_terms", count=best.height)


def best_matches(matching: "Matching") -> pl.DataFrame:
    """The likeliest match of each achievement, the likeliest of all first."""
    return matching.pairs.filter(pl.col("rank") == 1).sort(
        ["share", "achievement"], descending=[True, False]
    )


def _label(titles: dict[str, str], row: dict[str, str]) -> str:
    """Both titles, one below the other."""
    return f"{_short(titles[row['achievement']])}\n→ {_short(titles[row['partner']])}"


def _short(title: str) -> str:
    """A title of at most `LONGEST_TITLE` columns, a Chinese character taking two."""
    width = 0
    for place, character in enumerate(title):
        width += 2 if ord(character) > 0x2E7F else 1
        if width > LONGEST_TITLE:
            return title[:place] + "…"
    return title
