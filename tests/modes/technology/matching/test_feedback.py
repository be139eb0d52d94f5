"""Verdicts on pairs: rejected ones do not return, accepted ones draw their like."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.modes.technology.small_study import rows
from yanzhen.modes.technology.matching.concordance import read_concordance
from yanzhen.modes.technology.matching.matching import Matching, check_pair, match
from yanzhen.modes.technology.matching.parameters import match_weights
from yanzhen.modes.technology.search.feedback import read_feedback, record
from yanzhen.study import Study, StudyError


def test_rejected_pairs_do_not_return_and_accepted_ones_gain(
    study: Study, needs: Matching, tmp_path: Path
) -> None:
    path = tmp_path / "feedback.csv"
    record(path, "T1", "N1", "accept", "", date(2022, 1, 1))
    record(path, "T1", "N1", "reject", "只做干法", date(2022, 1, 2))
    record(path, "T3", "N3", "accept", "", date(2022, 1, 2))
    after = match(study, "needs", feedback=read_feedback(path))
    assert after.pairs.filter(achievement="T1", partner="N1").is_empty()
    assert after.rejected.rows() == [("T1", "N1", "只做干法")]

    def value(matching: Matching) -> float:
        return float(matching.pairs.filter(achievement="T3", partner="N3")["value"].item())

    assert value(after) >= value(needs) + match_weights().accepted - 1e-9


def test_what_was_accepted_draws_its_like(study: Study, needs: Matching) -> None:
    """N2 asks for drying; accepting a tea robot draws a second one that shares its words."""
    twin = rows("technologies", "technology title", [("T5", "茶园采摘机器人"), ("T6", "轧机")])
    tables = {**study.tables, "technologies": pl.concat([study.tables["technologies"], twin])}
    said = pl.DataFrame(
        {"achievement": ["T4"], "partner": ["N2"], "verdict": ["accept"], "reason": [None]}
    )

    def relevance(feedback: pl.DataFrame | None, achievement: str) -> float:
        easy = match_weights({"present": 0.0, "sigma": 1.0})
        matching = match(replace(study, tables=tables), "needs", 9, easy, feedback=feedback)
        return float(
            matching.pairs.filter(achievement=achievement, partner="N2")["relevance"].sum()
        )

    assert relevance(said, "T5") > relevance(None, "T5") + 0.01
    assert relevance(said, "T6") == relevance(None, "T6") == 0.0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("achievement,partner\nT1,N1\n", "verdict"),
        ("achievement,partner,verdict\nT1,N1,maybe\n", "row 2, column verdict.*maybe"),
        ("achievement,partner,verdict\n,N1,accept\n", "row 2, column achievement"),
        ("achievement,partner,verdict\nT1,N1,reject,已有,近\n", "row 2"),
        ("", "an empty file"),
    ],
)
def test_feedback_that_cannot_be_read_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "said.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=message):
        read_feedback(path)


def test_tables_that_excel_saved_in_gbk_are_read(tmp_path: Path) -> None:
    path = tmp_path / "saved.csv"
    path.write_bytes("achievement,partner,verdict,reason\nT1,N1,reject,已有同类\n".encode("gbk"))
    assert read_feedback(path)["reason"].to_list() == ["已有同类"]
    path.write_bytes("行业代码,IPC\n26,C08L 95/00\n".encode("gbk"))
    assert read_concordance(path)["industry"].to_list() == ["26"]


def test_feedback_on_an_unknown_achievement_is_named(study: Study, tmp_path: Path) -> None:
    said = record(tmp_path / "f.csv", "T77", "N1", "accept", "", date(2022, 1, 1))
    with pytest.raises(StudyError, match="T77"):
        match(study, "needs", feedback=said)


def test_a_verdict_on_strangers_names_both_sides(study: Study) -> None:
    check_pair(study, "needs", "T1", "N1")
    with pytest.raises(StudyError) as error:
        check_pair(study, "needs", "T77", "N77")
    assert [one.table for one in error.value.problems] == ["technologies", "technology_needs"]
