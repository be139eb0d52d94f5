"""Moments as text that sorts by time: `2026-11-30T23:20:05.123456Z`, UTC, microseconds."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
LENGTH = 27
SERVERS_OWN = text(
    "SELECT to_char(clock_timestamp() AT TIME ZONE 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
)


def now() -> str:
    """Return this moment."""
    return moment(datetime.now(UTC))


def moment(when: datetime) -> str:
    """Return a time with a zone as the store writes it."""
    return when.astimezone(UTC).strftime(FORMAT)


def time_of(written: str) -> datetime:
    """Return the time that the store wrote."""
    return datetime.strptime(written, FORMAT).replace(tzinfo=UTC)


def moment_of(connection: Connection) -> str:
    """Return this moment by the one clock of all who use a database.

    That of the server where there is one; an SQLite file is used on one machine alone.
    """
    if connection.dialect.name == "postgresql":
        return str(connection.execute(SERVERS_OWN).scalar_one())
    return now()


def later(start: str, seconds: float) -> str:
    """Return a moment so many seconds after another."""
    return moment(time_of(start) + timedelta(seconds=seconds))
