"""Text of any encoding that spreadsheet programs and editors in China write."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.study import StudyError
from yanzhen.study.encoding import NotText, decoded, marked_as_text, text_of, toml_of

CHINESE = 'title_zh = "衢州市与亳州市共建园区协议，税收五五分成"\n'
TRADITIONAL = "臺灣地區製造業轉移與產業鏈對接研究，包括電子、紡織、機械等行業。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312"])
def test_the_same_text_in_every_encoding(encoding: str) -> None:
    assert decoded(CHINESE.encode(encoding)) == CHINESE


@pytest.mark.parametrize("name", ["衢州", "亳州", "嵊州", "儋州", "漯河", "鄱阳"])
def test_the_name_of_one_city_in_gb18030(name: str) -> None:
    assert decoded(f"region,{name}\n".encode("gb18030")) == f"region,{name}\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "big5"),
        ("製造業の移転に関する研究", "shift_jis"),
        ("Müller, Straße", "latin-1"),
        ("Производство", "cp1251"),
        ("region,output", "utf-16-le"),
    ],
)
def test_what_could_be_several_encodings_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(NotText):
        decoded(text.encode(encoding))


def test_text_cut_within_a_character_names_its_line() -> None:
    with pytest.raises(NotText) as caught:
        decoded(b"a\nb\n" + "河南".encode()[:-1])
    assert caught.value.row == 3


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_whatever_is_utf8_stays_what_it_is(text: str) -> None:
    raw = text.encode()
    if raw.count(0) * 8 < max(len(raw), 1) and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert decoded(raw) == text.removeprefix("\ufeff")


def test_a_files_problem_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "terms.toml"
    path.write_bytes(TRADITIONAL.encode("big5"))
    with pytest.raises(StudyError, match=r"terms\.toml, row 1: found text of an encoding"):
        text_of(path, "terms")


@pytest.mark.parametrize(("text", "row"), [("a = 1\nb = “甲”\n", 2), ("a = 1\nb = ", 2), ("[", 1)])
def test_toml_names_the_line_at_fault(text: str, row: int) -> None:
    with pytest.raises(StudyError) as caught:
        toml_of(text, "study.toml", "study", "a = 1")
    assert [problem.row for problem in caught.value.problems] == [row]


@pytest.mark.parametrize("begins", ["x\x01", "x^", "x\x9c", "\x1f\x8b"])
def test_a_text_that_begins_as_something_packed_is_a_text(begins: str) -> None:
    read = pl.read_csv(marked_as_text(f"{begins}a,b\nc,d\n"), has_header=False)
    assert read.rows() == [(f"{begins}a", "b"), ("c", "d")]
