"""What is written in place of a figure, and what is told of it."""

import pytest

from yanzhen.study.figure_words import is_mark_of_missing, no_figure
from yanzhen.study.words import words

SIGNS = "… ... …… ⋯⋯ —— — – - -- ― － .. . · * ** / // ~ _ ? ？ ？？ () （） x X xx ×"
WORDS = "na NA N/A n/a n.a. N.A. #N/A nd n.d. null NULL none nil unknown ＮＡ 空 无 不详 未知"
MARKS = (*SIGNS.split(), *WORDS.split(), "缺", "暂无")


@pytest.mark.parametrize("mark", [*MARKS, "不 详", " — ", "n / a"])
def test_marks_of_missing_are_all_alike(mark: str) -> None:
    assert is_mark_of_missing(mark)
    for found, expected in (no_figure(mark), no_figure(mark, whole=True)):
        assert (
            expected == words("mark_of_missing.expected")
            and "a mark for what is not known" in found[0]
        )


@pytest.mark.parametrize("text", ["0", "-5", "约800", "x5", "1/2", "3.", "NaN", "12万", "甲"])
def test_what_says_something_is_no_mark(text: str) -> None:
    assert not is_mark_of_missing(text)


@pytest.mark.parametrize(
    ("cell", "found", "expected"),
    [
        ("1e400", "beyond range", "a number between"),
        ("-9" + "9" * 320, "beyond range", "a number between"),
        ("1,234,567.8", "separators of thousands", "1234567.8"),
        ("1 234", "separators of thousands", "1234"),
        ("１２，３４５", "full-width", "12345"),
        ("−5", "full-width", "-5"),
        ("81%", "percent sign", "81"),
        ("81.5 ％", "percent sign", "81.5"),
        ("(1,234)", "in brackets", "-1234 if a negative number is meant"),
        ("#DIV/0!", "the error #DIV/0!", "an empty cell"),
        ("2023-05-01 00:00:00", "the date 2023-05-01", "set the format of the cells to General"),
        ("inf", "not a finite number", "a finite number"),
        ("12万", "not a number", "a number alone"),
    ],
)
def test_what_a_figure_was_meant_to_be(cell: str, found: str, expected: str) -> None:
    told = no_figure(cell)
    assert found in told[0][0] and expected in told[1][0]
    assert "超出" in told[0][1] or found != "beyond range"


def test_a_percentage_of_a_share() -> None:
    assert no_figure("81%", share=True)[1][0] == "0.81"


@pytest.mark.parametrize(
    ("cell", "expected"), [("2.5", "a whole number"), ("1" * 20, "at most 9,223,372,036,854,775")]
)
def test_whole_numbers(cell: str, expected: str) -> None:
    assert expected in no_figure(cell, whole=True)[1][0]
