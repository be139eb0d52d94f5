"""Publications given out before, read from the folders that they were written into."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import polars as pl

from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.differencing import Version
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.reading import ALL, PHRASES, read_contributions
from yanzhen.exchange.statistics.writing import MANIFEST, MEASURES
from yanzhen.study import StudyError
from yanzhen.study.problem import Problem


@dataclass(frozen=True)
class _Manifest:
    """What a publication says of itself; see `writing.write_publication`."""

    unit: float
    money: str
    hierarchies: Mapping[str, Hierarchy]
    tables: tuple[Table, ...]
    hashes: Mapping[str, str]


def read_version(
    folder: Path,
    contributions: Path,
    hierarchies: Mapping[str, Hierarchy],
    money: str = "",
) -> Version:
    """Read a publication, all its tables as they were declared then, and what it was made of.

    Parameters
    ----------
    hierarchies : of the publication that it is set beside: the same dimensions and codes of all,
        whatever the codes below them
    money : unit of that publication's values, empty where it is not known

    Raises
    ------
    yanzhen.study.StudyError
        A table is not there or is not as it was written, or dimensions or units are others.
    """
    path = folder / MANIFEST
    try:
        said = _manifest(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StudyError([_problem("file", path, error=str(error))]) from None
    theirs, ours = _roots(said.hierarchies), _roots(hierarchies)
    problems = []
    if theirs != ours:
        compared = {"theirs": ", ".join(sorted(theirs)), "ours": ", ".join(sorted(ours))}
        problems.append(_problem("dimensions", path, folder=folder.name, **compared))
    if said.money != money:
        unknown = PHRASES.words("money_unknown")
        units = {"theirs": said.money or unknown, "ours": money or unknown}
        problems.append(_problem("other_money", path, folder=folder.name, **units))
    published = {}
    for table in said.tables:
        file = folder / f"{table.name}.csv"
        content = file.read_bytes() if file.is_file() else b""
        if sha256(content).hexdigest() != said.hashes.get(file.name):
            problems.append(_problem("changed", file, folder=folder.name))
        else:
            published[table.name] = _table(file)
    if problems:
        raise StudyError(problems)
    # Cells are named by their codes in the order of today's dimensions.
    then = {name: said.hierarchies[name] for name in hierarchies}
    given = read_contributions(contributions, then)
    return Version(folder.name, published, given, then, said.tables, said.unit)


def _manifest(path: Path) -> _Manifest:
    said = json.loads(path.read_text("utf-8"))
    hierarchies = {name: Hierarchy(each, {}) for name, each in said["hierarchies"].items()}
    tables = [
        Table(name, {each: None if depth == ALL else int(depth) for each, depth in levels.items()})
        for name, levels in said["tables"].items()
    ]
    money, hashes = str(said.get("money", "")), dict(said["files"])
    return _Manifest(float(said["unit"]), money, hierarchies, tuple(tables), hashes)


def _roots(hierarchies: Mapping[str, Hierarchy]) -> set[str]:
    return {f"{name}={each.root}" for name, each in hierarchies.items()}


def _table(path: Path) -> pl.DataFrame:
    hidden = list(PHRASES.phrases["hidden"].values())
    read = pl.read_csv(path, infer_schema=False)
    return read.with_columns(
        pl.when(~pl.col(each).is_in(hidden)).then(pl.col(each)).cast(pl.Float64).alias(each)
        for each in MEASURES
    )


def _problem(key: str, path: Path, **values: object) -> Problem:
    return Problem.at(path.name, "", None, "", *PHRASES.message(key, **values))
