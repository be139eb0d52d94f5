import numpy as np
import polars as pl
import pytest
import xlsxwriter

from yanzhen.accounts.multiregional import nation_of
from yanzhen.accounts.readers import from_pymrio, read_ceads, read_with_pymrio


def ceads_sheet(table):
    """A table in the provincial layout: two header rows, two label columns, totals in between."""
    regions, sectors = ["Beijing", "Hebei"], ["Agriculture", "Mining", "Metals"]
    n = len(table.output)
    uses = {
        "Rural household consumption": 0.25,
        "Urban household consumption": 0.75,
        "Gross fixed capital formation": None,
    }
    head1, head2 = ["", ""], ["", ""]
    for region in regions:
        head1 += [region, "", ""]
        head2 += sectors
    head1.append("TIU")
    head2.append("")
    for region in regions:
        head1 += [region, "", ""]
        head2 += list(uses)
    head1 += ["Exports", "TFU", "Others", "Total output"]
    head2 += ["", "", "", ""]
    rows = [head1, head2]
    final = table.final_domestic.reshape(n, 2, 3)
    for i in range(n):
        demand = []
        for q in range(2):
            consumption, capital, _ = final[i, q]
            demand += [0.25 * consumption, 0.75 * consumption, capital]
        exports = final[i, :, 2].sum()
        rows.append(
            [
                regions[i // 3] if i % 3 == 0 else "",
                sectors[i % 3],
                *table.domestic[i],
                table.domestic[i].sum(),
                *demand,
                exports,
                sum(demand) + exports,
                0.0,
                table.output[i],
            ]
        )
    below = {
        "Imports": table.imported.sum(axis=0),
        "Total intermediate inputs": table.domestic.sum(axis=0) + table.imported.sum(axis=0),
        "Compensation of employees": table.value_added[0],
        "Operating surplus": table.value_added[1],
        "Total value added": table.value_added.sum(axis=0),
        "Total input": table.output,
    }
    for name, values in below.items():
        rows.append([name, "", *values, *[""] * (len(head1) - 2 - n)])
    return rows


@pytest.fixture
def workbook(two_regions, tmp_path):
    path = tmp_path / "ceads.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("MRIO")
        for at, row in enumerate(ceads_sheet(two_regions)):
            sheet.write_row(at, 0, row)
    return path


def test_a_provincial_workbook_is_read(workbook, two_regions):
    table = read_ceads(workbook, 2012)
    assert table.regions == ("Beijing",) * 3 + ("Hebei",) * 3
    np.testing.assert_allclose(table.domestic, two_regions.domestic)
    np.testing.assert_allclose(table.output, two_regions.output)
    np.testing.assert_allclose(table.final_domestic.sum(), two_regions.final_domestic.sum())
    assert set(table.final_uses) == {
        "consumption",
        "capital_formation",
        "exports",
        "statistical_error",
    }


def test_imports_without_their_product_are_a_primary_input(workbook, two_regions):
    table = read_ceads(workbook, 2012)
    assert table.value_added_items == ("imports", "compensation", "surplus")
    np.testing.assert_allclose(table.value_added[0], two_regions.imported.sum(axis=0))


def test_the_same_table_as_text(two_regions, tmp_path):
    path = tmp_path / "ceads.csv"
    rows = [[str(cell) for cell in row] for row in ceads_sheet(two_regions)]
    pl.DataFrame(rows, orient="row").write_csv(path, include_header=False)
    np.testing.assert_allclose(read_ceads(path, 2012).domestic, two_regions.domestic)
    # As Excel in China saves it, with bare commas behind.
    content = path.read_text(encoding="utf-8") + "," * len(rows[0]) + "\n"
    path.write_bytes(content.encode("gb18030"))
    np.testing.assert_allclose(read_ceads(path, 2012).domestic, two_regions.domestic)


@pytest.mark.parametrize(
    ("row", "column", "cell", "message"),
    [
        (3, 4, "n.a.", "row 4, column 5: 'n.a.' is not a figure"),
        (3, 4, 1e6, "do not balance"),
        (1, 9, "Charity", "unknown column Beijing / Charity"),
        (10, 0, "Gifts", "unknown row Gifts / Gifts"),
    ],
)
def test_a_damaged_sheet_is_refused(two_regions, tmp_path, row, column, cell, message):
    rows = ceads_sheet(two_regions)
    rows[row][column] = cell
    path = tmp_path / "ceads.csv"
    text = [[str(value) for value in line] for line in rows]
    pl.DataFrame(text, orient="row").write_csv(path, include_header=False)
    with pytest.raises(ValueError, match=message):
        read_ceads(path, 2012)


def test_a_pymrio_system_keeps_its_flows_and_balances(world):
    table = from_pymrio(world, 2005)
    np.testing.assert_allclose(table.domestic, world.Z)
    np.testing.assert_allclose(table.output, world.x["indout"], rtol=1e-9)
    made = table.domestic.sum(axis=0) + table.value_added.sum(axis=0)
    np.testing.assert_allclose(made, table.output, rtol=1e-9)


def test_final_uses_can_be_brought_together(world):
    uses = {use: "consumption" for use in world.Y.columns.get_level_values(1).unique()}
    table = from_pymrio(world, 2005, uses)
    assert set(table.final_uses) == {"consumption"}
    assert table.final_domestic.shape == (48, 6)
    assert nation_of(table, "world").final_domestic.shape == (8, 1)


def test_an_unknown_parser_is_refused():
    with pytest.raises(ValueError, match="unknown parser 'exiobase9'"):
        read_with_pymrio("somewhere", "exiobase9", 2015)


def test_a_file_is_read_by_pymrios_parser(tmp_path, monkeypatch, world):
    import pymrio

    asked = []
    monkeypatch.setattr(pymrio, "parse_oecd", lambda path: asked.append(path) or world)
    table = read_with_pymrio(tmp_path, "oecd", 2015)
    assert asked == [tmp_path]
    assert len(table.output) == 48
