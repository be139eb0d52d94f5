"""One site's prospects as a reader sees them: leads, rivals, and the response to an offer."""

import altair as alt
import polars as pl

from yanzhen.market.plan.plan import Plan
from yanzhen.report.figures.theme import BLUE, VERMILION, WIDTH, Chart, finished, values
from yanzhen.report.names import names
from yanzhen.report.quantities import money
from yanzhen.report.table import Table, shown_table
from yanzhen.report.words import Lang, word


def leads_table(plan: Plan, found: pl.DataFrame, site: str, lang: Lang) -> Table:
    """Leads of a site with the reason that speaks most for it and the one most against it."""
    kinds = {
        "industry": "industry",
        "origin": "region",
        "expected": "money",
        "probability": "share",
        "gain": "share",
        "offer": "share",
        "rival": "place",
        "why": "text",
        "against": "text",
    }
    staying = pl.col("rival").fill_null(word(lang, "zone.staying"))
    reasons = _reasons(plan, site, lang)
    return shown_table(
        plan,
        lang,
        "leads",
        found.with_columns(staying).join(reasons, on=["industry", "origin"], how="left"),
        kinds,  # type: ignore[arg-type]
        title=word(lang, "zone.leads"),
        note=word(lang, "zone.leads_note"),
        heads={
            **{key: word(lang, f"zone.column.{key}") for key in kinds},
            "offer": word(lang, "zone.column.winning"),
        },
    )


def _reasons(plan: Plan, site: str, lang: Lang) -> pl.DataFrame:
    name = names(plan, lang)
    terms = (
        plan.reasons.filter(pl.col("destination") == site, pl.col("term") != "inertia")
        .sort("size", descending=True)
        .group_by("industry", "origin", maintain_order=True)
        .agg(
            best=pl.col("term").first(),
            most=pl.col("size").first(),
            worst=pl.col("term").last(),
            least=pl.col("size").last(),
        )
    )
    said = {"why": ("best", "most"), "against": ("worst", "least")}
    return terms.with_columns(
        pl.Series(
            column,
            [
                f"{name.term(row[term])} {100 * row[size]:+.1f}%".replace("-", "−")
                for row in terms.iter_rows(named=True)
            ],
            dtype=pl.String,
        )
        for column, (term, size) in said.items()
    ).select("industry", "origin", "why", "against")


def rivals_table(plan: Plan, found: pl.DataFrame, lang: Lang) -> Table:
    """Where those who would come would go otherwise."""
    name = names(plan, lang)
    staying = word(lang, "zone.staying")
    frame = found.select(
        pl.col("site").replace_strict(name.places, default=staying).fill_null(staying),
        "diversion",
    )
    return shown_table(
        plan,
        lang,
        "rivals",
        frame,
        {"site": "text", "diversion": "share"},
        title=word(lang, "zone.rivals"),
        note=word(lang, "zone.rivals_note"),
        heads={key: word(lang, f"zone.column.{key}") for key in ("site", "diversion")},
    )


def response_table(plan: Plan, found: pl.DataFrame, lang: Lang) -> Table:
    """What comes at each offer, and what it costs."""
    return shown_table(
        plan,
        lang,
        "response",
        found,
        {
            "offer": "share",
            "arrivals": "money",
            "gained": "money",
            "outlay": "money",
            "cost_of_gained": "share",
            "used": "share",
        },
        title=word(lang, "zone.response"),
        note=word(lang, "zone.response_note"),
        heads={column: word(lang, f"zone.column.{column}") for column in found.columns},
    )


def offer_response(plan: Plan, found: pl.DataFrame, offer: float, lang: Lang) -> Chart:
    """Draw arrivals and outlay over the offer, with the one looked at marked."""
    coin = money(plan, lang)
    kinds = {column: word(lang, f"zone.column.{column}") for column in ("arrivals", "outlay")}
    rows = [
        {"offer": row["offer"], "kind": said, "money": row[column] * coin.factor}
        for row in found.iter_rows(named=True)
        for column, said in kinds.items()
    ]
    title = word(lang, "in_unit", what=word(lang, "zone.yearly"), unit=coin.name)
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=list(kinds.values()), range=[BLUE, VERMILION]),
        legend=alt.Legend(orient="top", symbolType="stroke"),
    )
    x = alt.X(
        "offer:Q",
        title=word(lang, "zone.column.offer"),
        axis=alt.Axis(format=".0%", values=[k / 100 for k in range(0, 11, 2)]),
    )
    lines = (
        alt.Chart(values(rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=x,
            y=alt.Y("money:Q", title=title),
            color=colour,
            strokeDash=alt.StrokeDash("kind:N", legend=None, sort=list(kinds.values())),
            tooltip=[
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("offer:Q", title=word(lang, "zone.column.offer"), format=".1%"),
                alt.Tooltip("money:Q", title=title, format=",.4~g"),
            ],
        )
    )
    marked = alt.Chart(values([{"offer": offer}])).mark_rule(strokeDash=[4, 3]).encode(x=x)
    chart = alt.layer(lines, marked).properties(width=WIDTH, height=240)
    return finished(chart, plan, lang, "offer_response")
