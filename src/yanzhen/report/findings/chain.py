"""What an analysis of chains says, in sentences."""

from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.modes.chain.network.guard import LEAST_INPUT
from yanzhen.report.tables.chain import chain_frames
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.quantities import amount, number, percent
from yanzhen.report.text.reader import Reader
from yanzhen.study.ratios import ratio

if TYPE_CHECKING:
    from yanzhen.modes.chain import ChainAnalysis

SAID = 3
A_POINT = 0.01


def chain_findings(found: "ChainAnalysis", reader: Reader, focus: Focus) -> list[str]:
    """Return the findings of an analysis, the guard's first; what is not known isn't said."""
    frames = chain_frames(found, focus)
    said = [
        guard_finding(found, reader, frames["broken"]),
        reader.word("chain_finding.estimated") if found.table_status == "estimated" else "",
        _stage(found, reader),
        _reach(frames["regions"], reader),
        _gaps(frames, found, reader),
        _exposure(frames["exposure"], reader),
        _concentration(guarded_inputs(frames["concentration"]), reader),
        _critical(frames["critical"], reader),
        _worse(guarded_inputs(frames["concentration"]), reader),
        _cohorts(frames["cohorts"], found, reader),
        _follow(frames, reader),
        _services(found, reader) if focus.region is None else "",
        _not_evaluated(found, reader),
    ]
    return [sentence for sentence in said if sentence]


def guard_finding(found: "ChainAnalysis", reader: Reader, shown: pl.DataFrame | None = None) -> str:
    """Return what the guard makes of the plan; nothing where it holds.

    Parameters
    ----------
    shown : rows of `broken` that may be told, all of them where not given; of none nothing is said
    """
    shown = found.broken if shown is None else shown
    if found.guarded and found.certificate is None:
        return reader.word("chain_finding.guard_not_evaluated")
    if shown.is_empty():
        return ""
    key = "refused"
    if not found.caps.is_empty():
        key = "repaired" if found.left.is_empty() else "not_repaired"
    return reader.word(
        f"chain_finding.{key}",
        count=found.broken.height,
        caps=found.caps.height,
        left=found.left.height,
        worst=breach(shown.row(0, named=True), reader),
    )


def breach(row: dict[str, Any], reader: Reader) -> str:
    """Return one breach in words."""
    return reader.word(
        f"chain_finding.breach_{row['kind']}",
        region=reader.names.regions[row["region"]],
        input="" if row["input"] is None else reader.names.industries[row["input"]],
        supplier=reader.names.regions[row["supplier_region"]],
        **{key: percent(row[key]) for key in ("before", "after", "limit")},
    )


def guarded_inputs(concentration: pl.DataFrame) -> pl.DataFrame:
    """Return inputs of at least 1 % of what their region buys."""
    return concentration.filter(pl.col("need") >= LEAST_INPUT * pl.col("need").sum().over("region"))


def _stage(found: "ChainAnalysis", reader: Reader) -> str:
    made = found.chain["industry"].unique().to_list()
    rows = found.stages.filter(pl.col("industry").is_in(made))
    up, down = rows.row(0, named=True), rows.row(-1, named=True)
    return reader.word(
        "chain_finding.stage",
        up=reader.names.industries.get(up["industry"], up["industry"]),
        up_steps=number(up["upstreamness"]),
        down=reader.names.industries.get(down["industry"], down["industry"]),
        down_steps=number(down["upstreamness"]),
    )


def _reach(regions: pl.DataFrame, reader: Reader) -> str:
    known = regions.drop_nulls(["own_share", "kilometres"])
    total = float(known["inputs"].sum())
    own = ratio(float((known["inputs"] * known["own_share"]).sum()), total)
    far = ratio(float((known["inputs"] * known["kilometres"]).sum()), total)
    if own is None or far is None:
        return ""
    return reader.word("chain_finding.reach", own=percent(own, 0), km=number(round(far)))


def _gaps(frames: dict[str, pl.DataFrame], found: "ChainAnalysis", reader: Reader) -> str:
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
        reader.word(
            "chain_finding.gap" if row["source"] else "chain_finding.gap_alone",
            **reader.named(row, "region input"),
            gap=amount(row["gap_beyond_reach"], reader.money),
            share=percent(row["share_open"]),
            source=reader.names.regions.get(row["source"], ""),
        )
        for row in joined.iter_rows(named=True)
    ]
    return _listed("gaps", each, reader)


def _exposure(rows: pl.DataFrame, reader: Reader) -> str:
    each = [
        reader.word(
            "chain_finding.dependence" if row["exposure_after"] is None
            else "chain_finding.dependence_after",
            region=reader.names.regions[row["region"]],
            supplier=reader.names.regions[row["supplier_region"]],
            loss=percent(row["exposure"]),
            later=percent(row["exposure_after"]),
            share=percent(row["share_bought"]),
        )
        for row in rows.head(SAID).iter_rows(named=True)
    ]  # fmt: skip
    return _listed("exposure", each, reader)


def _concentration(rows: pl.DataFrame, reader: Reader) -> str:
    each = [
        reader.word(
            "chain_finding.source",
            **reader.named(row, "region input"),
            share=percent(row["largest_share"], 0),
            supplier=reader.names.regions[row["largest_supplier"]],
        )
        for row in rows.head(SAID).iter_rows(named=True)
    ]
    return _listed("concentration", each, reader)


def _critical(rows: pl.DataFrame, reader: Reader) -> str:
    each = [
        reader.word(
            "chain_finding.node",
            **reader.named(row, "region industry"),
            loss=percent(row["lost_share"]),
        )
        for row in rows.head(SAID).iter_rows(named=True)
    ]
    return _listed("critical", each, reader)


def _worse(rows: pl.DataFrame, reader: Reader) -> str:
    known = rows.drop_nulls("change").sort("change", "region", "input", descending=True)
    if known.is_empty():
        return ""
    most = known.row(0, named=True)
    return reader.word(
        "chain_finding.worse",
        worse=known.filter(pl.col("change") > A_POINT).height,
        better=known.filter(pl.col("change") < -A_POINT).height,
        **reader.named(most, "region input"),
        before=percent(most["concentration"]),
        after=percent(most["concentration_after"]),
    )


def _cohorts(rows: pl.DataFrame, found: "ChainAnalysis", reader: Reader) -> str:
    if rows.is_empty():
        return ""
    together = rows.filter(pl.col("moves_together"), pl.col("moves_alone") == 0).height
    if together:
        return reader.word("chain_finding.cohorts", all=rows.height, together=together)
    near = rows.drop_nulls("strength_needed").sort("strength_needed", "cohort")
    if near.is_empty():
        return ""
    first = near.row(0, named=True)
    return reader.word(
        "chain_finding.cohorts_none",
        all=rows.height,
        strength=f"{100 * found.strength:g}",
        **reader.named(first, "origin industry"),
        suppliers=first["members"] - 1,
        needed=percent(first["strength_needed"], 0),
    )


def _follow(frames: dict[str, pl.DataFrame], reader: Reader) -> str:
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
    return reader.word(
        "chain_finding.follow",
        origin=reader.names.regions.get(first["origin"], first["origin"]),
        supplier=reader.names.industries[first["industry"]],
        site=reader.names.places.get(first["site"], first["site"]),
        alone=percent(first["chance_alone"]),
        together=percent(first["chance_together"]),
    )


def _services(found: "ChainAnalysis", reader: Reader) -> str:
    net = (
        found.services.group_by("region", maintain_order=True)
        .agg(pl.col("net").sum())
        .sort("net", "region", descending=[True, False])
    )
    if net.height < 2:
        return ""
    up, down = net.row(0, named=True), net.row(-1, named=True)
    shown = reader.money
    return reader.word(
        "chain_finding.services",
        up=reader.names.regions.get(up["region"], up["region"]),
        gained=amount(up["net"], shown),
        down=reader.names.regions.get(down["region"], down["region"]),
        lost=amount(down["net"], shown),
    )


def _not_evaluated(found: "ChainAnalysis", reader: Reader) -> str:
    each = [
        f"{reader.names.term(term)} ({needs})" for term, needs in found.not_evaluated.iter_rows()
    ]
    return _listed("not_evaluated", each, reader)


def _listed(key: str, each: list[str], reader: Reader) -> str:
    joined = reader.word("semicolon").join(each)
    return reader.word(f"chain_finding.{key}", each=joined) if each else ""
