"""`yanzhen people`, and when `yanzhen serve` demands accounts."""

import json
from pathlib import Path

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from typer.testing import CliRunner

from yanzhen.cli.app import app
from yanzhen.store.people import passwords, persons
from yanzhen.store.people.passwords import Passwords

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of little work, wherever a command makes them."""
    hasher = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords.STANDARD, "_hash", Passwords(hasher)._hash)
    assert persons.STANDARD is passwords.STANDARD


def run(folder: Path, *words: str, stdin: str = "") -> tuple[int, str]:
    said = [*words, "--store", str(folder)]
    ended = CliRunner().invoke(
        app, said, input=stdin, env={"LANG": "en_GB.UTF-8", "COLUMNS": "200"}
    )
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.exit_code, ended.output


def test_the_operator_makes_an_organisation_and_its_administrator(tmp_path: Path) -> None:
    add = ("people", "add", "ada", "--organisation", "Here", "--role")
    code, said = run(tmp_path, *add, "administrator", "--stdin", stdin=PASSWORD)
    assert code == 2 and "There is no organisation 'Here'" in said
    assert run(tmp_path, "people", "organisations", "add", "Here")[0] == 0
    code, said = run(tmp_path, "people", "organisations", "add", "Here")
    assert code == 2 and "already" in said
    code, said = run(tmp_path, *add, "king", "--stdin", stdin=PASSWORD)
    assert code == 2 and "administrator" in said
    code, said = run(tmp_path, *add, "administrator", "--stdin", stdin="short\n")
    assert code == 2 and "at least 12" in said
    code, said = run(tmp_path, *add, "administrator", "--stdin", stdin=f"{PASSWORD}\n")
    assert code == 0 and PASSWORD not in said
    code, said = run(tmp_path, "people", "list", "--json")
    (listed,) = json.loads(said)
    assert (listed["login"], listed["organisation"]) == ("ada", "Here")
    assert listed["has_password"] and PASSWORD not in said
    assert "ada" in run(tmp_path, "people", "list")[1]
    assert "Here" in run(tmp_path, "people", "organisations", "list")[1]


def test_a_password_that_is_made_is_shown_once(tmp_path: Path) -> None:
    run(tmp_path, "people", "organisations", "add", "Here")
    add = ("people", "add", "bo", "--organisation", "Here", "--role", "analyst", "--generate")
    code, said = run(tmp_path, *add, "--json")
    assert code == 0 and len(json.loads(said)["password"]) >= 16
    code, said = run(tmp_path, "people", "password", "bo", "--generate", "--without-second-factor")
    assert code == 0 and "shown this once" in said
    for command, now in (("disable", "disabled"), ("enable", "may log in")):
        assert run(tmp_path, "people", command, "bo")[0] == 0
        assert now in run(tmp_path, "people", "list")[1]
        assert run(tmp_path, "people", command, "nobody")[0] == 2


def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    code, said = run(tmp_path, "people", "list", "--database", "mysql://x/y")
    assert code == 2 and "sqlite:///FILE" in said


@pytest.mark.parametrize(
    ("more", "needle"),
    [
        (("--host", "0.0.0.0"), "yanzhen people add"),
        (("--accounts",), "yanzhen people add"),
        (("--proxy", "10.0.0.1"), "yanzhen people add"),
        (("--host", "0.0.0.0", "--open"), "loopback"),
        (("--accounts", "--open"), "not both"),
        (("--accounts", "--openid", "nowhere.toml"), "--openid"),
        (("--mail", "nowhere.toml"), "--mail"),
    ],
)
def test_a_workbench_that_others_reach_does_not_start_without_accounts(
    tmp_path: Path, more: tuple[str, ...], needle: str
) -> None:
    code, said = run(tmp_path, "serve", *more)
    assert code == 2 and needle in said


def test_the_operator_makes_lists_and_revokes_the_token_of_a_program(tmp_path: Path) -> None:
    run(tmp_path, "people", "organisations", "add", "Here")
    add = ("people", "add", "bo", "--organisation", "Here", "--role", "analyst", "--openid")
    assert run(tmp_path, *add)[0] == 0
    token = ("people", "token")
    assert "no tokens" in run(tmp_path, *token, "list", "bo")[1]
    make = (*token, "make", "bo", "--name", "monthly", "--scope", "read", "--scope", "write")
    code, said = run(tmp_path, *make, "--days", "30", "--json")
    made = json.loads(said)
    assert code == 0 and made["token"].startswith("yz_") and made["scopes"] == ["read", "write"]
    code, said = run(tmp_path, *make)
    assert code == 0 and "shown this once" in said and "yz_" in said
    code, said = run(tmp_path, *token, "list", "bo", "--json")
    assert "yz_" not in said and len(json.loads(said)) == 2
    assert made["id"] in run(tmp_path, *token, "list", "bo")[1]
    assert "Revoked" in run(tmp_path, *token, "revoke", "bo", made["id"])[1]
    (revoked,) = (
        each
        for each in json.loads(run(tmp_path, *token, "list", "bo", "--json")[1])
        if each["revoked_at"]
    )
    assert revoked["id"] == made["id"]
    for wrong, needle in (
        ((*token, "revoke", "bo", "nothing"), "no such token"),
        ((*token, "make", "eve", "--name", "x", "--scope", "read"), "no person"),
        ((*token, "make", "local", "--name", "x", "--scope", "read"), "no person"),
        ((*token, "make", "bo", "--name", "x", "--scope", "rule"), "scopes"),
        ((*token, "make", "bo", "--name", "x", "--scope", "read", "--days", "900"), "366"),
    ):
        code, said = run(tmp_path, *wrong)
        assert code == 2 and needle in said, wrong
