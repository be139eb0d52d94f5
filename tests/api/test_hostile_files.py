"""Files made to harm: that unpack to all memory, with names that lead elsewhere."""

import io
import struct
import time
import warnings
import zipfile
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from tests.api.test_studies import studies_in, texts, zipped
from tests.study.small import small, small_study
from yanzhen.api.app import make_app
from yanzhen.api.problem_details import Refusal
from yanzhen.api.unpacked_size import MOST_ENTRIES, require_modest
from yanzhen.api.workbench import Workbench
from yanzhen.study import check_study, write_study

ZEROS = 3_000_000


def bomb(zeros: int = ZEROS) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("xl/workbook.xml", bytes(zeros))
    return content.getvalue()


def refused(content: bytes, largest: int) -> int:
    with pytest.raises(Refusal) as refusal:
        require_modest(content, largest)
    return refusal.value.status


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    content = bomb()
    assert len(content) < ZEROS / 500
    assert require_modest(content, ZEROS) == content
    assert refused(content, ZEROS - 1) == 413


@pytest.mark.parametrize("largest", [ZEROS, 1000])
def test_what_an_entry_says_of_its_size_is_not_believed(largest: int) -> None:
    # The size stands in the entry's own header and in the directory at the end.
    lying = bomb().replace(struct.pack("<L", ZEROS), struct.pack("<L", 10))
    assert zipfile.ZipFile(io.BytesIO(lying)).infolist()[0].file_size == 10
    assert refused(lying, largest) == (413 if largest < ZEROS else 415)


def very_many() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for number in range(MOST_ENTRIES + 1):
            written.writestr(str(number), "")
    return content.getvalue()


def test_an_archive_of_very_many_files_is_refused() -> None:
    assert refused(very_many(), ZEROS) == 413


def test_an_entry_that_cannot_be_unpacked_is_refused_and_no_archive_is_left_alone() -> None:
    broken = bytearray(bomb())
    broken[60:80] = b"\xff" * 20
    assert refused(bytes(broken), ZEROS) == 415
    for content in (b"region,industry\n", b"PK\x03\x04 is no archive"):
        assert require_modest(content, 1) == content


@pytest.mark.parametrize("way", ["upload", "within", "table", "import", "list", "listings"])
def test_every_way_in_measures_first(tmp_path: Path, way: str) -> None:
    bench = Workbench(tmp_path / "store", [str(small_study(tmp_path / "small"))], slots=0)
    client, key = TestClient(make_app(bench)), bench.studies.all()[0].key
    settings = (tmp_path / "small" / "study.toml").read_text("utf-8")
    file = {"file": ("r.xlsx", very_many())}
    within = {"file": ("s.zip", zipped({"study.toml": settings, "regions.xlsx": very_many()}))}
    match way:
        case "upload":
            answer = client.post("/api/v1/studies", files=file)
        case "within":
            answer = client.post("/api/v1/studies", files=within)
        case "table":
            answer = client.post(f"/api/v1/studies/{key}/tables/regions", files=file)
        case "listings":
            answer = client.post("/api/v1/exchange/files/site", files=file)
        case "import":
            answer = client.post("/api/v1/imports", files=[("files", file["file"])])
        case _:
            answer = client.post(f"/api/v1/plans/{key}/enterprises", files=file)
    bench.close()
    assert answer.status_code == 413, answer.text


def test_a_parquet_file_of_too_many_cells_is_refused_before_they_are_read() -> None:
    content = io.BytesIO()
    pl.DataFrame({"a": [0] * 1000, "b": ["same"] * 1000}).write_parquet(content)
    assert require_modest(content.getvalue(), cells=2000) == content.getvalue()
    with pytest.raises(Refusal) as refusal:
        require_modest(content.getvalue(), cells=1999)
    assert refusal.value.status == 413
    assert require_modest(b"PAR1 is none", cells=1) == b"PAR1 is none"


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in ("region,industry,year,output\n", "other\n"):
            written.writestr("activity.csv", text)
    with pytest.raises(Refusal) as refusal:
        studies_in(tmp_path / "store").upload("s.zip", content.getvalue())
    assert [each.found for each in refusal.value.problems] == [
        "one table in several files: activity.csv, activity.csv"
    ]


@pytest.mark.parametrize("inside", ["C:\\study\\", "..\\..\\", "/etc/", "//server/share/"])
def test_names_that_lead_elsewhere_lead_nowhere(tmp_path: Path, inside: str) -> None:
    present = texts(small_study(tmp_path / "small"), inside)
    studies = studies_in(tmp_path / "store")
    known = studies.upload("s.zip", zipped(present))
    assert studies.problems(known.key) == ()
    names = {path.name for path in Path(known.source).iterdir()}
    assert "activity.csv" in names and not any(set(name) & set("\\/:") for name in names)


LAUGHS = '<!DOCTYPE x [<!ENTITY a0 "lol">{}]><workbook>&a30;</workbook>'.format(
    "".join(f'<!ENTITY a{i} "&a{i - 1};&a{i - 1};&a{i - 1};">' for i in range(1, 31))
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>'


@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE, "<a>" * 200_000])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_xml_made_to_take_memory_or_to_read_files_is_no_workbook(
    tmp_path: Path, xml: str, part: str
) -> None:
    write_study(small(), tmp_path / "study.xlsx")
    content = io.BytesIO()
    with (
        zipfile.ZipFile(tmp_path / "study.xlsx") as whole,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in whole.namelist():
            written.writestr(name, xml if name == part else whole.read(name))
    (tmp_path / "study.xlsx").write_bytes(content.getvalue())
    began = time.process_time()
    problems = check_study(tmp_path / "study.xlsx")
    assert problems and time.process_time() - began < 20
    assert not any("root:" in str(each) for each in problems)


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("x = " + "[" * 100_000, "nested"),
        ("a." * 3_000 + "b = 1", "dots"),
        ("#" * 5_000_000, "too long"),
    ],
)
def test_toml_made_to_take_memory_is_told_as_a_problem(
    tmp_path: Path, toml: str, told: str
) -> None:
    folder = small_study(tmp_path / "small")
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    (problem,) = (each for each in check_study(folder) if each.file == "study.toml")
    assert told in problem.found
