"""A store lies among the data of its user; one from the caches of older versions is taken over."""

from pathlib import Path

import pytest

from yanzhen.store.ownership.usual_place import PART, usual_place
from yanzhen.study.caches import SCRIPTS


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
    (part / "organisations" / "half").mkdir(parents=True)
    place, _ = usual_place()
    assert not part.exists() and (place / "store.sqlite").is_file()
    assert [each.name for each in (place / "organisations").iterdir()] == ["local"]


def test_a_store_that_is_in_use_is_left_alone(home: Path) -> None:
    old = older_store(home)
    place = home / "data" / "yanzhen"
    place.mkdir(parents=True)
    (place / "store.sqlite").write_text("newer", encoding="utf-8")
    assert usual_place() == (place, None)
    assert (old / "store.sqlite").read_text(encoding="utf-8") == "rows"
