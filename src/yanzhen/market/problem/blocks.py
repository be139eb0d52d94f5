"""The blocks of a study's market: its enterprises, and what its regions' industries make beyond."""

import numpy as np
import polars as pl

from yanzhen.accounts.intensities import land_per_output
from yanzhen.accounts.panel import Panel, leaf_regions
from yanzhen.advantage.attraction import LocationalAdvantage
from yanzhen.market.problem.departures import macro_regions
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.coverage import ALL, listed_in_full
from yanzhen.study.statuses import ESTIMATED, MISSING, given_status
from yanzhen.study.tables.enterprises import ABROAD

SMALLEST_REST = 1e-9
"""Share of a cell's output below which its listed enterprises are the whole of it."""


def blocks_of(
    study: Study, panel: Panel, advantage: LocationalAdvantage, industries: pl.DataFrame
) -> pl.DataFrame:
    """One block for each row of `enterprises`, and each origin and industry with more output.

    What a region's industry makes beyond its listed enterprises is a block, unless the study
    declares that the listed ones are all there are, or all of that region.
    """
    cells = _cells(study, panel, advantage)
    listed = _listed(study, panel, cells)
    blocks = cells
    if not listed.is_empty():
        coverage = study.about.coverage
        in_full = listed_in_full(coverage, listed["origin"].to_list(), study.tables["regions"])
        rest = _beyond(cells, listed).filter(~pl.col("origin").is_in(sorted(in_full)))
        parts = [listed] if coverage.enterprises == ALL else [listed, rest]
        blocks = pl.concat(parts, how="diagonal_relaxed")
    blocks = _with_usual_land(study, panel, blocks)
    if not study.about.measured_by.is_money:
        blocks = with_own_need(blocks, study.about.measured_by.resource)
    macro = pl.DataFrame(
        {"origin": panel.regions, "macro_region": macro_regions(study, panel.regions)}
    )
    kept = industries.filter("in_findings")["industry"]
    return blocks.filter(pl.col("industry").is_in(kept.implode())).join(
        macro, on="origin", how="left", maintain_order="left"
    )


def with_own_need(blocks: pl.DataFrame, size: str) -> pl.DataFrame:
    """The blocks with what a unit of size needs of the resource that room for it is: one."""
    return blocks.with_columns(pl.lit(1.0).alias(f"{size}_per_output"))


def _cells(study: Study, panel: Panel, advantage: LocationalAdvantage) -> pl.DataFrame:
    n, s = np.nonzero(np.isfinite(advantage.output) & (advantage.output > 0))
    counts = (
        study.tables["activity"]
        .filter(pl.col("year") == panel.base_year)
        .select("industry", pl.col("region").alias("origin"), "enterprises")
    )
    given = panel.status[n, s, -1]
    return (
        pl.DataFrame(
            {
                "industry": np.array(panel.industries)[s],
                "origin": np.array(panel.regions)[n],
                "output": advantage.output[n, s],
                "output_status": np.where(given == MISSING, ESTIMATED, given).tolist(),
                "land_per_output": np.full(n.size, np.nan),
                "jobs_per_output": advantage.jobs_per_output[n, s],
                "energy_per_output": advantage.energy_per_output[n, s],
                "emissions_per_output": advantage.emissions_per_output[n, s],
                "jobs_status": advantage.jobs_status[n, s].tolist(),
                "emissions_status": advantage.emissions_status[n, s].tolist(),
            }
        )
        .with_columns(pl.selectors.ends_with("_per_output").fill_nan(None))
        .join(counts, on=["industry", "origin"], how="left", maintain_order="left")
        .with_columns(pl.col("enterprises").cast(pl.Float64))
    )


def _with_usual_land(study: Study, panel: Panel, blocks: pl.DataFrame) -> pl.DataFrame:
    """Land of blocks that state none: that of their industry."""
    usual = pl.DataFrame(
        {
            "industry": panel.industries,
            "usual": land_per_output(study, panel.industries, panel.base_year),
        },
        schema={"industry": pl.String, "usual": pl.Float64},
    ).fill_nan(None)
    return (
        blocks.join(usual, on="industry", how="left", maintain_order="left")
        .with_columns(land_per_output=pl.coalesce("land_per_output", "usual"))
        .drop("usual")
    )


def _beyond(cells: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The cells less their listed enterprises, where something remains.

    The rest needs per unit of output what the whole cell does; its number of enterprises is not
    known where the listed ones are more than the cell has.
    """
    counted = listed.group_by("industry", "origin", maintain_order=True).agg(
        listed_output=pl.col("output").sum(), listed_count=pl.col("enterprises").sum()
    )
    rest = pl.col("output") - pl.col("listed_output").fill_null(0.0)
    count = pl.col("enterprises") - pl.col("listed_count").fill_null(0.0)
    return (
        cells.join(counted, on=["industry", "origin"], how="left", maintain_order="left")
        .filter(rest > SMALLEST_REST * pl.col("output"))
        .with_columns(output=rest, enterprises=pl.when(count > 0).then(count))
        .drop("listed_output", "listed_count")
    )


def _listed(study: Study, panel: Panel, cells: pl.DataFrame) -> pl.DataFrame:
    """Blocks of listed enterprises; needs they don't state are their industry's where they are.

    One that makes nothing, or of which that is not known, is left out: what it makes is in its
    cell's. So is one in a region without regions below it that the panel leaves out.

    Raises
    ------
    StudyError
        When one is in a region that has regions below it, or its output is not known where the
        listed ones are all there are.
    """
    left_out = sorted(set(leaf_regions(study.tables["regions"])) - set(panel.regions))
    listed = study.numbered("enterprises").filter(
        pl.col("origin") != ABROAD, ~pl.col("origin").is_in(left_out)
    )
    stated_size = study.about.measured_by.resource
    if study.about.coverage.enterprises != ALL:
        listed = listed.drop_nulls(stated_size)
    _require_usable(study, panel, listed)
    size = pl.col(stated_size).cast(pl.Float64)
    listed = listed.filter(size > 0)
    per_output = [
        (pl.col(resource).cast(pl.Float64) / size).alias(f"{resource}_per_output")
        for resource in ("land", "jobs", "energy", "emissions")
    ]
    stated = listed.select(
        "industry",
        "origin",
        (size * pl.col("count")).alias("output"),
        given_status("status", study.about.synthetic).alias("output_status"),
        *per_output,
        pl.col("count").cast(pl.Float64).alias("enterprises"),
    )
    return _with_usual_needs(stated, cells)


def _with_usual_needs(stated: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Listed enterprises whose needs, where they state none, are those of their cell."""
    own = ("jobs", "emissions")
    typical = cells.select(
        "industry",
        "origin",
        pl.selectors.ends_with("_per_output"),
        *(f"{resource}_status" for resource in own),
    )
    joined = stated.join(
        typical, on=["industry", "origin"], how="left", maintain_order="left", suffix="_typical"
    )
    return joined.select(
        "industry",
        "origin",
        "output",
        "output_status",
        *(
            pl.coalesce(name, f"{name}_typical").alias(name)
            for name in typical.columns
            if name.endswith("_per_output")
        ),
        *(
            pl.when(pl.col(f"{resource}_per_output").is_not_null())
            .then(pl.col("output_status"))
            .otherwise(pl.col(f"{resource}_status"))
            .alias(f"{resource}_status")
            for resource in own
        ),
        "enterprises",
    )


def _require_usable(study: Study, panel: Panel, listed: pl.DataFrame) -> None:
    unusable = [
        (name, row, found)
        for name, condition in (
            (study.about.measured_by.resource, pl.col(study.about.measured_by.resource).is_null()),
            ("origin", ~pl.col("origin").is_in(panel.regions)),
        )
        for row, found in listed.filter(condition).select("row", name).iter_rows()
    ]
    if unusable:
        raise StudyError([_enterprise_unusable(study, *problem) for problem in unusable])


def _enterprise_unusable(
    study: Study, column: str, row: int | None, found: str | float | None
) -> Problem:
    return Problem(
        file=study.path,
        table="enterprises",
        row=row,
        column=column,
        found="nothing" if found is None else f"'{found}'",
        expected="a leaf region" if column == "origin" else f"{column} of each enterprise",
        found_zh="空值" if found is None else f"“{found}”",
        expected_zh="最下级地区" if column == "origin" else f"每个企业的 {column}",
    )
