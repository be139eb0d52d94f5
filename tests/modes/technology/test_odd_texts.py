"""Odd texts and small sides: matches clear, and their shares add up."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.modes.technology.small_study import rows, small_study
from yanzhen.modes.technology.matching.matching import match
from yanzhen.modes.technology.search.relevance import rank
from yanzhen.study import Study, StudyError

MEGABYTE = "lithium battery recycling " * 40_000
LONGEST = MEGABYTE[:32_766] + "s"
"""As long as a cell may be."""
ODD = {
    "one and one": (["锂电池回收"], ["锂电池回收"]),
    "identical": (["Drying of sludge"] * 3, ["Drying of sludge"] * 3),
    "punctuation": (["……！？——", "!!! ???"], ["。。。"]),
    "digits": (["12345", "3.14"], ["12345", "42"]),
    "emoji": (["🔋♻️", "🚰"], ["🔋♻️"]),
    "the longest": ([LONGEST, "lithium"], ["lithium battery recycling"]),
    "other letters": (["переработка батарей", "إعادة تدوير", "リサイクル電池"], ["переработка"]),
}


@pytest.fixture(scope="module")
def study() -> Study:
    return small_study()


def of_texts(study: Study, offered: list[str], asked: list[str], region: str) -> Study:
    """The study with achievements and needs of these titles, without abstracts."""
    achievements = [(f"T{k}", text, region) for k, text in enumerate(offered)]
    needs = [(f"N{k}", text, region) for k, text in enumerate(asked)]
    made = {
        "technologies": rows("technologies", "technology title region", list(achievements)),
        "technology_needs": rows("technology_needs", "need title region", list(needs)),
    }
    return replace(study, tables={**study.tables, **made})


@pytest.mark.parametrize("name", ODD)
def test_odd_texts_clear_and_add_up(study: Study, name: str) -> None:
    matching = match(of_texts(study, *ODD[name], "360000"), "needs")
    assert matching.certificate.passed, matching.certificate.checks
    left = matching.unmatched
    np.testing.assert_allclose(left["taken"] + left["licences"] * left["share"], left["licences"])
    assert matching.partners["expected"].sum() == pytest.approx(left["taken"].sum())
    assert (matching.partners["expected"] <= 1 + 1e-6).all()


def test_a_megabyte_is_ranked_and_refused_in_a_study_by_its_row(study: Study) -> None:
    queries = pl.DataFrame({"query": ["Q"], "title": ["battery recycling"]})
    documents = pl.DataFrame({"document": ["D"], "title": [MEGABYTE]})
    assert rank(queries, documents, 1)["document"].to_list() == ["D"]
    with pytest.raises(StudyError, match=r"technologies, row 1, column title.*1,0\d\d,\d{3} char"):
        match(of_texts(study, [MEGABYTE], ["lithium"], "360000"), "needs")


def test_a_region_without_a_point_is_no_advantage(study: Study) -> None:
    nowhere = study.tables["regions"].with_columns(
        pl.when(pl.col("region") == "360000").then(None).otherwise(pl.col(name)).alias(name)
        for name in ("longitude", "latitude")
    )
    drawn = replace(study, tables={**study.tables, "regions": nowhere})
    matching = match(drawn, "needs", top=9)
    assert matching.certificate.passed, matching.certificate.checks
    paid = matching.pairs.filter(partner="N1")["term_distance"]
    assert paid.len() > 0 and (paid < 0).all()
