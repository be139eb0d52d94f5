"""`yanzhen demo exchange`: a store of its own, seven logins, and what is refused."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yanzhen.cli.app import app
from yanzhen.store.people.persons import ROLES

SMALL = ("--zones", "12", "--projects", "60", "--lang", "en")


def run(*words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["demo", "exchange", *words], env={"COLUMNS": "200"})
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.exit_code, ended.output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo") / "exchange"
    code, said = run("--out", str(folder), *SMALL)
    assert code == 0, said
    return folder, said


def test_it_says_what_there_is_and_how_to_log_in(made: tuple[Path, str]) -> None:
    folder, said = made
    assert "SYNTHETIC" in said and "12 sites, 60 projects" in said
    assert f"yanzhen serve china-zones --store {folder} --accounts" in said.replace("\n", "")
    assert all(f" {role} " in said for role in ROLES)


def test_what_is_listed_is_cleared(made: tuple[Path, str]) -> None:
    (summary,) = made[0].glob("exchange/clearings/*/summary.json")
    told = json.loads(summary.read_text(encoding="utf-8"))
    # Of 58 that are published; their number is told in tens.
    assert told["passed"] and (told["sites"], told["projects"]) == (12, 50)
    assert told["status"] == "synthetic"


def test_passwords_are_shown_once_and_kept_nowhere(tmp_path: Path) -> None:
    code, said = run("--out", str(tmp_path / "new"), "--json", *SMALL)
    told = json.loads(said)
    assert code == 0 and told["synthetic"]
    passwords = [each["password"] for each in told["logins"]]
    assert len({*passwords}) == len(ROLES) and all(len(each) >= 16 for each in passwords)
    files = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files)
    assert b"administrator" in kept
    assert [each for each in passwords if each.encode() in kept] == []


def test_only_an_empty_place_is_filled(made: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = made
    before = (folder / "store.sqlite").read_bytes()
    code, said = run("--out", str(folder), *SMALL)
    assert code == 2 and "not empty" in said
    url = f"sqlite:///{folder / 'store.sqlite'}"
    code, said = run("--out", str(tmp_path / "new"), "--database", url, *SMALL)
    assert code == 2 and "empty one alone" in said
    assert (folder / "store.sqlite").read_bytes() == before


def test_more_zones_than_there_are_leave_nothing_behind(tmp_path: Path) -> None:
    code, said = run("--out", str(tmp_path / "new"), "--zones", "9999", "--lang", "en")
    assert code == 2 and "9999" in said
    assert list((tmp_path / "new").iterdir()) == []
