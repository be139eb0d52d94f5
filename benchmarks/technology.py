"""Achievements ranked for needs and places: quality on the graded set, time, memory, recall.

    python benchmarks/technology.py evaluate [development|held_out]
    python benchmarks/technology.py scale [100000x1000 ...]
    python benchmarks/technology.py match [100000x1000 ...]
    python benchmarks/technology.py needs [10000x100000 ...]
    python benchmarks/technology.py recall [100000 ...]

`scale` ranks the 20 best of the second number for each of the first, and finds how many of the 20
best by plain sums over all that is shared are among them, for 500 queries; `recall` does that
alone, with and without topics. `match` matches achievements with incubators from end to end,
`needs` with the needs of enterprises. All texts are SYNTHETIC.
"""

import argparse
import resource
import sys
import time
from dataclasses import replace

import jieba
import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import leaf_regions
from yanzhen.modes.technology.matching.matching import match
from yanzhen.modes.technology.matching.partners import TABLE_OF, Kind
from yanzhen.modes.technology.search.evaluation import (
    HALVES,
    Half,
    compare,
    first_hits,
    graded_set,
    plain_bm25,
)
from yanzhen.modes.technology.search.index import Index, index_of
from yanzhen.modes.technology.search.relevance import (
    STANDARD,
    queries_of,
    rank,
    table_features,
    whole,
)
from yanzhen.modes.technology.search.search import Floats32, Queries, search
from yanzhen.study import read_study

TOP = 20
QUERIES = 500

VOCABULARY = 60_000
TOPICS = 2_000
WORDS_OF_TOPIC = 60
SHARE_OF_TOPIC = 0.4
LENGTH = (30, 90)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("evaluate", "scale", "match", "needs", "recall"))
    parser.add_argument("of", nargs="*")
    asked = parser.parse_args()
    if asked.what == "evaluate":
        for half in HALVES if not asked.of else asked.of:
            evaluate(half)
    elif asked.what in STEPS:
        for size in asked.of or ("10000x1000",):
            STEPS[asked.what](*(int(number) for number in size.split("x")))
    else:
        for size in asked.of or ("10000",):
            for topics in (TOPICS, 0):
                recall(int(size), topics)


def evaluate(half: Half) -> None:
    """Print nDCG@10 beside plain BM25, for all pairs and for those of one or two languages."""
    graded = graded_set(half)
    for pairs in ("all", "same", "other"):
        found = compare(rank, graded, pairs)
        print(
            f"{half}, {pairs} pairs, {found.needs.height} needs: nDCG@10 {found.ranker:.3f}, "
            f"plain BM25 {found.baseline:.3f}, difference {found.difference:+.3f} "
            f"[{found.low:+.3f}, {found.high:+.3f}]"
        )
        if pairs == "all":
            for language, each in found.needs.group_by("language", maintain_order=True):
                means = each.select("ranker", "baseline", "difference").mean().row(0)
                print(f"  needs in {language[0]} ({each.height}): {means[0]:.3f}, {means[1]:.3f}")
    found = compare(by_texts, graded, "same")
    print(
        f"{half}, same pairs, texts alone: nDCG@10 {found.ranker:.3f}, plain BM25 "
        f"{found.baseline:.3f}, difference {found.difference:+.3f} [{found.low:+.3f}, "
        f"{found.high:+.3f}], first hits {first_hits(by_texts, graded, 'same')}, plain BM25 "
        f"{first_hits(plain_bm25, graded, 'same')}"
    )


def by_texts(queries: pl.DataFrame, documents: pl.DataFrame, top: int) -> pl.DataFrame:
    """Rank by titles and texts, as plain BM25 does."""
    texts_alone = "title", "text"
    return rank(
        queries.select("query", *texts_alone), documents.select("document", *texts_alone), top
    )


def scale(achievements: int, places: int) -> None:
    """Print time and peak memory of ranking places for every achievement, and the recall.

    The steps are those of `rank`; plain sums for some of the achievements come after.
    """
    queries = texts(achievements, TOPICS, 1).rename({"name": "query", "trl": "trl_low"})
    documents = texts(places, TOPICS, 2).rename({"name": "document"})
    warm = texts(200, TOPICS, 3)
    rank(warm.rename({"name": "query"}), warm.rename({"name": "document"}), TOP)
    before = peak_megabytes()
    began, used = time.perf_counter(), time.process_time()
    index = index_of(table_features(documents), STANDARD.k1, STANDARD.b)
    indexed = time.perf_counter()
    asked = asked_of(queries, index)
    weighed = time.perf_counter()
    trl = whole(documents, "trl")
    hits = search(index, asked, trl, STANDARD.maturity, TOP, progress=told)
    ended, processor = time.perf_counter(), time.process_time() - used
    print(
        f"{achievements:,} x {places:,}: {ended - began:,.1f} s by the clock "
        f"({indexed - began:,.1f} index, {weighed - indexed:,.1f} queries, "
        f"{ended - weighed:,.1f} search), {processor:,.1f} s of processor, "
        f"{int((hits.document >= 0).sum()):,} pairs, peak {peak_megabytes():,.0f} MB "
        f"({before:,.0f} MB before)",
        flush=True,
    )
    some = asked_of(queries.head(QUERIES), index)
    print(f"  {recalled(plain_sums(index, some, trl), hits.score[:QUERIES])}")


def match_incubators(achievements: int, incubators: int) -> None:
    """Print what matching achievements with incubators takes."""
    capacity = pl.lit(max(1, achievements // (2 * incubators)), pl.Int64)
    places = texts(incubators, TOPICS, 2).rename({"name": "incubator", "industry": "industries"})
    table = placed(places.drop("ipc", "trl"), capacity=capacity, stage_low=pl.lit(3, pl.Int64))
    matched("incubators", achievements, table)


def match_needs(achievements: int, needs: int) -> None:
    """Print what matching achievements with needs of enterprises takes."""
    table = placed(texts(needs, TOPICS, 2).rename({"name": "need", "trl": "trl_low"}))
    matched("needs", achievements, table)


def matched(kind: Kind, achievements: int, partners: pl.DataFrame) -> None:
    """Print time and peak memory of the whole of `match`: terms, prices, certificate, words."""
    study = read_study("china-technology-synthetic")
    offered = placed(texts(achievements, TOPICS, 1)).rename({"name": "technology"})
    tables = {"technologies": offered.rename({"text": "abstract"}), TABLE_OF[kind]: partners}
    whole_tables = {
        name: table.with_columns(
            pl.lit(None, dtype).alias(column)
            for column, dtype in study.tables[name].schema.items()
            if column not in table.columns
        ).select(pl.col(column).cast(dtype) for column, dtype in study.tables[name].schema.items())
        for name, table in tables.items()
    }
    match(study, kind)
    made = replace(study, tables={**study.tables, **whole_tables})
    began, used = time.perf_counter(), time.process_time()
    found = match(made, kind, TOP, progress=told)
    print(
        f"{kind}, {achievements:,} x {partners.height:,}: {time.perf_counter() - began:,.1f} s by "
        f"the clock, {time.process_time() - used:,.1f} s of processor, {found.pairs.height:,} "
        f"pairs shown, words of {found.words['achievement'].n_unique():,} achievements, "
        f"certificate {'passed' if found.certificate.passed else 'FAILED'}, "
        f"peak {peak_megabytes():,.0f} MB",
        flush=True,
    )


def placed(table: pl.DataFrame, **further: pl.Expr) -> pl.DataFrame:
    """Put the rows into the regions in turn."""
    regions = leaf_regions(read_study("china-technology-synthetic").tables["regions"])
    turn = np.arange(table.height) % len(regions)
    return table.with_columns(pl.Series("region", regions, pl.String).gather(turn), **further)


def asked_of(queries: pl.DataFrame, index: Index) -> Queries:
    return queries_of(table_features(queries), index, STANDARD, whole(queries, "trl_low"))


def told(share: float) -> None:
    """One line a tenth, on stderr."""
    if int(share * 100) % 10 == 0:
        print(f"{share:.0%}", file=sys.stderr, flush=True)


def recall(documents: int, topics: int) -> None:
    """Print time and which share of the best by plain sums the search finds."""
    queries = texts(QUERIES, topics, 1).rename({"name": "query", "trl": "trl_low"})
    table = texts(documents, topics, 2).rename({"name": "document"})
    index, trl = index_of(table_features(table), STANDARD.k1, STANDARD.b), whole(table, "trl")
    asked = asked_of(queries, index)
    best = plain_sums(index, asked, trl)
    began, used = time.perf_counter(), time.process_time()
    hits = search(index, asked, trl, STANDARD.maturity, TOP)
    ended, processor = time.perf_counter() - began, time.process_time() - used
    kind = f"{topics:,} topics" if topics else "words drawn alone"
    print(
        f"{documents:,} documents, {kind}: {QUERIES} queries in {ended:.2f} s by the clock, "
        f"{processor:.2f} s of processor, {recalled(best, hits.score)}",
        flush=True,
    )


def plain_sums(index: Index, queries: Queries, trl: NDArray[np.int8]) -> Floats32:
    """The `TOP` best scores of each query by sums over every entry of its features."""
    best = np.zeros((queries.start.size - 1, TOP), np.float32)
    for q in range(best.shape[0]):
        scores = np.zeros(index.documents)
        for k in range(queries.start[q], queries.start[q + 1]):
            f = queries.feature[k]
            if f >= 0:
                own = index.entries[index.feature_start[f] : index.feature_start[f + 1]]
                scale = queries.scale[q, index.language[own["document"]], index.channel[f]]
                scores[own["document"]] += queries.weight[k] * scale * own["weight"]
        lacking = np.where(trl > 0, np.maximum(queries.least_trl[q] - trl, 0), 0)
        scores = np.where(scores > 0, scores - STANDARD.maturity * lacking, -np.inf)
        best[q] = -np.sort(-scores[np.isfinite(scores)])[:TOP]
    return best


def recalled(best: Floats32, found: Floats32) -> str:
    """Say which share of the best scores is among those found.

    A document as good as the last of the best counts, since either may stand for the other.
    """
    met = (found >= best[:, -1:] - 1e-6).sum(axis=1)
    shares = np.minimum(met / TOP, 1.0)
    return (
        f"recall@{TOP} {shares.mean():.4f} over {shares.size} queries, lowest {shares.min():.2f}, "
        f"{(shares == 1).mean():.1%} complete"
    )


def texts(count: int, topics: int, seed: int) -> pl.DataFrame:
    """SYNTHETIC titles and texts, half Chinese and half English, of Zipf's frequencies.

    Each word is one of the text's topic with probability `SHARE_OF_TOPIC`, else one of the whole
    vocabulary; with no topics all words are drawn alone. Topics are the same for every seed.
    """
    rng = np.random.default_rng(seed)
    vocabularies = {"zh": chinese_words(), "en": english_words()}
    frequency = np.cumsum(1.0 / np.arange(1, VOCABULARY + 1))
    of_topic = np.cumsum(1.0 / np.arange(1, WORDS_OF_TOPIC + 1))
    subject = np.random.default_rng(0).integers(
        200, VOCABULARY, size=(max(topics, 1), WORDS_OF_TOPIC)
    )
    topic = rng.integers(max(topics, 1), size=count)
    language = np.where(rng.random(count) < 0.5, "zh", "en")
    length = rng.integers(*LENGTH, size=count)
    titles, bodies = [], []
    for k in range(count):
        drawn = np.searchsorted(frequency, rng.random(length[k]) * frequency[-1])
        if topics:
            own = subject[topic[k], np.searchsorted(of_topic, rng.random(length[k]) * of_topic[-1])]
            drawn = np.where(rng.random(length[k]) < SHARE_OF_TOPIC, own, drawn)
        words = vocabularies[language[k]][drawn]
        joint = "" if language[k] == "zh" else " "
        titles.append(joint.join(words[:8]))
        bodies.append(joint.join(words[8:]))
    classes = np.array([f"{s}{n:02d}{g}" for s in "ABCDEFGH" for n in range(1, 21) for g in "BCDF"])
    industries = np.array([f"IO42-{n:02d}" for n in range(6, 23)])
    return pl.DataFrame(
        {
            "name": [f"SYNTHETIC-{seed}-{k}" for k in range(count)],
            "title": titles,
            "text": bodies,
            "language": language,
            "ipc": classes[topic % classes.size],
            "industry": industries[topic % industries.size],
            "trl": rng.integers(1, 10, size=count),
        }
    )


def chinese_words() -> NDArray[np.object_]:
    """Words of two and more characters of jieba's dictionary, the most frequent first."""
    jieba.initialize()
    counted = [(n, word) for word, n in jieba.dt.FREQ.items() if n > 0 and len(word) > 1]
    return np.array([word for _, word in sorted(counted, reverse=True)[:VOCABULARY]], dtype=object)


def english_words() -> NDArray[np.object_]:
    """Made-up words of two to four syllables, none twice."""
    rng = np.random.default_rng(0)
    onsets, vowels, codas = (
        ["b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl"],
        "aeiou",
        "n r s t l x ",
    )
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        parts = [
            rng.choice(onsets) + rng.choice(list(vowels)) + rng.choice(list(codas)).strip()
            for _ in range(rng.integers(2, 5))
        ]
        words["".join(parts)] = None
    return np.array(list(words), dtype=object)


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


STEPS = {"scale": scale, "match": match_incubators, "needs": match_needs}

if __name__ == "__main__":
    main()
