"""Results on disk: whole or not at all, and never those of another Yanzhen."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from yanzhen.api import result_store
from yanzhen.api.result_store import current, put
from yanzhen.api.versions import CURRENT


def saying(text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "said").write_text(text)

    return write


def test_a_reader_sees_the_old_result_until_the_new_is_whole(tmp_path: Path) -> None:
    put(tmp_path, "a", saying("old"))

    def fail(folder: Path) -> None:
        (folder / "said").write_text("half")
        raise OSError("no space left")

    with pytest.raises(OSError):
        put(tmp_path, "b", fail)
    place = current(tmp_path)
    assert place is not None and (place / "said").read_text() == "old"


def test_the_version_before_stays_and_older_ones_go(tmp_path: Path) -> None:
    for version in ("a", "b", "c"):
        put(tmp_path, version, lambda folder: None)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["b", "c"]


def test_what_another_version_kept_is_not_read_but_made_again(tmp_path: Path) -> None:
    put(tmp_path, "a", saying("old"))
    pointer = json.loads((tmp_path / CURRENT).read_text())
    (tmp_path / CURRENT).write_text(json.dumps({**pointer, "made_by": "0.0.1"}))
    assert current(tmp_path) is None
    put(tmp_path, "a", saying("new"))
    place = current(tmp_path)
    assert place is not None and (place / "said").read_text() == "new"


def test_what_other_sources_of_the_same_version_kept_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a", saying("a table without the new columns"))
    monkeypatch.setattr(result_store, "sources_hash", lambda: "edited")
    assert current(tmp_path) is None
    put(tmp_path, "a", saying("a table with them"))
    place = current(tmp_path)
    assert place is not None and (place / "said").read_text() == "a table with them"
