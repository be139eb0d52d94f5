"""Publications given out before, read from the folders that they were written into."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import polars as pl

from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.differencing import Version
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.reading import PHRASES, read_contributions
from yanzhen.exchange.statistics.writing import MANIFEST, MEASURES
from yanzhen.study import StudyError
from yanzhen.study.problem import Problem


def read_version(
    folder: Path,
    contributions: Path,
    hierarchies: Mapping[str, Hierarchy],
    tables: Sequence[Table],
) -> Version:
    """Read a publication with the contributions that it was made of.

    Raises
    ------
    yanzhen.study.StudyError
        A table is not there, or is not as it was written.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        unit, hashes = float(manifest["unit"]), dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudyError([_problem("file", folder / MANIFEST, error=str(error))]) from None
    published, problems = {}, []
    for table in tables:
        path = folder / f"{table.name}.csv"
        content = path.read_bytes() if path.is_file() else b""
        if sha256(content).hexdigest() != hashes.get(path.name):
            problems.append(_problem("changed", path, folder=folder.name))
        else:
            published[table.name] = _table(path)
    if problems:
        raise StudyError(problems)
    given = read_contributions(contributions, hierarchies)
    return Version(folder.name, published, given, hierarchies, tables, unit)


def _table(path: Path) -> pl.DataFrame:
    hidden = list(PHRASES.phrases["hidden"].values())
    read = pl.read_csv(path, infer_schema=False)
    return read.with_columns(
        pl.when(~pl.col(each).is_in(hidden)).then(pl.col(each)).cast(pl.Float64).alias(each)
        for each in MEASURES
    )


def _problem(key: str, path: Path, **values: object) -> Problem:
    return Problem.at(path.name, "", None, "", *PHRASES.message(key, **values))
