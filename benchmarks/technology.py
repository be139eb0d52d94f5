"""Achievements ranked for needs and places: quality on the graded set, time, memory, recall.

    python benchmarks/technology.py evaluate [development|held_out]
    python benchmarks/technology.py scale [100000x1000 ...]
    python benchmarks/technology.py recall [100000 ...]

`scale` ranks the 20 best of the second number for each of the first; `recall` finds how many of
the 20 best by exhaustive search the blocking finds too, for 500 queries. All texts are SYNTHETIC.
"""

import argparse
import resource
import time

import jieba
import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.modes.technology.evaluation import HALVES, Half, compare, graded_set
from yanzhen.modes.technology.relevance import rank

TOP = 20
QUERIES = 500
EXHAUSTIVE = 10**12

VOCABULARY = 60_000
TOPICS = 2_000
WORDS_OF_TOPIC = 60
SHARE_OF_TOPIC = 0.4
LENGTH = (30, 90)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("evaluate", "scale", "recall"))
    parser.add_argument("of", nargs="*")
    asked = parser.parse_args()
    if asked.what == "evaluate":
        for half in HALVES if not asked.of else asked.of:
            evaluate(half)
    elif asked.what == "scale":
        for size in asked.of or ("10000x1000",):
            scale(*(int(number) for number in size.split("x")))
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


def scale(achievements: int, places: int) -> None:
    """Print the time and the peak memory of ranking places for every achievement."""
    queries = texts(achievements, TOPICS, 1).rename({"name": "query", "trl": "trl_low"})
    documents = texts(places, TOPICS, 2).rename({"name": "document"})
    warm = texts(200, TOPICS, 3)
    rank(warm.rename({"name": "query"}), warm.rename({"name": "document"}), TOP)
    before = peak_megabytes()
    began, used = time.perf_counter(), time.process_time()
    found = rank(queries, documents, TOP)
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    print(
        f"{achievements:,} x {places:,}: {seconds:,.1f} s ({processor:,.1f} s of processor), "
        f"{found.height:,} pairs, peak {peak_megabytes():,.0f} MB ({before:,.0f} MB before)"
    )


def recall(documents: int, topics: int) -> None:
    """Print which share of the best by exhaustive search the blocking finds.

    A document as good as the last of the best counts, since either may stand for the other.
    """
    queries = texts(QUERIES, topics, 1).rename({"name": "query", "trl": "trl_low"})
    table = texts(documents, topics, 2).rename({"name": "document"})
    best = rank(queries, table, TOP, postings=EXHAUSTIVE)
    blocked = rank(queries, table, TOP)
    least = best.group_by("query").agg(least=pl.col("score").min(), wanted=pl.len())
    met = (
        blocked.join(least, on="query")
        .filter(pl.col("score") >= pl.col("least") - 1e-6)
        .group_by("query")
        .agg(met=pl.len())
    )
    shares = (
        least.join(met, on="query", how="left")
        .select(pl.col("met").fill_null(0) / pl.col("wanted"))
        .to_series()
    )
    kind = f"{topics:,} topics" if topics else "words drawn alone"
    print(
        f"{documents:,} documents, {kind}: recall@{TOP} {shares.mean():.4f} over {shares.len()} "
        f"queries, lowest {shares.min():.2f}, {(shares == 1).mean():.1%} complete"
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


if __name__ == "__main__":
    main()
