"""What users said of matches: accepted or rejected, and why; and what the ranker learns from it.

A rejected pair is not proposed again; an accepted one gains the parameter `accepted`. Beyond the
pair, the achievement's or need's own description is moved (Rocchio 1971): with ū the mean weight
of its text features,

    u_f ← max(0, u_f + β ū · share of accepted partners that have f − γ ū · share of rejected ones),

over the `MOST_FEATURES` heaviest text features of each partner; β = 0.75, γ = 0.25.
"""

import os
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.modes.technology.search.index import Index
from yanzhen.modes.technology.search.search import Queries
from yanzhen.modes.technology.text.features import CLASS
from yanzhen.study import Problem, StudyError
from yanzhen.study.table_file import read_texts

VERDICTS = ("accept", "reject")
COLUMNS = ("achievement", "partner", "verdict", "reason", "day")
BETA, GAMMA = 0.75, 0.25
MOST_FEATURES = 30


def no_feedback() -> pl.DataFrame:
    """The empty table of feedback."""
    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


def read_feedback(path: Path) -> pl.DataFrame:
    """Read feedback: achievement, partner, verdict (accept or reject), reason, day.

    Of several rows on one pair the last holds.

    Raises
    ------
    StudyError
        When the file is no table, columns are missing or a row cannot be read; names every
        one.
    """
    table = read_texts(path, path.stem, COLUMNS)
    lacking = [name for name in COLUMNS[:3] if name not in table.columns]
    if lacking:
        shown = ", ".join(table.columns)
        expected = ", ".join(lacking)
        raise StudyError(
            [_problem(path, 1, "", (f"columns {shown}", f"列 {shown}"), (expected, expected))]
        )
    problems = [
        _problem(path, row, name, ("nothing", "空"), ("a code", "代码"))
        for name in COLUMNS[:2]
        for row, cell in enumerate(table[name], start=2)
        if not cell
    ]
    problems += [
        _problem(path, row, "verdict", (f"'{cell}'", f"“{cell}”"), (" or ".join(VERDICTS),) * 2)
        for row, cell in enumerate(table["verdict"], start=2)
        if cell not in VERDICTS
    ]
    if problems:
        raise StudyError(problems)
    empty = [pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in table.columns]
    return (
        table.with_columns(empty)
        .select(COLUMNS)
        .unique(["achievement", "partner"], keep="last", maintain_order=True)
    )


def record(
    path: Path, achievement: str, partner: str, verdict: str, reason: str, day: date
) -> pl.DataFrame:
    """Add one verdict to a file of feedback, or make the file; returns all that it now holds."""
    before = read_feedback(path) if path.exists() else no_feedback()
    row = pl.DataFrame(
        [(achievement, partner, verdict, reason, day.isoformat())],
        schema=dict.fromkeys(COLUMNS, pl.String),
        orient="row",
    )
    after = pl.concat([before, row]).unique(
        ["achievement", "partner"], keep="last", maintain_order=True
    )
    beside = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    after.write_csv(beside)
    os.replace(beside, path)
    return after


def moved(
    queries: Queries,
    index: Index,
    query: NDArray[np.int64],
    document: NDArray[np.int64],
    accepted: NDArray[np.bool_],
) -> Queries:
    """Queries moved towards accepted documents and away from rejected ones.

    Parameters
    ----------
    queries : as they were asked
    index : the documents
    query, document, accepted : (n,) rows, and the verdict
    """
    if query.size == 0:
        return queries
    features, weights = [], []
    sizes = np.diff(queries.start).copy()
    for q in range(sizes.size):
        own = slice(queries.start[q], queries.start[q + 1])
        feature, weight = queries.feature[own], queries.weight[own]
        judged = query == q
        if judged.any():
            feature, weight = _moved(feature, weight, index, document[judged], accepted[judged])
            sizes[q] = feature.size
        features.append(feature)
        weights.append(weight)
    return Queries(
        np.concatenate([[0], np.cumsum(sizes)]),
        np.concatenate(features).astype(np.int32),
        np.concatenate(weights).astype(np.float32),
        queries.scale,
        queries.least_trl,
    )


def _moved(
    feature: NDArray[np.int32],
    weight: NDArray[np.float32],
    index: Index,
    document: NDArray[np.int64],
    accepted: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    is_known = feature >= 0
    total = dict(zip(feature[is_known].tolist(), weight[is_known].tolist(), strict=True))
    text = [w for f, w in total.items() if index.channel[f] < CLASS]
    mean = float(np.mean(text)) if text else 0.0
    for verdict, step in ((True, BETA), (False, -GAMMA)):
        rows = document[accepted == verdict]
        for d in rows:
            for f in _heaviest(index, int(d)):
                total[f] = total.get(f, 0.0) + step * mean / rows.size
    kept = {f: max(w, 0.0) for f, w in total.items()}
    return np.array(list(kept), np.int32), np.array(list(kept.values()), np.float32)


def _heaviest(index: Index, document: int) -> list[int]:
    own = slice(index.start[document], index.start[document + 1])
    feature, weight = index.feature[own], index.weight[own]
    text = index.channel[feature] < CLASS
    order = np.argsort(-weight[text], kind="stable")[:MOST_FEATURES]
    found: list[int] = feature[text][order].tolist()
    return found


def _problem(
    path: Path, row: int, column: str, found: tuple[str, str], expected: tuple[str, str]
) -> Problem:
    return Problem.at(path.name, path.stem, row, column, found, expected)
