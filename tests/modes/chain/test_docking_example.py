"""The SYNTHETIC list of enterprises says what it is, and is what its script makes."""

import subprocess
import sys
from pathlib import Path

import polars as pl

from yanzhen.modes.chain.docking.docking_lists import dock
from yanzhen.study import check_study, read_study

REPOSITORY = Path(__file__).parents[3]
EMBEDDED = REPOSITORY / "src" / "yanzhen" / "study" / "examples" / "synthetic_docking"


def test_the_script_makes_the_list(tmp_path: Path) -> None:
    script = REPOSITORY / "scripts" / "make_synthetic_docking.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in EMBEDDED.iterdir()}


def test_everything_about_it_says_synthetic() -> None:
    study = read_study("synthetic-docking")
    rows = study.tables["enterprises"]
    assert study.about.synthetic
    assert "SYNTHETIC" in study.about.title_zh and "SYNTHETIC" in study.about.title_en
    for column in ("enterprise", "name_zh", "name_en"):
        assert rows[column].str.starts_with("SYNTHETIC").all()
    assert (rows["status"] == "synthetic").all()


def test_its_docking_is_certified_and_complete() -> None:
    found = dock(read_study("synthetic-docking"))
    assert found.basis == "enterprises"
    assert found.certificate.passed and found.certificate.left_out_share == 0
    assert (found.suppliers["used"] <= 1 + 1e-12).all()
    assert found.pairs["supplier"].is_in(found.suppliers["supplier"].implode()).all()


def test_a_bad_list_names_rows_and_columns(tmp_path: Path) -> None:
    """Every problem of a list at once, as of any study."""
    for path in EMBEDDED.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    listed = (EMBEDDED / "enterprises.csv").read_text(encoding="utf-8").splitlines()
    cells = [line.split(",") for line in listed]
    head = {name: place for place, name in enumerate(cells[0])}
    cells[5][head["spare_output"]] = "-3"
    cells[7][head["industry"]] = "IO42-99"
    cells[9][head["output"]] = "many"
    cells[11][head["enterprise"]] = cells[10][head["enterprise"]]
    text = "\n".join(",".join(line) for line in cells)
    (tmp_path / "enterprises.csv").write_text(text + "\n", encoding="utf-8")
    found = {(p.table, p.row, p.column) for p in check_study(str(tmp_path))}
    assert {
        ("enterprises", 6, "spare_output"),
        ("enterprises", 8, "industry"),
        ("enterprises", 10, "output"),
    } <= found
    assert any(table == "enterprises" and row in (11, 12) for table, row, _ in found)


def test_a_list_in_a_workbook_gives_the_same_lists(tmp_path: Path) -> None:
    from yanzhen.study import write_study

    study = read_study("synthetic-docking")
    small = {**study.tables, "enterprises": study.tables["enterprises"].head(150)}
    from dataclasses import replace

    kept = replace(study, tables=small)
    write_study(kept, tmp_path / "list.xlsx")
    again = dock(read_study(tmp_path / "list.xlsx"), inputs=2, listed=2)
    assert again.pairs.equals(dock(kept, inputs=2, listed=2).pairs)
    assert isinstance(again.pairs, pl.DataFrame)
