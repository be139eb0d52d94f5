"""What a plan does to the whole economy, in sentences."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.effects.accounting import rules_of
from yanzhen.effects.response import FREE, IMMOBILE
from yanzhen.phrasebook import in_language
from yanzhen.report.text.quantities import UNKNOWN, amount, number, percent, small
from yanzhen.report.text.reader import Reader
from yanzhen.study.statuses import ESTIMATED, given_status

if TYPE_CHECKING:
    from yanzhen.effects.plan_effects import Effects

NAMED = 3
REGION = "region"
SAME = 1e-6
"""Largest |Δ log| of a real income between equilibria that count as one."""


def effects_findings(found: "Effects", reader: Reader, region: str | None = None) -> list[str]:
    """Return what was found: books, hollowing-out, gains, disparity, sourcing, checks.

    Parameters
    ----------
    region : that is looked at: no other is named then
    """
    if region is None:
        of_places = [*_books(found, reader), *_hollowing(found, reader), *_gains(found, reader)]
        of_supply = [*_sourcing(found, reader), *_joint(found, reader)]
    else:
        of_places, of_supply = _of_region(found, reader, region)
    return [
        *of_places,
        *_disparity(found, reader),
        *of_supply,
        *_estimated(found, reader, region),
        *_proof(found, reader),
        *_uniqueness(found, reader),
        *(
            reader.word(
                "effects.finding.lacking", model=reader.word(f"effects.model.{term}"), needs=needs
            )
            for term, needs in found.not_evaluated.iter_rows()
        ),
    ]


def _books(found: "Effects", reader: Reader) -> list[str]:
    rows = found.ledger_regions.filter(year=found.last_year, measure="output")
    moved = float(rows["departures"].sum())
    if not moved > 0:
        return [reader.word("finding.nothing_moves")]
    sent = rows.filter(pl.col("departures") > 0).sort("kept", "region").head(NAMED)
    return [
        reader.word(
            "effects.finding.books",
            year=found.last_year,
            moved=amount(moved, reader.money),
            kept=_listed(reader, sent, "kept", percent),
        )
    ]


def _hollowing(found: "Effects", reader: Reader) -> list[str]:
    rules = {key: in_language(rule, reader.lang) for key, rule in rules_of(found.limits).items()}
    said = {"rule": rules["region"], "industry_rule": rules["specialised_industry"]}
    flagged = found.hollowing
    if flagged.is_empty():
        return [reader.word("effects.finding.no_hollowing", **said)]
    whole = flagged.filter(pl.col("industry").is_null())
    parts = flagged.filter(pl.col("industry").is_not_null())
    return [
        reader.word(
            "effects.finding.hollowing",
            regions=_listed(reader, whole, "lost", percent) or reader.word("effects.none"),
            industries=parts.height,
            **said,
        )
    ]


def _gains(found: "Effects", reader: Reader) -> list[str]:
    said = []
    for mobility, column in ((IMMOBILE, "real_income_change"), (FREE, "people_change")):
        rows = found.response.filter(mobility=mobility).drop_nulls(column)
        if rows.is_empty():
            continue
        ordered = rows.sort(column, REGION, descending=[True, False])
        up = ordered.filter(pl.col(column) > 0).head(NAMED)
        down = ordered.filter(pl.col(column) < 0).reverse().head(NAMED)
        whole = found.welfare.filter(pl.col(REGION).is_null(), mobility=mobility, part="total")
        said.append(
            reader.word(
                f"effects.finding.{mobility}",
                **{
                    way: reader.word(
                        f"effects.finding.{mobility}_{way}",
                        each=_listed(reader, named, column, _signed),
                    )
                    if named.height
                    else ""
                    for way, named in (("up", up), ("down", down))
                },
                gaining=rows.filter(pl.col(column) > 0).height,
                of=rows.height,
                whole=_signed(float(whole["size"].item()), 2),
            )
        )
        if mobility == IMMOBILE:
            most = ordered.sort(pl.col("net_share").abs(), REGION, descending=[True, False])
            row = most.row(0, named=True)
            if row["net_share"] is not None:
                said.append(
                    reader.word(
                        "effects.finding.response",
                        region=reader.names.regions.get(row[REGION], row[REGION]),
                        net=_signed(row["net_share"]),
                        output=_signed(row["output_change"]),
                        income=_signed(row["income_change"]),
                    )
                )
    if said and found.left_out > 1e-6:
        said.append(reader.word("effects.finding.left_out", share=percent(found.left_out)))
    return said


def _estimated(found: "Effects", reader: Reader, region: str | None) -> list[str]:
    """How much of what the books start from is an estimate, of its maker or completed."""
    study, said = found.study, []
    kept = pl.lit(True) if region is None else pl.col(REGION) == region
    own = study.tables["activity"].filter(pl.col("year") == found.year)
    own = own.select(
        REGION,
        "industry",
        own=study.about.size,
        status=given_status(study.about.measured_by.status, study.about.synthetic),
    )
    books = found.ledger.filter(kept, year=found.last_year, measure="output").drop_nulls("before")
    cells = books.join(own, on=[REGION, "industry"], how="left")
    unsure = cells.filter(pl.col("own").is_null() | (pl.col("status") == ESTIMATED))
    if unsure["before"].sum() > 0:
        share = percent(float(unsure["before"].sum()) / float(cells["before"].sum()))
        said.append(reader.word("finding.observed", base=found.year, share=share))
    gdp = study.tables["indicators"].filter(
        kept, pl.col("year") == found.year, pl.col("indicator") == "gdp", pl.col("value") > 0
    )
    status = gdp.select(given_status("status", study.about.synthetic)).to_series()
    count = int((status == ESTIMATED).sum())
    if count and found.response.height:
        said.append(
            reader.word(
                "effects.finding.gdp_estimated", count=count, of=gdp.height, base=found.year
            )
        )
    return said


def _of_region(found: "Effects", reader: Reader, region: str) -> tuple[list[str], list[str]]:
    """What is found of one region: its books and gains, and where its supplies are from."""
    name = reader.names.regions.get(region, region)
    of_places = []
    for row in found.ledger_regions.filter(
        year=found.last_year, measure="output", region=region
    ).iter_rows(named=True):
        moved = {
            key: UNKNOWN if row[key] is None else amount(row[key], reader.money)
            for key in ("arrivals", "departures")
        }
        kept = percent(row["kept"])
        of_places.append(
            reader.word(
                "effects.finding.region_books", year=row["year"], region=name, kept=kept, **moved
            )
        )
    of_places.append(_flagged(found, reader, region, name))
    for mobility in (IMMOBILE, FREE):
        whole = found.welfare.filter(pl.col(REGION).is_null(), mobility=mobility, part="total")
        for row in found.response.filter(mobility=mobility, region=region).iter_rows(named=True):
            of_places.append(
                reader.word(
                    f"effects.finding.region_{mobility}",
                    region=name,
                    real=_told(row["real_income_change"]),
                    net=_told(row["net_share"]),
                    output=_told(row["output_change"]),
                    income=_told(row["income_change"]),
                    people=_told(row["people_change"]),
                    whole=_signed(float(whole["size"].item()), 2),
                )
            )
    of_supply = [
        reader.word(
            "effects.finding.region_sourcing",
            region=name,
            before=percent(row["leakage"]),
            after=percent(row["leakage_after"]),
        )
        for row in found.leakage.drop_nulls(["leakage", "leakage_after"])
        .filter(region=region)
        .iter_rows(named=True)
    ]
    settled = "joint" if found.joint_settled else "not_joint"
    for row in found.joint_regions.filter(region=region).iter_rows(named=True):
        of_supply.append(
            reader.word(
                f"effects.finding.region_{settled}",
                region=name,
                change=amount(row["change"], reader.money),
                rounds=found.joint.row(-1, named=True)["rounds"],
            )
        )
    return of_places, of_supply


def _flagged(found: "Effects", reader: Reader, region: str, name: str) -> str:
    """Whether a region is hollowing out, and in what."""
    rules = {key: in_language(rule, reader.lang) for key, rule in rules_of(found.limits).items()}
    said = {"rule": rules["region"], "industry_rule": rules["specialised_industry"]}
    industries = reader.names.industries
    whole = reader.word("effects.finding.all_industries")
    flagged = reader.word("comma").join(
        reader.word(
            "effects.finding.each",
            region=whole if industry is None else industries.get(industry, industry),
            figure=percent(lost),
        )
        for industry, lost in found.hollowing.filter(region=region)
        .select("industry", "lost")
        .iter_rows()
    )
    key = "region_hollowing" if flagged else "region_no_hollowing"
    return reader.word(f"effects.finding.{key}", region=name, flagged=flagged, **said)


def _told(share: float | None) -> str:
    return UNKNOWN if share is None else _signed(share)


def _disparity(found: "Effects", reader: Reader) -> list[str]:
    said = []
    for mobility in (IMMOBILE, FREE):
        rows = {row["measure"]: row for row in found.disparity.filter(mobility=mobility).to_dicts()}
        if not rows:
            continue
        theil = rows["theil"]
        within = ""
        if theil["low"] is not None:
            within = reader.word(
                "effects.finding.interval", low=number(theil["low"]), high=number(theil["high"])
            )
        said.append(
            reader.word(
                "effects.finding.disparity",
                mobility=reader.word(f"effects.mobility.{mobility}"),
                before=number(theil["before"]),
                after=number(theil["after"]),
                within=within,
                between=number(rows["theil_between"]["change"]),
                inside=number(rows["theil_within"]["change"]),
                gini=number(rows["gini"]["after"]),
                gini_before=number(rows["gini"]["before"]),
            )
        )
    return said


def _sourcing(found: "Effects", reader: Reader) -> list[str]:
    known = found.leakage.drop_nulls(["leakage", "leakage_after"])
    if known.is_empty():
        return []
    weight = known["output"] / known["output"].sum()
    changed = known.with_columns(change=pl.col("leakage_after") - pl.col("leakage"))
    ordered = changed.sort("change", REGION, descending=[True, False])
    return [
        reader.word(
            "effects.finding.sourcing",
            before=percent(float((weight * known["leakage"]).sum())),
            after=percent(float((weight * known["leakage_after"]).sum())),
            up=_listed(reader, ordered.head(1), "change", _points),
            down=_listed(reader, ordered.tail(1), "change", _points),
        )
    ]


def _joint(found: "Effects", reader: Reader) -> list[str]:
    if found.joint.is_empty():
        return []
    last = found.joint.row(-1, named=True)
    ordered = found.joint_regions.sort("change", REGION, descending=[True, False])
    unit = reader.money
    settled = "joint" if found.joint_settled else "not_joint"
    return [
        reader.word(
            f"effects.finding.{settled}",
            rounds=last["rounds"],
            distance=small(last["distance"]),
            moved=percent(found.joint_moved),
            up=_listed(reader, ordered.head(1), "change", lambda change: amount(change, unit)),
            down=_listed(reader, ordered.tail(1), "change", lambda change: amount(change, unit)),
        )
    ]


def _proof(found: "Effects", reader: Reader) -> list[str]:
    if found.checks.is_empty():
        return []
    largest = float(found.checks["residual"].max())  # type: ignore[arg-type]
    basis = reader.word(f"effects.basis.{found.trade_basis}")
    return [reader.word("effects.finding.proof", residual=small(largest), basis=basis)]


def _uniqueness(found: "Effects", reader: Reader) -> list[str]:
    """Whether each equilibrium is the only one, as a condition or other starts say."""
    said = []
    for row in found.uniqueness.iter_rows(named=True):
        if row["known_unique"]:
            key = "unique"
        elif not row["settled"]:
            key = "not_looked_for"
        else:
            key = "one_found" if row["difference"] < SAME else "several_found"
        said.append(
            reader.word(
                f"effects.finding.{key}",
                mobility=reader.word(f"effects.mobility.{row['mobility']}"),
                tried=row["tried"],
                settled=row["settled"],
                difference=small(row["difference"] or 0.0),
            )
        )
    return said


def _listed(reader: Reader, rows: pl.DataFrame, column: str, said: Callable[[float], str]) -> str:
    name = reader.names.regions
    return reader.word("comma").join(
        reader.word("effects.finding.each", region=name.get(code, code), figure=said(figure))
        for code, figure in rows.select(REGION, column).iter_rows()
    )


def _signed(share: float, digits: int = 1) -> str:
    text = percent(share, digits)
    return f"+{text}" if share > 0 else text


def _points(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")
