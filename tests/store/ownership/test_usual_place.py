"""A store lies among the data of its user; one from the caches of older versions is taken over."""

import errno
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from yanzhen.store.ownership.usual_place import HALF, PART, usual_place
from yanzhen.study.caches import SCRIPTS, WORKERS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def older_store(home: Path) -> Path:
    old = home / "cache" / "yanzhen"
    (old / "organisations" / "local").mkdir(parents=True)
    (old / SCRIPTS).mkdir()
    (old / SCRIPTS / "vega.js").write_text("made again", encoding="utf-8")
    (old / "store.sqlite").write_text("rows", encoding="utf-8")
    return old


def test_without_an_older_store_nothing_is_made(home: Path) -> None:
    assert usual_place() == (home / "data" / "yanzhen", None)
    assert not (home / "data").exists()


def test_an_older_store_is_taken_over_once_and_caches_stay(home: Path) -> None:
    old = older_store(home)
    place, taken_from = usual_place()
    assert taken_from == old and (place / "store.sqlite").read_text(encoding="utf-8") == "rows"
    assert (place / "organisations" / "local").is_dir() and not (place / SCRIPTS).exists()
    assert [each.name for each in old.iterdir()] == [SCRIPTS]
    assert usual_place() == (place, None)


def test_a_move_that_was_cut_short_is_gone_on_with(home: Path) -> None:
    older_store(home)
    part = home / "data" / f"yanzhen{PART}"
    (part / f"organisations{HALF}" / "half").mkdir(parents=True)
    place, _ = usual_place()
    assert not part.exists() and (place / "store.sqlite").is_file()
    assert [each.name for each in (place / "organisations").iterdir()] == ["local"]


def test_what_was_moved_already_is_not_lost_with_what_is_left_of_its_old_place(home: Path) -> None:
    """On another file system the copy is whole, and its source was half removed."""
    old = older_store(home)
    moved = home / "data" / f"yanzhen{PART}" / "organisations"
    for name in ("local", "ministry"):
        (moved / name).mkdir(parents=True)
    place, _ = usual_place()
    assert {each.name for each in (place / "organisations").iterdir()} == {"local", "ministry"}
    assert not (old / "organisations").exists()


def test_another_file_system_takes_copies(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, rename = older_store(home), Path.rename

    def apart(self: Path, target: Path) -> Path:
        if self.parent == old:
            raise OSError(errno.EXDEV, "another file system")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", apart)
    place, _ = usual_place()
    assert (place / "store.sqlite").read_text(encoding="utf-8") == "rows"
    assert (place / "organisations" / "local").is_dir()
    assert [each.name for each in old.iterdir()] == [SCRIPTS]


def test_several_processes_take_a_store_over_once(home: Path) -> None:
    older_store(home)
    with ThreadPoolExecutor(4) as at_once:
        found = list(at_once.map(lambda _: usual_place()[0], range(8)))
    assert set(found) == {home / "data" / "yanzhen"}
    assert (found[0] / "store.sqlite").read_text(encoding="utf-8") == "rows"


def test_files_for_workers_are_no_store(home: Path) -> None:
    (home / "cache" / "yanzhen" / WORKERS).mkdir(parents=True)
    assert usual_place() == (home / "data" / "yanzhen", None)


def test_a_store_that_is_in_use_is_left_alone(home: Path) -> None:
    old = older_store(home)
    place = home / "data" / "yanzhen"
    place.mkdir(parents=True)
    (place / "store.sqlite").write_text("newer", encoding="utf-8")
    assert usual_place() == (place, None)
    assert (old / "store.sqlite").read_text(encoding="utf-8") == "rows"
