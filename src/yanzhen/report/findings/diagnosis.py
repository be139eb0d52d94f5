"""What a diagnosis says, in sentences."""

from math import atan2, cos, degrees, radians
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.advantage.specialisation import least
from yanzhen.report.text.focus import Focus, focused
from yanzhen.report.text.names import Names
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader
from yanzhen.study.ratios import ratio_column

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis

SAID = 5
SIGNIFICANT = 0.05
DIRECTIONS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def diagnosis_findings(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> list[str]:
    """Return the findings of a diagnosis, most general first; what is not known isn't said.

    With a focus each is about the region or industry looked at, or the nation as its background.
    """
    frames, whole = focused(diagnosis, focus), focus.industry is None
    strong = _trusted(frames["specialisation"], diagnosis, focus)
    said = [
        _observed(diagnosis, reader),
        _highest(
            strong.filter(pl.col("location_quotient") >= least(1.0)),
            "location_quotient",
            "strong",
            reader,
        ),
        _shift(diagnosis, reader, focus),
        _centre(diagnosis, reader, focus),
        # Which industries are most concentrated or clustered is about none of them alone.
        *([_concentrated(diagnosis, reader), _clustered(diagnosis, reader)] if whole else []),
        _capacity(frames["capacity"], diagnosis, reader),
        _pressed(_trusted(frames["pressure"], diagnosis, focus), reader),
        _highest(
            _trusted(frames["opportunities"], diagnosis, focus),
            "mean_percentile",
            "open",
            reader,
        ),
        _not_evaluated(diagnosis, reader),
    ]
    return [sentence for sentence in said if sentence]


def _trusted(cells: pl.DataFrame, diagnosis: "Diagnosis", focus: Focus) -> pl.DataFrame:
    """Return observed cells of regions that are not flagged, unless one is asked for."""
    doubted = [code for code in diagnosis.study.about.flagged_regions if code != focus.region]
    known = pl.col("output_status").is_in(["observed", "synthetic"])
    return cells.filter(known, ~pl.col("region").is_in(doubted))


def _observed(diagnosis: "Diagnosis", reader: Reader) -> str:
    cells = diagnosis.specialisation
    counts = dict(cells["output_status"].value_counts().iter_rows())
    estimated = cells.filter(output_status="estimated")["output"].sum()
    return reader.word(
        "diagnosis_finding.observed",
        year=diagnosis.year,
        cells=cells.height,
        observed=counts.get("observed", 0) + counts.get("synthetic", 0),
        estimated=counts.get("estimated", 0),
        missing=counts.get("missing", 0),
        share=reader.share_of(float(estimated), float(cells["output"].sum())),
    )


def _highest(cells: pl.DataFrame, by: str, key: str, reader: Reader) -> str:
    """Say in which regions and industries a figure is highest."""
    best = cells.drop_nulls(by).sort(by, "region", "industry", descending=[True, False, False])
    each = reader.word("comma").join(
        reader.word(
            "diagnosis_finding.pair",
            **reader.named(row, "region industry"),
            figure=number(row[by]),
        )
        for row in best.head(SAID).iter_rows(named=True)
    )
    return reader.word(f"diagnosis_finding.{key}", each=each) if each else ""


def _shift(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> str:
    asked = pl.col("industry").eq_missing(focus.industry)
    rows = diagnosis.macro_shifts.filter(asked).drop_nulls("absolute_shift")
    if rows.height < 2:
        return ""
    name = reader.names
    ordered = rows.with_columns(gained=pl.col("share_after") - pl.col("share_before")).sort(
        "gained", "macro_region"
    )
    up, down = ordered.row(-1, named=True), ordered.row(0, named=True)
    said = reader.word(
        "diagnosis_finding.shift",
        first=diagnosis.first_year,
        last=diagnosis.year,
        cells=int(rows["cells"].sum()),
        what=_what(diagnosis, reader, focus),
        **_shares(name, up, down),
    )
    flagged = diagnosis.study.about.flagged_regions
    without = _without_flagged(diagnosis, focus)
    if not flagged or not {up["macro_region"], down["macro_region"]} <= set(without):
        return said
    again = reader.word(
        "diagnosis_finding.without_flagged",
        regions=reader.word("comma").join(name.regions.get(code, code) for code in flagged),
        **_shares(name, without[up["macro_region"]], without[down["macro_region"]]),
    )
    return said + again


def _shares(name: Names, up: dict[str, Any], down: dict[str, Any]) -> dict[str, str]:
    return {
        "up": name.macro_region(up["macro_region"]),
        "up_before": percent(up["share_before"]),
        "up_after": percent(up["share_after"]),
        "down": name.macro_region(down["macro_region"]),
        "down_before": percent(down["share_before"]),
        "down_after": percent(down["share_after"]),
    }


def _without_flagged(diagnosis: "Diagnosis", focus: Focus) -> dict[str, dict[str, Any]]:
    """Return the shares of macro-regions over the cells of regions that are not flagged."""
    cells = diagnosis.shift_share.filter(
        ~pl.col("region").is_in(diagnosis.study.about.flagged_regions)
    )
    if focus.industry is not None:
        cells = cells.filter(industry=focus.industry)
    rows = (
        cells.join(diagnosis.regions.select("region", "macro_region"), on="region")
        .sort("macro_region", "region", "industry")
        .group_by("macro_region", maintain_order=True)
        .agg(pl.col("before", "after").sum())
        .with_columns(
            share_before=ratio_column(pl.col("before"), pl.col("before").sum()),
            share_after=ratio_column(pl.col("after"), pl.col("after").sum()),
        )
    )
    return {row["macro_region"]: row for row in rows.iter_rows(named=True)}


def _what(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> str:
    if focus.industry is None:
        return reader.word("diagnosis_finding.manufacturing")
    return reader.names.industries[focus.industry]


def _centre(diagnosis: "Diagnosis", reader: Reader, focus: Focus) -> str:
    path = diagnosis.centres.filter(pl.col("industry").eq_missing(focus.industry)).sort("year")
    if path.height < 2:
        return ""
    start, end = path.row(0, named=True), path.row(-1, named=True)
    north = end["latitude"] - start["latitude"]
    east = (end["longitude"] - start["longitude"]) * cos(radians(start["latitude"]))
    direction = DIRECTIONS[round(degrees(atan2(east, north)) / 45) % 8]
    return reader.word(
        "diagnosis_finding.centre",
        what=_what(diagnosis, reader, focus),
        first=start["year"],
        last=end["year"],
        moved=number(float(path["moved_km"].sum())),
        direction=reader.word(f"direction.{direction}"),
        regions=end["regions"],
    )


def _concentrated(diagnosis: "Diagnosis", reader: Reader) -> str:
    name = reader.names
    rows = diagnosis.industries.drop_nulls("locational_gini").sort("locational_gini", "industry")
    if rows.height < 2:
        return ""
    most, least = rows.row(-1, named=True), rows.row(0, named=True)
    return reader.word(
        "diagnosis_finding.concentrated",
        most=name.industries[most["industry"]],
        most_gini=number(most["locational_gini"]),
        least=name.industries[least["industry"]],
        least_gini=number(least["locational_gini"]),
    )


def _clustered(diagnosis: "Diagnosis", reader: Reader) -> str:
    seen = diagnosis.industries.filter(pl.col("observed") >= diagnosis.regions.height / 2)
    known = diagnosis.autocorrelation.drop_nulls("moran").join(seen, on="industry", how="semi")
    if known.is_empty():
        return ""
    name = reader.names
    near = known.filter(pl.col("p") < SIGNIFICANT, pl.col("moran") > pl.col("expected"))
    first = near.sort("moran", "industry", descending=[True, False])["industry"].head(3)
    key = "clustered" if near.height else "not_clustered"
    return reader.word(
        f"diagnosis_finding.{key}",
        count=near.height,
        industries=known.height,
        first=reader.word("comma").join(name.industries[code] for code in first),
    )


def _capacity(rows: pl.DataFrame, diagnosis: "Diagnosis", reader: Reader) -> str:
    ranked = rows.drop_nulls("rank_median").head(SAID)
    if ranked.is_empty():
        return ""
    name = reader.names
    each = reader.word("comma").join(
        reader.word(
            "diagnosis_finding.ranked",
            region=name.regions[row["region"]],
            low=number(row["rank_low"]),
            high=number(row["rank_high"]),
        )
        for row in ranked.iter_rows(named=True)
    )
    regions = diagnosis.capacity.drop_nulls("rank_median").height
    return reader.word("diagnosis_finding.capacity", each=each, regions=regions)


def _pressed(rows: pl.DataFrame, reader: Reader) -> str:
    first = rows.drop_nulls("pressure").head(3)
    each = reader.word("comma").join(
        reader.word(
            "diagnosis_finding.pressed_each",
            **reader.named(row, "region industry"),
            figure=number(row["pressure"]),
            low=number(row["pressure_low"]),
            high=number(row["pressure_high"]),
        )
        for row in first.iter_rows(named=True)
    )
    return reader.word("diagnosis_finding.pressed", each=each) if each else ""


def _not_evaluated(diagnosis: "Diagnosis", reader: Reader) -> str:
    """Say what is off for want of data."""
    off = diagnosis.not_evaluated
    if off.is_empty():
        return ""
    comma = reader.word("comma")
    terms = off["term"].unique(maintain_order=True)
    return reader.word(
        "diagnosis_finding.not_evaluated",
        terms=comma.join(reader.word_or(f"term.{term}", term) for term in terms),
        needs=comma.join(off["needs"].unique(maintain_order=True)),
    )
