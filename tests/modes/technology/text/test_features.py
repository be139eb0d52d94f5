"""Words, n-grams and terms of texts."""

from importlib.resources import files

import jieba
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.modes.technology.text.bilingual_terms import embedded_terms, term_table
from yanzhen.modes.technology.text.features import (
    CHANNELS,
    CHINESE,
    OTHER,
    features_of,
    occurrences,
)
from yanzhen.modes.technology.text.hash_table import codes_of
from yanzhen.modes.technology.text.normalisation import simplified
from yanzhen.modes.technology.text.segmentation import cut, lexicon
from yanzhen.modes.technology.text.stemming import stemmed
from yanzhen.modes.technology.text.writing import plain


def test_traditional_characters_count_as_simplified_ones() -> None:
    """And stand in the same places, so that words are shown as they were written."""
    own, other = (features_of([text], [None]) for text in ("電機軸承異響檢測", "电机轴承异响检测"))
    assert own.key.tolist() == other.key.tolist()
    assert own.count.tolist() == other.count.tolist()
    table = pl.read_csv(
        files("yanzhen.modes.technology.text").joinpath("traditional.csv").read_bytes()
    )
    assert table.height > 2900
    assert table["traditional"].is_unique().all()
    assert (table["traditional"].str.len_chars() == 1).all()
    assert (table["simplified"].str.len_chars() == 1).all()
    codes, _ = codes_of(["𝔸 é 機 机 ascii"])
    assert "".join(map(chr, simplified(codes))) == "𝔸 é 机 机 ascii"


def words_of(text: str) -> list[str]:
    codes, _ = codes_of([text])
    words = lexicon()
    best, end = np.zeros(len(text) + 1), np.zeros(len(text) + 1, np.int64)
    cut(codes, 0, len(text), words.keys, words.weight, words.single, best, end)
    found, i = [], 0
    while i < len(text):
        found.append(text[i : end[i]])
        i = end[i]
    return found


def test_words_of_one_character_count() -> None:
    """Elements and materials have them in Chinese; those that say nothing are left out."""
    written = occurrences("铝和氟的去除")
    words = [
        "铝和氟的去除"[first:last]
        for first, last, channel in zip(written.first, written.last, written.channel, strict=True)
        if CHANNELS[channel] == "word"
    ]
    assert words == ["铝", "氟", "去除"]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5), min_size=1, max_size=30))
def test_any_characters_are_cut_as_jieba_cuts_them(text: str) -> None:
    assert words_of(text) == list(jieba.cut(text, HMM=False))


@pytest.mark.parametrize(
    "text", ["废旧锂离子电池正极材料回收方法", "石墨烯增强铝合金粉末冶金制备", "南京市长江大桥"]
)
def test_sentences_are_cut_as_jieba_cuts_them(text: str) -> None:
    assert words_of(text) == list(jieba.cut(text, HMM=False))


def terms_in(text: str) -> set[str]:
    written = plain(text)
    names = embedded_terms().zh
    return {names[row] for row in occurrences(written).concept if row >= 0}


def test_a_term_is_found_in_both_languages() -> None:
    assert terms_in("废旧锂离子电池回收") >= {"锂离子电池", "电池", "循环利用"}
    assert terms_in("recycling of spent Lithium-Ion batteries") >= {
        "锂离子电池",
        "电池",
        "循环利用",
    }


def test_every_phrase_of_the_term_table_is_found_as_its_row() -> None:
    rows = [
        (row, phrase)
        for row, (zh, en) in enumerate(term_table().select("zh", "en").iter_rows())
        for phrase in (*zh.split(";"), *en.split(";"))
    ]
    missed = [phrase for row, phrase in rows if row not in occurrences(plain(phrase)).concept]
    assert missed == []


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("recycling", "recycl"),
        ("recycled", "recycl"),
        ("batteries", "battery"),
        ("process", "process"),
        ("welded", "weld"),
        ("rolling", "roll"),
        ("gas", "gas"),
        ("ring", "ring"),
    ],
)
def test_endings_are_cut(word: str, root: str) -> None:
    assert stemmed(word) == root


def test_a_word_in_the_title_counts_twice() -> None:
    features = features_of(["激光"], ["激光焊接"])
    counts = dict(zip(features.key.tolist(), features.count.tolist(), strict=True))
    alone = features_of(["激光"], [None])
    assert [counts[key] for key in alone.key.tolist()] == [3.0] * alone.key.size


def test_languages_are_told_apart() -> None:
    features = features_of(["激光 laser", "Laser welding 激", ""], [None, None, None])
    assert features.language.tolist() == [CHINESE, OTHER, OTHER]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_has_sound_features(texts: list[str]) -> None:
    features = features_of(texts, texts)
    assert features.start[-1] == features.key.size
    assert (features.channel < len(CHANNELS)).all()
    assert (features.count > 0).all()
    for first, last in zip(features.start[:-1], features.start[1:], strict=True):
        assert (np.diff(features.key[first:last].astype(object)) > 0).all()


def test_threads_do_not_change_the_features() -> None:
    texts = ["激光焊接铝合金", "Laser welding of aluminium"] * 5000
    one, two = features_of(texts, texts, threads=1), features_of(texts, texts, threads=2)
    for name in ("start", "key", "channel", "count", "language"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
