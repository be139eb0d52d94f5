"""Regions' own tables, whose purchases are not told by origin: laid out, balanced, kept apart."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.study.small import INDUSTRIES, complete
from tests.study.small_modes import small_modes
from yanzhen.accounts.regional_tables import own_rows, regional_tables, rows_by_origin
from yanzhen.accounts.study_table import check_input_output, has_table, study_table
from yanzhen.study import Study, WantOfData

REGION, YEAR = "110000", 2012
FIRST, SECOND = INDUSTRIES[:2]
BOUGHT = {
    (FIRST, FIRST): 2.0,
    (FIRST, SECOND): 6.0,
    (SECOND, FIRST): 3.0,
    (FIRST, "consumption"): 5.0,
    (SECOND, "capital_formation"): 9.0,
    (SECOND, "statistical_error"): -1.0,
}
ADDED = {FIRST: 5.0, SECOND: 4.0}
BORDER = {FIRST: (1.0, 2.0, 4.0, 6.0), SECOND: (0.5, 1.5, 3.0, 3.0)}


def own_table(border: dict[str, tuple[float, ...]] = BORDER) -> Study:
    """The small study with a table of one of its regions, of an earlier year."""
    study = small_modes()
    rows = [(*pair, "any", value) for pair, value in BOUGHT.items()]
    rows += [("surplus", user, "value_added", value) for user, value in ADDED.items()]
    table = pl.DataFrame(rows, schema=["supplier", "user", "origin", "value"], orient="row")
    table = table.with_columns(
        year=pl.lit(YEAR, pl.Int64), supplier_region=pl.lit(REGION), user_region=pl.lit(REGION)
    )
    crossing = pl.DataFrame(
        [(product, *figures) for product, figures in border.items()],
        schema={
            "industry": pl.String,
            **dict.fromkeys(("exports", "imports", "outflow", "inflow"), pl.Float64),
        },
        orient="row",
    ).with_columns(region=pl.lit(REGION), year=pl.lit(YEAR, pl.Int64))
    flows = study.tables["input_output"]
    own = complete("input_output", table).select(flows.columns).cast(dict(flows.schema))
    return replace(
        study,
        tables={
            **study.tables,
            "input_output": pl.concat([flows, own]),
            "trade": complete("trade", crossing),
        },
    )


def test_a_table_is_laid_out_and_balances() -> None:
    found = regional_tables(own_table(), 2017)
    assert found is not None and found.year == YEAR and found.regions == (REGION,)
    assert found.sectors == (FIRST, SECOND)
    np.testing.assert_allclose(found.output, [[10.0, 10.0]])
    np.testing.assert_allclose(found.used, [[13.0, 12.0]])
    np.testing.assert_allclose(found.sold, found.output)
    assert check_input_output(own_table())[0] == ()


def test_a_row_that_misses_its_column_is_told_with_both_sums() -> None:
    problems, _ = check_input_output(own_table({**BORDER, FIRST: (1.0, 2.0, 4.0, 5.0)}))
    assert [problem.column for problem in problems] == ["value"]
    assert f"{REGION}/{FIRST} of 2012" in problems[0].found
    assert "are 11, its inputs 10" in problems[0].found


def test_a_region_without_trade_is_not_held_to_its_rows() -> None:
    study = own_table({})
    found = regional_tables(study, 2017)
    assert found is not None and np.isnan(found.outflow).all()
    assert check_input_output(study)[0] == ()


def test_own_tables_are_no_table_of_the_nation() -> None:
    study, before = own_table(), small_modes()
    flows = study.tables["input_output"]
    assert own_rows(flows).height == len(BOUGHT) + len(ADDED)
    assert rows_by_origin(flows).equals(before.tables["input_output"])
    found, known = study_table(study, YEAR), study_table(before, YEAR)
    np.testing.assert_array_equal(found.nation.domestic, known.nation.domestic)
    alone = replace(study, tables={**study.tables, "input_output": own_rows(flows)})
    assert not has_table(alone)
    with pytest.raises(WantOfData):
        study_table(alone, 2017)


def test_a_study_without_own_tables_has_none() -> None:
    assert regional_tables(small_modes(), 2017) is None
