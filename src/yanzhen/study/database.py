"""Reading and writing a study as the tables of a DuckDB database."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.study.raw import RawTable, row_numbers

if TYPE_CHECKING:
    import duckdb


class DatabaseSupportMissing(ImportError):
    """DuckDB is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Reading a .duckdb study needs DuckDB: pip install 'yanzhen[sources]'\n"
            "读取 .duckdb 研究需要 DuckDB：pip install 'yanzhen[sources]'"
        )


def read_tables(path: Path) -> Iterator[RawTable]:
    """Read every table of a database.

    Raises
    ------
    DatabaseSupportMissing
        DuckDB is not installed.
    duckdb.Error
        The file is not a database.
    """
    with _connect(path, read_only=True) as connection:
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables ORDER BY table_name"
        ).fetchall()
        for (name,) in names:
            cells = pl.DataFrame(connection.table(_quoted(name)))
            yield RawTable(path.name, name, cells, row_numbers(cells.height))


def write_tables(frames: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Write frames as the tables of a new database.

    Raises
    ------
    DatabaseSupportMissing
        DuckDB is not installed.
    """
    with tempfile.TemporaryDirectory() as folder, _connect(path, read_only=False) as connection:
        for name, frame in frames.items():
            passing = Path(folder) / f"{name}.parquet"
            frame.write_parquet(passing)
            connection.execute(
                f"CREATE TABLE {_quoted(name)} AS SELECT * FROM read_parquet(?)", [str(passing)]
            )


def _connect(path: Path, *, read_only: bool) -> "duckdb.DuckDBPyConnection":
    try:
        import duckdb
    except ImportError as error:
        raise DatabaseSupportMissing from error
    return duckdb.connect(str(path), read_only=read_only)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
