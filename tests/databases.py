"""Databases of tests, each a test's own: SQLite in a file, PostgreSQL in a server that the tests
start from Debian's package, on a socket, without care for power cuts, and once for all.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.made_once import made_once, undo_at_the_end

PROGRAMS = max(
    Path("/usr/lib/postgresql").glob("*/bin"),
    key=lambda path: int(path.parent.name),
    default=Path(shutil.which("initdb") or "/usr/lib/postgresql/bin/initdb").parent,
)
ACCOUNTS = ("postgres", "nobody")
"""Under which the server runs where the tests run as root, which it refuses."""
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
}
AS_INSTALLED = {"listen_addresses": ""}
"""What Debian's package sets by itself: whatever was answered as kept survives a power cut."""
TEMPLATE = "yanzhen_template"
_numbers = count(1)


@dataclass(frozen=True)
class PostgresServer:
    """A server whose data lie in a folder, as does its socket.

    Attributes
    ----------
    folder : of data, socket and log
    settings : that are unlike the program's own
    """

    folder: Path
    settings: Mapping[str, str]

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://yanzhen@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start it, and return once it answers."""
        said = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
        options = f"-k {self.folder} {said}"
        log = str(self.folder / "log")
        _run("pg_ctl", "start", "-w", "-D", str(self.folder / "data"), "-l", log, "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it, whoever is connected; stopped `immediate`, it may lose what was last kept."""
        _run("pg_ctl", "stop", "-w", "-D", str(self.folder / "data"), "-m", mode)

    def remove(self) -> None:
        """Stop it, and remove all it holds."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """Return what a statement gives, outside any transaction."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


def new_server(settings: Mapping[str, str] = SETTINGS) -> PostgresServer:
    """Return a server that runs, and holds nothing; skip where there is no PostgreSQL."""
    pytest.importorskip("psycopg")
    if not (PROGRAMS / "initdb").exists():
        pytest.skip(f"no PostgreSQL server at {PROGRAMS}: install the system package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="yz-postgres-"))
    if os.getuid() == 0:
        account = pwd.getpwnam(_account())
        os.chown(folder, account.pw_uid, account.pw_gid)
    rules = ("--auth=trust", "--username=yanzhen", "--encoding=UTF8", "--locale=C", "--no-sync")
    _run("initdb", "-D", str(folder / "data"), *rules)
    server = PostgresServer(folder, settings)
    server.start()
    return server


def shared_server() -> PostgresServer:
    """Return the server that all tests share, with the template of a store in it."""
    return made_once("postgres", _make_shared)


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of a store that is ready for use: `sqlite` or `postgresql`."""
    if kind == "postgresql":
        with new_in_server(TEMPLATE) as url:
            yield url
    else:
        made = made_once("sqlite", _make_sqlite)
        yield f"sqlite:///{shutil.copy(made, folder / 'store.sqlite')}"


@contextmanager
def new_in_server(template: str = "template1") -> Iterator[str]:
    """Give the address of a copy of a database; as the server brings it, it holds nothing."""
    server = shared_server()
    name = f"yanzhen_{os.getpid()}_{next(_numbers)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


def _make_sqlite(folder: Path) -> Path:
    from yanzhen.store.people.opening import open_store

    open_store(f"sqlite:///{folder / 'store.sqlite'}").close()
    return folder / "store.sqlite"


def _make_shared(_: Path) -> PostgresServer:
    from yanzhen.store.people.opening import open_store

    server = new_server()
    undo_at_the_end("postgres", partial(PostgresServer.remove, server))
    server.run(f"CREATE DATABASE {TEMPLATE}")
    open_store(server.url(TEMPLATE)).close()
    return server


def _run(program: str, *arguments: str) -> None:
    as_whom: dict[str, Any] = {}
    if os.getuid() == 0:
        account = pwd.getpwnam(_account())
        as_whom = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    # What a server writes goes to its log, not into a pipe that it would keep open.
    with tempfile.TemporaryFile("w+") as said:
        command = [str(PROGRAMS / program), *arguments]
        ended = subprocess.run(command, stdout=said, stderr=said, cwd="/", **as_whom)
        said.seek(0)
        assert ended.returncode == 0, said.read()


def _account() -> str:
    there = {account.pw_name for account in pwd.getpwall()}
    return next(name for name in ACCOUNTS if name in there)
