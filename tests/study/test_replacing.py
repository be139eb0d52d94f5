"""Folders of studies are replaced as a whole, whatever ends the writing."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.study.small import small, small_study
from tests.whole.failing_writes import FAILING, Killed
from yanzhen.study import check_study, read_study, write_study
from yanzhen.study.replacing import BEGUN, WRITTEN, replacing, unfinished


def shown(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_study_that_is_written_over_is_the_old_or_the_new_one_wherever_it_is_killed(
    tmp_path: Path,
) -> None:
    old = small()
    activity = old.tables["activity"]
    new = replace(
        old,
        about=replace(old.about, title_en="Another SYNTHETIC study"),
        tables={**old.tables, "activity": activity.with_columns(output="value_added")},
    )
    outcomes = []
    for number in range(1, 40):
        folder = tmp_path / str(number)
        write_study(old, folder, "parquet")
        (folder / "own.txt").write_text("kept", "utf-8")
        with suppress(Killed), FAILING.failing(number, killed=True):
            write_study(new, folder)
        if not FAILING.failed:
            break
        found = read_study(folder)
        is_new = found.about.title_en == new.about.title_en
        assert found.about.title_en in (old.about.title_en, new.about.title_en), FAILING.failed
        assert found.tables["activity"].equals((new if is_new else old).tables["activity"])
        assert (folder / "own.txt").read_text("utf-8") == "kept"
        assert not (folder / WRITTEN).exists()
        outcomes.append(is_new)
        write_study(new, folder)
        assert not (folder / BEGUN).exists()
        assert set(shown(folder)) == {*(f"{name}.csv" for name in TABLES), "own.txt", "study.toml"}
    assert False in outcomes and True in outcomes and outcomes == sorted(outcomes)


TABLES = ("regions", "industries", "activity")


def test_two_that_finish_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with suppress(Killed), FAILING.failing(5, killed=True), replacing(tmp_path) as part:
        for name in "ab":
            (part / name).write_text(name, "utf-8")
    assert (tmp_path / WRITTEN / "b").exists()
    moved = os.replace

    def another_was_first(source: Path, target: Path) -> None:
        moved(source, target)
        moved(source.parent / "b", tmp_path / "b") if source.name == "a" else None

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "replace", another_was_first)
        assert [path.file for path in check_study(tmp_path)]
    assert {name: said.decode() for name, said in shown(tmp_path).items()} == {"a": "a", "b": "b"}


def test_a_study_that_cannot_be_finished_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small_study(tmp_path / "small")
    (folder / WRITTEN).mkdir()
    (folder / WRITTEN / "activity.csv").write_text("region\n", "utf-8")

    def read_only(source: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(os, "replace", read_only)
    (problem,) = check_study(folder)
    assert "broken off" in problem.found and "Permission denied" in problem.found
    assert "写入中断" in problem.found_zh


def test_a_folder_of_results_says_that_it_is_not_whole_until_it_is(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), unfinished(tmp_path / "out"):
        raise OSError("full")
    said = (tmp_path / "out" / "UNFINISHED.txt").read_text("utf-8")
    assert "Run the same command again" in said and "请重新运行" in said
    with unfinished(tmp_path / "out"):
        assert shown(tmp_path / "out")
    assert not shown(tmp_path / "out")
