"""The input-output table of a study: year, nation or regions, and what is refused of it."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.study.small import INDUSTRIES, complete
from tests.study.small_modes import small_modes
from yanzhen.accounts.study_table import (
    check_input_output,
    national_table_of,
    study_table,
)
from yanzhen.study import Study, StudyError, WantOfData


def with_rows(rows: pl.DataFrame) -> Study:
    study = small_modes()
    return replace(study, tables={**study.tables, "input_output": rows})


def changed(supplier: str, user: str, value: pl.Expr) -> Study:
    rows = small_modes().tables["input_output"]
    here = (pl.col("supplier") == supplier) & (pl.col("user") == user)
    return with_rows(rows.with_columns(value=pl.when(here).then(value).otherwise("value")))


def test_a_study_without_a_table_wants_data() -> None:
    empty = small_modes().tables["input_output"].clear()
    with pytest.raises(WantOfData, match="input_output"):
        study_table(with_rows(empty), 2017)


def test_a_table_of_regions_adds_up_to_the_nation_and_is_kept() -> None:
    national = small_modes().tables["input_output"]
    halves = [
        national.with_columns(
            supplier_region=pl.lit(region), user_region=pl.lit(region), value=pl.col("value") / 2
        )
        for region in ("110000", "320000")
    ]
    found = study_table(with_rows(pl.concat(halves)), 2017)
    whole = study_table(with_rows(national), 2017)
    assert whole.regions is None and found.regions is not None
    np.testing.assert_allclose(found.nation.domestic, whole.nation.domestic)
    np.testing.assert_allclose(found.nation.output, whole.nation.output)


def test_gaps_of_printed_figures_are_booked_as_statistical_error_and_said() -> None:
    rows = small_modes().tables["input_output"].with_columns(pl.col("value").round(1))
    study = with_rows(rows)
    table = study_table(study, 2017).nation
    made = table.intermediate.sum(axis=0) + table.value_added.sum(axis=0)
    np.testing.assert_allclose(table.output, made, rtol=1e-9)
    problems, warnings = check_input_output(study)
    assert problems == ()
    assert "statistical_error" in warnings[0].expected


def test_a_gap_beyond_rounding_is_refused_with_both_sums() -> None:
    study = changed(INDUSTRIES[0], INDUSTRIES[1], pl.col("value") * 1.5)
    with pytest.raises(StudyError, match=r"sells .* and uses"):
        study_table(study, 2017)
    assert check_input_output(study)[0]


def test_an_industry_that_the_table_does_not_list_buys_and_sells_nothing() -> None:
    rows = small_modes().tables["input_output"]
    gone = INDUSTRIES[0]
    without = rows.filter((pl.col("supplier") != gone) & (pl.col("user") != gone))
    made = without.filter(pl.col("origin") != "value_added").group_by("supplier")
    used = without.filter(pl.col("user").is_in(INDUSTRIES)).group_by("user")
    gap = (
        made.agg(sold=pl.col("value").sum())
        .join(used.agg(bought=pl.col("value").sum()), left_on="supplier", right_on="user")
        .select(
            year=pl.lit(2017, pl.Int64),
            supplier_region=pl.lit("100000"),
            supplier="supplier",
            user_region=pl.lit("100000"),
            user=pl.lit("statistical_error"),
            origin=pl.lit("domestic"),
            value=pl.col("bought") - pl.col("sold"),
        )
    )
    added = complete("input_output", gap).select(rows.columns).cast(dict(rows.schema))
    study = with_rows(pl.concat([without, added]))
    table = national_table_of(study, 2017, INDUSTRIES)
    k = table.sectors.index(gone)
    assert table.output[k] == 0 and not table.domestic[k].any()
    problems, warnings = check_input_output(study)
    assert problems == () and gone in warnings[0].found


def test_a_sector_without_output_that_buys_is_refused() -> None:
    rows = small_modes().tables["input_output"]
    idle = pl.col("supplier") == INDUSTRIES[0]
    study = with_rows(rows.filter(~idle | (pl.col("origin") == "value_added")))
    with pytest.raises(StudyError, match="output"):
        study_table(study, 2017)


def test_a_market_without_anybody_and_an_industry_without_a_place_are_no_faults() -> None:
    """An industry whose output no region reports is left to the other sectors of the table."""
    from yanzhen.modes.chain import chain_analysis

    study = small_modes()
    unseen = (pl.col("industry") == INDUSTRIES[0]) & (pl.col("region") != "100000")
    activity = study.tables["activity"].with_columns(
        output=pl.when(unseen).then(None).otherwise("output")
    )
    chains = chain_analysis(replace(study, tables={**study.tables, "activity": activity}))
    assert chains.regions["output"].sum() > 0
