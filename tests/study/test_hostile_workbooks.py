"""Workbooks and saved systems made to take all memory, or to run something."""

import io
import json
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.study.importing.published_files import saved_system
from yanzhen.study import StudyError
from yanzhen.study.compound_file import DamagedCompound, require_modest_workbook
from yanzhen.study.importing.grids import read_grids
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.systems import read_system
from yanzhen.study.sheet_extent import Extent, TooFar, extent_of, require_modest_extents
from yanzhen.study.table_file import read_table_file

OLD = Path(__file__).parent / "importing" / "made_by_excel_97.xls"


class Touches:
    """Makes a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("ending", ["pkl", "pickle", "PKL"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_saved_system_runs_nothing(tmp_path: Path, ending: str, packed: bool) -> None:
    folder = saved_system(tmp_path).path
    mark = tmp_path / "run"
    said = json.loads((folder / "file_parameters.json").read_text("utf-8"))
    said["files"]["Z"]["name"] = f"Z.{ending}"
    (folder / "file_parameters.json").write_text(json.dumps(said), "utf-8")
    (folder / f"Z.{ending}").write_bytes(pickle.dumps(Touches(mark)))
    path = folder
    if packed:
        path = tmp_path / "system.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for each in folder.rglob("*"):
                archive.write(each, each.relative_to(folder).as_posix())
    with pytest.raises(StudyError) as refusal:
        read_system(path, Mapped())
    assert not mark.exists()
    assert f"Z.{ending}" in str(refusal.value)


@pytest.mark.parametrize("name", ["../Z.txt", "/etc/Z.txt", "..\\Z.txt"])
def test_a_saved_system_has_its_files_beside_it(tmp_path: Path, name: str) -> None:
    folder = saved_system(tmp_path).path
    said = json.loads((folder / "file_parameters.json").read_text("utf-8"))
    said["files"]["Z"]["name"] = name
    (folder / "file_parameters.json").write_text(json.dumps(said), "utf-8")
    with pytest.raises(StudyError, match="NotTables"):
        read_system(folder, Mapped())


def test_a_chain_of_sectors_without_end_is_refused(tmp_path: Path) -> None:
    content = bytearray(OLD.read_bytes())
    require_modest_workbook(bytes(content))
    (fat,) = struct.unpack_from("<I", content, 76)
    (directory,) = struct.unpack_from("<I", content, 48)
    struct.pack_into("<I", content, (fat + 1) * 512 + 4 * directory, directory)
    with pytest.raises(DamagedCompound, match="without end"):
        require_modest_workbook(bytes(content))
    path = tmp_path / "old.xls"
    path.write_bytes(content)
    with pytest.raises(StudyError, match="without end"):
        read_grids(path)


@pytest.mark.parametrize(
    ("at", "number"), [(68, 0), (76, 1 << 20), (30, 31)], ids=["difat", "fat", "sectors"]
)
def test_a_table_of_sectors_that_leads_nowhere_is_refused(at: int, number: int) -> None:
    content = bytearray(OLD.read_bytes())
    struct.pack_into("<I" if at > 30 else "<H", content, at, number)
    if at == 68:  # a chain of tables that leads to itself
        struct.pack_into("<I", content, 512 + 508, 0)
    with pytest.raises(DamagedCompound):
        require_modest_workbook(bytes(content))


def far(path: Path, row: int, column: int) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("activity")
        sheet.write(0, 0, "region")
        sheet.write(row, column, "x")
    return path


def test_a_cell_far_away_from_the_others_is_refused_before_it_takes_memory(tmp_path: Path) -> None:
    path = far(tmp_path / "far.xlsx", 1_048_575, 16_383)
    raw, (problem,) = read_table_file(path, "activity")
    assert raw is None and "17,179,869,184" in problem.found
    with pytest.raises(StudyError, match="rectangles"):
        read_grids(path)


def test_a_sheet_by_any_name_and_without_addresses_is_measured_too(tmp_path: Path) -> None:
    far(tmp_path / "far.xlsx", 60_000, 200)
    content = io.BytesIO()
    with (
        zipfile.ZipFile(tmp_path / "far.xlsx") as whole,
        zipfile.ZipFile(content, "w") as written,
    ):
        for name in whole.namelist():
            said = whole.read(name).replace(b"worksheets/sheet1.xml", b"other.bin")
            written.writestr(name.replace("worksheets/sheet1.xml", "other.bin"), said)
    (tmp_path / "far.xlsx").write_bytes(content.getvalue())
    raw, problems = read_table_file(tmp_path / "far.xlsx", "activity")
    assert raw is None and "rectangles" in problems[0].found


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ('<c r="B2"><v>1</v></c><c r="D9" s="1"><v>1</v></c>', 24),
        ('<c r="B2"><v>1</v></c><c r="XFD1048576" s="1"/>', 1),
        ('<row r="3"><c><v>1</v></c><c><v>1</v></c></row><row r="9"><c><v>1</v></c></row>', 30),
        ("<c r='B2' x='>'><v>1</v></c><c  r = 'C3'><v/></c>", 4),
    ],
)
def test_how_far_cells_reach_is_told_by_the_filled_ones(sheet: str, cells: int) -> None:
    assert extent_of(f"<sheetData>{sheet}</sheetData>".encode()).cells == cells


def test_large_sheets_that_are_full_are_read() -> None:
    full = Extent(0, 0, 999_999, 29, 25_000_000)
    require_modest_extents([full, Extent()])
    with pytest.raises(TooFar):
        require_modest_extents([Extent(0, 0, 999_999, 29, 1_000_000)])
    with pytest.raises(TooFar):
        require_modest_extents([full] * 4)
