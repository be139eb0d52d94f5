"""The scripts of the pages: made once for all processes, never taken damaged."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import vl_convert

from yanzhen.report.document import vega


class Maker:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self, snippet: str) -> str:
        assert snippet == vega.SNIPPET
        self.times += 1
        return f"字 made {self.times}\r\nsecond line\n"


@pytest.fixture
def maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Maker]:
    made = Maker()
    monkeypatch.setattr(vl_convert, "javascript_bundle", made)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "caches"))
    vega.vega_bundle.cache_clear()
    yield made
    vega.vega_bundle.cache_clear()


def in_another_process() -> str:
    vega.vega_bundle.cache_clear()
    return vega.vega_bundle()


def kept(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "caches").rglob("*") if path.is_file()]


def test_the_scripts_are_made_once_for_all_processes(tmp_path: Path, maker: Maker) -> None:
    first = vega.vega_bundle()
    assert in_another_process() == first == "字 made 1\r\nsecond line\n"
    assert maker.times == 1
    assert len(kept(tmp_path)) == 1


def test_damaged_scripts_are_made_anew(tmp_path: Path, maker: Maker) -> None:
    vega.vega_bundle()
    (file,) = kept(tmp_path)
    for damaged in (file.read_bytes()[:-3], b"", b"\xff\xfe", b"alert(1);\n"):
        file.write_bytes(damaged)
        before = maker.times
        assert in_another_process() == f"字 made {before + 1}\r\nsecond line\n"
        assert in_another_process() == f"字 made {before + 1}\r\nsecond line\n"


def test_scripts_of_another_version_are_not_taken(
    maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    vega.vega_bundle()
    monkeypatch.setattr(vega, "version", lambda package: "0.0")
    in_another_process()
    assert maker.times == 2


def test_where_nothing_can_be_kept_they_are_made_anew(tmp_path: Path, maker: Maker) -> None:
    (tmp_path / "caches").write_text("a file where the folder should be", encoding="utf-8")
    vega.vega_bundle()
    in_another_process()
    assert maker.times == 2
