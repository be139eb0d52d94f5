"""What an analysis of chains says, in sentences."""

from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.modes.chain.network.guard import LEAST_INPUT
from yanzhen.report.tables.chain import chain_frames
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.names import Names, names
from yanzhen.report.text.quantities import amount, money, number, percent
from yanzhen.report.text.words import Lang, word
from yanzhen.study.ratios import ratio

if TYPE_CHECKING:
    from yanzhen.modes.chain import ChainAnalysis

SAID = 3
A_POINT = 0.01


def chain_findings(found: "ChainAnalysis", lang: Lang, focus: Focus) -> list[str]:
    """Return the findings of an analysis, the guard's first; what is not known isn't said."""
    frames = chain_frames(found, focus)
    name = names(found, lang)
    said = [
        guard_finding(found, lang, frames["broken"]),
        word(lang, "chain_finding.estimated") if found.table_status == "estimated" else "",
        _stage(found, lang, name),
        _reach(frames["regions"], lang),
        _gaps(frames, found, lang, name),
        _exposure(frames["exposure"], lang, name),
        _concentration(guarded_inputs(frames["concentration"]), lang, name),
        _critical(frames["critical"], lang, name),
        _worse(guarded_inputs(frames["concentration"]), lang, name),
        _cohorts(frames["cohorts"], found, lang, name),
        _follow(frames, lang, name),
        _services(found, lang, name) if focus.region is None else "",
        _not_evaluated(found, lang, name),
    ]
    return [sentence for sentence in said if sentence]


def guard_finding(found: "ChainAnalysis", lang: Lang, shown: pl.DataFrame | None = None) -> str:
    """Return what the guard makes of the plan; nothing where it holds.

    Parameters
    ----------
    shown : rows of `broken` that may be told, all of them where not given; of none nothing is said
    """
    shown = found.broken if shown is None else shown
    if found.guarded and found.certificate is None:
        return word(lang, "chain_finding.guard_not_evaluated")
    if shown.is_empty():
        return ""
    key = "refused"
    if not found.caps.is_empty():
        key = "repaired" if found.left.is_empty() else "not_repaired"
    return word(
        lang,
        f"chain_finding.{key}",
        count=found.broken.height,
        caps=found.caps.height,
        left=found.left.height,
        worst=breach(shown.row(0, named=True), lang, names(found, lang)),
    )


def breach(row: dict[str, Any], lang: Lang, name: Names) -> str:
    """Return one breach in words."""
    return word(
        lang,
        f"chain_finding.breach_{row['kind']}",
        region=name.regions[row["region"]],
        input="" if row["input"] is None else name.industries[row["input"]],
        supplier=name.regions[row["supplier_region"]],
        **{key: percent(row[key]) for key in ("before", "after", "limit")},
    )


def guarded_inputs(concentration: pl.DataFrame) -> pl.DataFrame:
    """Return inputs of at least 1 % of what their region buys."""
    return concentration.filter(pl.col("need") >= LEAST_INPUT * pl.col("need").sum().over("region"))


def _stage(found: "ChainAnalysis", lang: Lang, name: Names) -> str:
    made = found.chain["industry"].unique().to_list()
    rows = found.stages.filter(pl.col("industry").is_in(made))
    up, down = rows.row(0, named=True), rows.row(-1, named=True)
    return word(
        lang,
        "chain_finding.stage",
        up=name.industries.get(up["industry"], up["industry"]),
        up_steps=number(up["upstreamness"]),
        down=name.industries.get(down["industry"], down["industry"]),
        down_steps=number(down["upstreamness"]),
    )


def _reach(regions: pl.DataFrame, lang: Lang) -> str:
    known = regions.drop_nulls(["own_share", "kilometres"])
    total = float(known["inputs"].sum())
    own = ratio(float((known["inputs"] * known["own_share"]).sum()), total)
    far = ratio(float((known["inputs"] * known["kilometres"]).sum()), total)
    if own is None or far is None:
        return ""
    return word(lang, "chain_finding.reach", own=percent(own, 0), km=number(round(far)))


def _gaps(frames: dict[str, pl.DataFrame], found: "ChainAnalysis", lang: Lang, name: Names) -> str:
    rows = frames["gaps"].filter(pl.col("gap_beyond_reach") > 0).head(SAID)
    seen = found.study.tables["activity"].filter(
        pl.col("year") == found.year, pl.col("output").is_not_null()
    )
    # A source whose output is only estimated is in the table, not in a sentence.
    nearest = (
        found.sources.join(
            seen.select(source="region", input="industry"), on=["source", "input"], how="semi"
        )
        .sort("rank")
        .unique(["region", "input"], keep="first", maintain_order=True)
        .select("region", "input", "source")
    )
    joined = rows.join(nearest, on=["region", "input"], how="left", maintain_order="left")
    each = [
        word(
            lang,
            "chain_finding.gap" if row["source"] else "chain_finding.gap_alone",
            region=name.regions[row["region"]],
            input=name.industries[row["input"]],
            gap=amount(row["gap_beyond_reach"], money(found, lang)),
            share=percent(row["share_open"]),
            source=name.regions.get(row["source"], ""),
        )
        for row in joined.iter_rows(named=True)
    ]
    return _listed("gaps", each, lang)


def _exposure(rows: pl.DataFrame, lang: Lang, name: Names) -> str:
    each = [
        word(
            lang,
            "chain_finding.dependence" if row["exposure_after"] is None
            else "chain_finding.dependence_after",
            region=name.regions[row["region"]],
            supplier=name.regions[row["supplier_region"]],
            loss=percent(row["exposure"]),
            later=percent(row["exposure_after"]),
            share=percent(row["share_bought"]),
        )
        for row in rows.head(SAID).iter_rows(named=True)
    ]  # fmt: skip
    return _listed("exposure", each, lang)


def _concentration(rows: pl.DataFrame, lang: Lang, name: Names) -> str:
    each = [
        word(
            lang,
            "chain_finding.source",
            region=name.regions[row["region"]],
            input=name.industries[row["input"]],
            share=percent(row["largest_share"], 0),
            supplier=name.regions[row["largest_supplier"]],
        )
        for row in rows.head(SAID).iter_rows(named=True)
    ]
    return _listed("concentration", each, lang)


def _critical(rows: pl.DataFrame, lang: Lang, name: Names) -> str:
    each = [
        word(
            lang,
            "chain_finding.node",
            region=name.regions[row["region"]],
            industry=name.industries[row["industry"]],
            loss=percent(row["lost_share"]),
        )
        for row in rows.head(SAID).iter_rows(named=True)
    ]
    return _listed("critical", each, lang)


def _worse(rows: pl.DataFrame, lang: Lang, name: Names) -> str:
    known = rows.drop_nulls("change").sort("change", "region", "input", descending=True)
    if known.is_empty():
        return ""
    most = known.row(0, named=True)
    return word(
        lang,
        "chain_finding.worse",
        worse=known.filter(pl.col("change") > A_POINT).height,
        better=known.filter(pl.col("change") < -A_POINT).height,
        region=name.regions[most["region"]],
        input=name.industries[most["input"]],
        before=percent(most["concentration"]),
        after=percent(most["concentration_after"]),
    )


def _cohorts(rows: pl.DataFrame, found: "ChainAnalysis", lang: Lang, name: Names) -> str:
    if rows.is_empty():
        return ""
    together = rows.filter(pl.col("moves_together"), pl.col("moves_alone") == 0).height
    if together:
        return word(lang, "chain_finding.cohorts", all=rows.height, together=together)
    near = rows.drop_nulls("strength_needed").sort("strength_needed", "cohort")
    if near.is_empty():
        return ""
    first = near.row(0, named=True)
    return word(
        lang,
        "chain_finding.cohorts_none",
        all=rows.height,
        strength=f"{100 * found.strength:g}",
        origin=name.regions.get(first["origin"], first["origin"]),
        industry=name.industries[first["industry"]],
        suppliers=first["members"] - 1,
        needed=percent(first["strength_needed"], 0),
    )


def _follow(frames: dict[str, pl.DataFrame], lang: Lang, name: Names) -> str:
    rows = (
        frames["cohort_members"]
        .filter(role="supplier")
        .join(frames["cohorts"].select("cohort", "origin", "site"), on="cohort")
        .with_columns(more=pl.col("chance_together") - pl.col("chance_alone"))
        .sort("more", "cohort", descending=[True, False])
    )
    if rows.is_empty() or rows["more"][0] <= 0:
        return ""
    first = rows.row(0, named=True)
    return word(
        lang,
        "chain_finding.follow",
        origin=name.regions.get(first["origin"], first["origin"]),
        supplier=name.industries[first["industry"]],
        site=name.places.get(first["site"], first["site"]),
        alone=percent(first["chance_alone"]),
        together=percent(first["chance_together"]),
    )


def _services(found: "ChainAnalysis", lang: Lang, name: Names) -> str:
    net = (
        found.services.group_by("region", maintain_order=True)
        .agg(pl.col("net").sum())
        .sort("net", "region", descending=[True, False])
    )
    if net.height < 2:
        return ""
    up, down = net.row(0, named=True), net.row(-1, named=True)
    shown = money(found, lang)
    return word(
        lang,
        "chain_finding.services",
        up=name.regions.get(up["region"], up["region"]),
        gained=amount(up["net"], shown),
        down=name.regions.get(down["region"], down["region"]),
        lost=amount(down["net"], shown),
    )


def _not_evaluated(found: "ChainAnalysis", lang: Lang, name: Names) -> str:
    each = [f"{name.term(term)} ({needs})" for term, needs in found.not_evaluated.iter_rows()]
    return _listed("not_evaluated", each, lang)


def _listed(key: str, each: list[str], lang: Lang) -> str:
    joined = word(lang, "semicolon").join(each)
    return word(lang, f"chain_finding.{key}", each=joined) if each else ""
