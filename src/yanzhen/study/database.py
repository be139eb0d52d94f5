"""Reading and writing a study as the tables of a DuckDB database."""

import importlib.util
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from yanzhen.study.extras import install
from yanzhen.study.problem import Problem
from yanzhen.study.raw import RawTable, row_numbers


def is_installed() -> bool:
    """Whether DuckDB, which the extra `sources` brings, is there."""
    return importlib.util.find_spec("duckdb") is not None


def not_installed(path: Path) -> Problem:
    """Return the problem of a database without DuckDB."""
    return Problem.of("no_duckdb", path.name, "", None, "", install=install("sources"))


def read_tables(path: Path) -> Iterator[RawTable]:
    """Read every table of a database.

    Raises
    ------
    duckdb.Error
        The file is not a database.
    """
    import duckdb

    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(str(path), read_only=True) as connection,
    ):
        # Passing by Parquet keeps types and order, and needs no PyArrow.
        passing = str(Path(folder) / "table.parquet")
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables ORDER BY table_name"
        ).fetchall()
        for (name,) in names:
            connection.table(_quoted(name)).write_parquet(passing)
            cells = pl.read_parquet(passing)
            yield RawTable(path.name, name, cells, row_numbers(cells.height))


def write_tables(frames: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Write frames as the tables of a new database."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(path)) as connection:
        for name, frame in frames.items():
            passing = Path(folder) / f"{name}.parquet"
            frame.write_parquet(passing)
            connection.execute(
                f"CREATE TABLE {_quoted(name)} AS SELECT * FROM read_parquet(?)", [str(passing)]
            )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
