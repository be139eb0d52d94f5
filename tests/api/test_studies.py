"""Studies that come in by upload."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.study.small import small, small_study
from yanzhen.api.refusal import Refusal
from yanzhen.api.studies import Studies
from yanzhen.study import write_study


def archive(folder: Path, inside: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for path in folder.iterdir():
            written.write(path, f"{inside}{path.name}")
    return content.getvalue()


@pytest.mark.parametrize("inside", ["", "a/b/", "../../"])
def test_an_archive_is_read_wherever_its_tables_lie_and_writes_nowhere_else(
    tmp_path: Path, inside: str
) -> None:
    content = archive(small_study(tmp_path / "small"), inside)
    studies = Studies(tmp_path / "store" / "studies")
    known = studies.upload("../../my study.zip", content)
    assert studies.problems(known.key) == ()
    assert studies.read(known.key).tables["activity"].equals(small().tables["activity"])
    assert [path.name for path in tmp_path.iterdir()] == ["small", "store"]
    assert known in Studies(tmp_path / "store" / "studies").all()


def test_a_workbook_is_a_study(tmp_path: Path) -> None:
    write_study(small(), tmp_path / "study.xlsx")
    studies = Studies(tmp_path / "studies")
    known = studies.upload("研究.xlsx", (tmp_path / "study.xlsx").read_bytes())
    assert known.synthetic and known.title_zh == small().about.title_zh
    assert studies.read(known.key).tables["regions"].height == 6


@pytest.mark.parametrize("name", ["study.exe", "study", "broken.zip"])
def test_anything_else_is_refused_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    studies = Studies(tmp_path / "studies")
    with pytest.raises(Refusal) as refusal:
        studies.upload(name, b"not a study")
    assert refusal.value.status == 415
    assert list((tmp_path / "studies").iterdir()) == []
