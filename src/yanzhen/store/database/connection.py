"""The way to the store's database: SQLite by default, PostgreSQL by its address."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InvalidatePoolError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree

BUSY = 30.0
"""Seconds that SQLite waits for another writer."""
WAITING = 10.0
"""Seconds that a request waits for a connection that others use."""
KEPT_OPEN, MORE_AT_ONCE = 10, 5
"""Connections of a process that stay open, and those that are closed when nobody waits."""
UNUSED = 1.0
"""Seconds after which a connection is tried before it is used again."""
# A server that is gone without a word is found out within ten seconds.
REACHING = {
    "connect_timeout": 3,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    # A statement that was prepared is planned without looking at what is sought.
    "prepare_threshold": None,
}
SQLITE_PASSING = (
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM),
)
"""What SQLite says of the machine or of other processes, not of a statement."""
# A writer takes SQLite's lock at once: one asked for halfway could not be waited for.
SQLITE_BEGINS = {"asking": "", "reading": "BEGIN", "writing": "BEGIN IMMEDIATE"}
SERVER_BEGINS: dict[str, dict[str, Any]] = {
    "asking": {"isolation_level": "AUTOCOMMIT"},
    "reading": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    "writing": {"isolation_level": "READ COMMITTED"},
}


class Unavailable(Exception):
    """The database does not answer now; asking again later may help."""


class NotADatabase(ValueError):
    """An address that names no database of a kind the store can use."""


class Database:
    """A store's database.

    Parameters
    ----------
    url : `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`

    Raises
    ------
    NotADatabase
        The address is neither.
    """

    def __init__(self, url: str) -> None:
        self.url = _url(url)
        self.engine = _engine(self.url)
        # Made once: each would listen to the engine's events anew.
        self._ways = {
            purpose: self.engine.execution_options(
                **({"begin": begin} if self.is_sqlite else SERVER_BEGINS[purpose])
            )
            for purpose, begin in SQLITE_BEGINS.items()
        }

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Give a connection for one statement that reads: no transaction is begun and ended.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with _available(), self._ways["asking"].connect() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with _available(), self._ways["reading"].connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction: all that is written in it is kept, or nothing.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with _available(), self._ways["writing"].connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def sqlite_url(file: Path) -> str:
    """Return the address of a database in a file."""
    return f"sqlite:///{file}"


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except NoConnectionFree as error:
        raise Unavailable(str(error)) from error
    except DBAPIError as error:
        if _passes(error):
            raise Unavailable(str(error.orig)) from error
        _hide_rows(error)
        raise


def _hide_rows(error: DBAPIError) -> None:
    """Take out of an error of PostgreSQL's, which a log tells, the row that it is about."""
    told = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    if told is not None and error.orig is not None:
        error.args = error.orig.args = (told,)


def _passes(error: DBAPIError) -> bool:
    """Whether an error says nothing of the statement, so that it may do later."""
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is None or code & 0xFF in SQLITE_PASSING


def _url(said: str) -> URL:
    try:
        url = make_url(said)
    except SQLAlchemyError:
        raise NotADatabase(said) from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database:
        return url
    raise NotADatabase(said)


def _engine(url: URL) -> Engine:
    pool: dict[str, Any] = {
        "pool_timeout": WAITING,
        "pool_size": KEPT_OPEN,
        "max_overflow": MORE_AT_ONCE,
        # What people entered does not belong into an error, which is logged.
        "hide_parameters": True,
    }
    if url.get_backend_name() == "postgresql":
        engine = create_engine(url, connect_args=REACHING, **pool)
        _try_what_was_unused(engine)
        return engine
    engine = create_engine(url, connect_args={"timeout": BUSY}, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _try_what_was_unused(engine: Engine) -> None:
    """Try a connection before it is used where it lay idle: the server may have been away."""

    def returned(_: Any, record: Any) -> None:
        record.info["returned"] = time.monotonic()

    def taken(connection: Any, record: Any, _: Any) -> None:
        if time.monotonic() - record.info.get("returned", time.monotonic()) < UNUSED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", returned)
    event.listen(engine, "checkout", taken)


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("begin", SQLITE_BEGINS["reading"])
    if begin:
        connection.exec_driver_sql(begin)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # The driver would begin transactions of its own, and only before some statements.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
