"""How well a ranker finds achievements for needs: nDCG beside plain BM25 on the graded set."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.modes.technology.search.candidates import compared
from yanzhen.modes.technology.search.relevance import STANDARD

Half = Literal["development", "held_out"]
Pairs = Literal["all", "same", "other"]
Rank = Callable[[pl.DataFrame, pl.DataFrame, int], pl.DataFrame]
Floats = NDArray[np.float64]

HALVES: tuple[Half, ...] = ("development", "held_out")
TOP = 10

_HAN_OR_LATIN = re.compile(r"[㐀-䶿一-鿿]+|[a-z0-9]+")


@dataclass(frozen=True)
class GradedSet:
    """Needs with the achievements that serve them, graded by hand.

    Attributes
    ----------
    queries : query, title, text, language, region, industry, ipc, trl_low
    documents : document, title, text, language, region, industry, ipc, trl
    grades : query, document, grade 1 to 3; a pair that is not listed has grade 0
    """

    queries: pl.DataFrame
    documents: pl.DataFrame
    grades: pl.DataFrame


@dataclass(frozen=True)
class RankerComparison:
    """A ranker beside another on the same needs.

    Attributes
    ----------
    needs : query, language, ranker, baseline, difference: nDCG of every need
    ranker, baseline, difference : means over the needs
    low, high : 95 % interval of the difference, by resampling needs
    """

    needs: pl.DataFrame
    ranker: float
    baseline: float
    difference: float
    low: float
    high: float


def graded_set(half: Half) -> GradedSet:
    """Return one half of the embedded SYNTHETIC graded set; see its README."""
    needs = _table(f"needs_{half}").rename({"need": "query"})
    judgements = _table(f"judgements_{half}").rename({"need": "query", "achievement": "document"})
    achievements = _table("achievements").rename({"achievement": "document", "abstract": "text"})
    return GradedSet(
        needs.with_columns(pl.col("trl_low").cast(pl.Int64)).drop("enterprise"),
        achievements.with_columns(pl.col("trl").cast(pl.Int64)).drop("owner"),
        judgements.select("query", "document", pl.col("grade").cast(pl.Int64)).filter(
            pl.col("grade") > 0
        ),
    )


def unanswered_needs(half: Half) -> pl.DataFrame:
    """Needs that no achievement of the set serves, of one half: query, title, text, language.

    SYNTHETIC; see the README of the graded set.
    """
    return _table(f"unanswered_{half}").rename({"need": "query"}).drop("enterprise", "reason")


def answerability(half: Half) -> pl.DataFrame:
    """Most evidence of any achievement for each need of a half, by its texts alone.

    Returns
    -------
    query, answerable (whether an achievement of the set serves it), evidence
    """
    graded = graded_set(half)
    columns = ("query", "title", "text")
    needs = pl.concat(
        [
            frame.select(*columns, answerable=pl.lit(answerable))
            for frame, answerable in ((graded.queries, True), (unanswered_needs(half), False))
        ]
    )
    empty = {name: pl.lit(None, pl.String) for name in ("ipc", "industry")}
    found = compared(
        graded.documents.select("title", "text").with_columns(**empty),
        needs.select("title", "text").with_columns(**empty),
        False,
        graded.documents.height,
        STANDARD,
        (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_)),
    )
    most = np.zeros(needs.height)
    np.maximum.at(most, found.partner, found.evidence)
    return needs.select("query", "answerable", evidence=pl.Series(most))


def area_under_curve(positive: Floats, negative: Floats) -> float:
    """Chance that a positive is above a negative, ties half (Mann and Whitney 1947)."""
    above = positive[:, None] - negative[None, :]
    return float((above > 0).mean() + (above == 0).mean() / 2)


def area_interval(
    positive: Floats, negative: Floats, draws: int, seed: int, level: float = 0.95
) -> tuple[float, float]:
    """Percentile interval of the area, by drawing each side with replacement."""
    random = np.random.default_rng(seed)
    areas = [
        area_under_curve(
            random.choice(positive, positive.size), random.choice(negative, negative.size)
        )
        for _ in range(draws)
    ]
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(areas, [tail, 1.0 - tail])
    return float(low), float(high)


def among(graded: GradedSet, pairs: Pairs) -> GradedSet:
    """Return the set with only the pairs of the same or of the other language.

    Needs that no achievement of that language serves are left out. The documents stay whole:
    whoever ranks is asked once for every language, see `ndcg_of`.
    """
    if pairs == "all":
        return graded
    spoken = graded.grades.join(graded.queries.select("query", wanted="language"), on="query").join(
        graded.documents.select("document", "language"), on="document"
    )
    alike = pl.col("wanted") == pl.col("language")
    grades = spoken.filter(alike if pairs == "same" else ~alike).select(
        "query", "document", "grade"
    )
    return replace(
        graded,
        queries=graded.queries.join(grades, on="query", how="semi", maintain_order="left"),
        grades=grades,
    )


def ndcg(graded: GradedSet, ranking: pl.DataFrame, top: int = TOP) -> pl.DataFrame:
    r"""Return the normalised discounted cumulated gain of every query.

    .. math:: \mathrm{DCG} = \sum_{r=1}^{top} \frac{2^{g_r} - 1}{\log_2(r + 1)}

    divided by that of the best possible order. A document that is not ranked gains nothing.

    Parameters
    ----------
    ranking : query, document, rank (from 1)

    Returns
    -------
    query, ndcg : in the order of the queries

    Raises
    ------
    ValueError
        A query has no graded document, a document is ranked twice, or ranks have gaps.

    References
    ----------
    Järvelin and Kekäläinen (2002); Burges et al. (2005) for the gain.
    """
    _check_ranking(ranking)
    barren = graded.queries.join(graded.grades, on="query", how="anti")["query"].to_list()
    if barren:
        raise ValueError(f"no graded document for the queries {', '.join(barren)}")
    gained = ranking.filter(pl.col("rank") <= top).join(graded.grades, on=["query", "document"])
    best = graded.grades.with_columns(
        rank=pl.col("grade").rank("ordinal", descending=True).over("query").cast(pl.Int64)
    ).filter(pl.col("rank") <= top)
    return (
        graded.queries.select("query")
        .join(_discounted(gained, "dcg"), on="query", how="left", maintain_order="left")
        .join(_discounted(best, "ideal"), on="query", how="left", maintain_order="left")
        .select("query", ndcg=pl.col("dcg").fill_null(0.0) / pl.col("ideal"))
    )


def ndcg_of(rank: Rank, graded: GradedSet, pairs: Pairs = "all", top: int = TOP) -> pl.DataFrame:
    """Let a ranker rank the documents of a set and return its nDCG by query."""
    return ndcg(among(graded, pairs), ranked(rank, graded, pairs, top), top)


def first_hits(rank: Rank, graded: GradedSet, pairs: Pairs = "all") -> int:
    """Count the queries that the document ranked first serves, by a grade above 0."""
    first = ranked(rank, graded, pairs, 1)
    return first.join(among(graded, pairs).grades, on=["query", "document"], how="semi").height


def ranked(rank: Rank, graded: GradedSet, pairs: Pairs, top: int) -> pl.DataFrame:
    """Let a ranker rank the documents of a set: query, document, rank.

    With `same` or `other`, queries of a language are ranked against the documents of that or of
    the other language alone.
    """
    graded = among(graded, pairs)
    if pairs == "all":
        return rank(graded.queries, graded.documents, top)
    rankings = []
    for (language,), queries in graded.queries.group_by("language", maintain_order=True):
        alike = pl.col("language") == language
        documents = graded.documents.filter(alike if pairs == "same" else ~alike)
        found = rank(queries, documents, top).select("query", "document", "rank")
        rankings.append(found.with_columns(pl.col("rank").cast(pl.Int64)))
    return pl.concat(rankings)


def compare(
    rank: Rank,
    graded: GradedSet,
    pairs: Pairs = "all",
    draws: int = 10_000,
    seed: int = 0,
) -> RankerComparison:
    """Compare a ranker with plain BM25 on a graded set."""
    own, plain = ndcg_of(rank, graded, pairs), ndcg_of(plain_bm25, graded, pairs)
    needs = (
        own.rename({"ndcg": "ranker"})
        .join(plain.rename({"ndcg": "baseline"}), on="query", maintain_order="left")
        .join(graded.queries.select("query", "language"), on="query", maintain_order="left")
        .with_columns(difference=pl.col("ranker") - pl.col("baseline"))
        .select("query", "language", "ranker", "baseline", "difference")
    )
    means = needs.select("ranker", "baseline", "difference").to_numpy().mean(axis=0)
    low, high = bootstrap_interval(needs["difference"].to_numpy(), draws, seed)
    return RankerComparison(needs, float(means[0]), float(means[1]), float(means[2]), low, high)


def bootstrap_interval(
    differences: Floats, draws: int, seed: int, level: float = 0.95
) -> tuple[float, float]:
    """Return the percentile interval of a mean, by drawing its terms with replacement.

    Parameters
    ----------
    differences : (N,) paired differences, one a need

    References
    ----------
    Efron and Tibshirani (1993), chapter 13.
    """
    drawn = np.random.default_rng(seed).integers(differences.size, size=(draws, differences.size))
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(differences[drawn].mean(axis=1), [tail, 1.0 - tail])
    return float(low), float(high)


def plain_bm25(queries: pl.DataFrame, documents: pl.DataFrame, top: int) -> pl.DataFrame:
    """Rank documents by BM25 of their words, with nothing added.

    Title and text together; Chinese cut by jieba, Latin words and figures in lower case, without
    the English stop words of bm25s; k1 = 1.5 and b = 0.75, as bm25s has them. Documents without
    a word in common are not ranked.

    Returns
    -------
    query, document, rank, score : best first, at most `top` a query

    Raises
    ------
    ImportError
        bm25s or jieba is not installed (the extra `text`).

    References
    ----------
    Robertson and Zaragoza (2009); Lù (2024), BM25S.
    """
    try:
        import bm25s  # type: ignore[import-untyped]
    except ImportError as absent:
        raise ImportError("this needs bm25s and jieba: pip install 'yanzhen[text]'") from absent
    index = bm25s.BM25()
    index.index([_words(row) for row in _texts(documents)], show_progress=False)
    asked = [_words(row) for row in _texts(queries)]
    count = min(top, documents.height)
    places, scores = index.retrieve(asked, k=count, show_progress=False, n_threads=1)
    return (
        pl.DataFrame(
            {
                "query": np.repeat(queries["query"].to_numpy(), count),
                "document": documents["document"].to_numpy()[places.ravel()],
                "rank": np.tile(np.arange(1, count + 1), queries.height),
                "score": scores.ravel().astype(np.float64),
            }
        )
        .with_columns(pl.col("query", "document").cast(pl.String))
        .filter(pl.col("score") > 0)
    )


def _texts(frame: pl.DataFrame) -> list[str]:
    joined = pl.concat_str("title", "text", separator=" ", ignore_nulls=True)
    return frame.select(joined.str.to_lowercase()).to_series().to_list()


def _words(text: str) -> list[str]:
    """Cut a text into the words that plain BM25 counts."""
    import jieba  # type: ignore[import-untyped]
    from bm25s.stopwords import STOPWORDS_EN  # type: ignore[import-untyped]

    jieba.setLogLevel(logging.WARNING)
    words: list[str] = []
    for run in _HAN_OR_LATIN.findall(text):
        words += [run] if run.isascii() else jieba.cut(run)
    return [word for word in words if word not in STOPWORDS_EN]


def _check_ranking(ranking: pl.DataFrame) -> None:
    if ranking.select("query", "document").is_duplicated().any():
        raise ValueError("a document is ranked twice for the same query")
    ranks = ranking.group_by("query", maintain_order=True).agg(
        sound=pl.col("rank").sort().cast(pl.Int64) == pl.int_range(1, pl.len() + 1)
    )
    if not ranks["sound"].list.all().all():
        raise ValueError("ranks of a query are not 1, 2, 3, … without gaps")


def _discounted(gained: pl.DataFrame, name: str) -> pl.DataFrame:
    gain = (2.0 ** pl.col("grade") - 1.0) / (pl.col("rank") + 1.0).log(2.0)
    return gained.group_by("query", maintain_order=True).agg(gain.sum().alias(name))


def _table(name: str) -> pl.DataFrame:
    found = files("yanzhen.modes.technology.search").joinpath("graded", f"synthetic_{name}.csv")
    with as_file(found) as path:
        return pl.read_csv(path, infer_schema=False)
