"""A workbench that demands accounts, and people of two organisations who come to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher

from tests.databases import new_database
from yanzhen.api.accounts import OPEN_TO_ALL, Accounts
from yanzhen.api.app import make_app
from yanzhen.api.workbench import Workbench
from yanzhen.store.people.api_tokens import make_token
from yanzhen.store.people.passwords import Passwords
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import Viewer

CHEAP = Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "correct horse battery"
SITE = "http://127.0.0.1:8765"


@dataclass(frozen=True)
class Guarded:
    """A workbench that demands accounts, with two organisations.

    Attributes
    ----------
    bench : the workbench
    app : the API
    here, elsewhere : identities of the organisations
    """

    bench: Workbench
    app: FastAPI
    here: str
    elsewhere: str

    @property
    def served(self) -> Accounts:
        return Accounts(self.app, self.bench.database, OPEN_TO_ALL)

    def person(self, login: str, role: Any, organisation: str = "") -> Viewer:
        """Add a person; whoever is not said to be elsewhere is here."""
        given = organisation or self.here
        identity = add_person(self.bench.database, None, given, login, "", role, PASSWORD, CHEAP)
        return Viewer(identity, given, role)

    def browser(self) -> TestClient:
        """Return a browser that keeps its cookies."""
        return TestClient(self.served, base_url=SITE, follow_redirects=False)

    def program(self, viewer: Viewer, *scopes: str) -> TestClient:
        """Return a program with a token for some scopes, all without any."""
        wanted = scopes or ("read", "write", "administer")
        token = make_token(self.bench.database, viewer, "test", wanted)
        headers = {"Authorization": f"Bearer {token}"}
        return TestClient(self.served, base_url=SITE, headers=headers)


@contextmanager
def guarded(folder: Path, named: tuple[str, ...] = ()) -> Iterator[Guarded]:
    """Give a workbench on SQLite, in a folder, with studies that everybody sees."""
    with new_database("sqlite", folder) as url:
        # Nobody does the jobs: what is asked for waits.
        bench = Workbench(folder / "store", named, url, slots=0)
        here, elsewhere = (add_organisation(bench.database, name) for name in ("H", "E"))
        try:
            yield Guarded(bench, make_app(bench), here, elsewhere)
        finally:
            bench.close()
