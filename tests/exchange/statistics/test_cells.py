import numpy as np
import polars as pl
import pytest

from tests.exchange.statistics.drawn_tables import LINKED, cells_in, drawn_case, tree
from yanzhen.exchange.statistics.cells import Table, cells_of
from yanzhen.exchange.statistics.hierarchy import Hierarchy, NoTree, flat


def test_every_sum_holds_for_values_and_records() -> None:
    cells = cells_in(*drawn_case(0))
    for figures in (cells.total, cells.records):
        np.testing.assert_allclose(cells.relations @ figures, 0.0, atol=1e-9 * cells.total.max())


def test_cells_that_tables_share_are_one_cell() -> None:
    cells = cells_in(*drawn_case(1))
    assert cells.keys.unique().height == len(cells)
    of_all = pl.Series(cells.keys.rows()).to_list().index(["R", "I", "S"])
    assert all(of_all in cells.tables[table.name] for table in LINKED)


def test_a_cell_knows_its_enterprises_whatever_the_order_of_the_rows() -> None:
    hierarchies = {"region": flat(("a", "b"), "all")}
    rows = [("x", "a", 5.0), ("y", "a", 9.0), ("x", "a", 6.0), ("z", "b", 4.0)]
    columns = ["enterprise", "region", "value"]
    contributions = pl.DataFrame(rows, schema=columns, orient="row")
    for given in (contributions, contributions.reverse()):
        cells = cells_of(given, hierarchies, [Table("t", {"region": None})])
        assert cells.keys["region"].to_list() == ["a", "all", "b"]
        assert cells.count.tolist() == [2, 3, 1]
        assert cells.records.tolist() == [3, 4, 1]
        assert cells.total.tolist() == [20.0, 24.0, 4.0]
        assert cells.largest.tolist() == [11.0, 11.0, 4.0]
        assert cells.second.tolist() == [9.0, 9.0, 0.0]
        assert [cells.enterprises[each] for each in cells.owner[cells.owner >= 0]] == ["z"]


def test_a_table_shows_no_deeper_levels_than_it_declares() -> None:
    contributions, hierarchies = drawn_case(2)
    table = Table("t", {"region": 1, "industry": None})
    cells = cells_of(contributions, hierarchies, [table])
    assert cells.keys["region"].str.len_chars().max() == 2
    assert cells.keys["state"].unique().to_list() == ["S"]


@pytest.mark.parametrize(
    ("parents", "lost"),
    [
        ({"a": "b", "b": "a"}, ()),
        ({"a": None, "b": None}, ("a", "b")),
        ({"a": None, "b": "c"}, ("b",)),
        ({"a": None, "b": "c", "c": "b"}, ("b", "c")),
    ],
)
def test_codes_that_make_no_tree_are_named(
    parents: dict[str, str | None], lost: tuple[str, ...]
) -> None:
    with pytest.raises(NoTree) as refused:
        Hierarchy(parents, {})
    assert refused.value.codes == lost


def test_a_leaf_counts_in_every_code_above_it() -> None:
    hierarchy = tree("R", (2, 2))
    assert hierarchy.path("R10") == ("R", "R1", "R10")
    assert hierarchy.above(1).filter(pl.col("leaf") == "R10")["code"].to_list() == ["R", "R1"]
