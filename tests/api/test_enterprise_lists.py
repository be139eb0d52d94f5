"""Lists of enterprises: in any form, and checked anew for every study they are brought to."""

import io
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import small
from yanzhen.api.enterprise_lists import EnterpriseLists
from yanzhen.api.problem_details import Refusal
from yanzhen.study import Study

LISTED = pl.DataFrame(
    {
        "enterprise": ["E1"],
        "name_zh": ["合成企业"],
        "industry": ["13"],
        "origin": ["110000"],
        "output": [1.5],
        "count": [1],
    }
)


def without_beijing(study: Study) -> Study:
    tables = {
        name: frame.filter(pl.col("region") != "110000") if "region" in frame.columns else frame
        for name, frame in study.tables.items()
    }
    return replace(study, tables=tables)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_list_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    lists = EnterpriseLists(tmp_path)
    name = lists.take("s", small(), LISTED.write_csv().encode(encoding))
    assert lists.problems("s", name) == ()
    assert lists.read("s", name)["name_zh"].to_list() == ["合成企业"]


def test_a_list_as_a_workbook(tmp_path: Path) -> None:
    sheet = io.BytesIO()
    LISTED.write_excel(sheet)
    lists = EnterpriseLists(tmp_path)
    name = lists.take("s", small(), sheet.getvalue())
    assert lists.problems("s", name) == ()
    assert lists.read("s", name)["output"].to_list() == [1.5]


def test_a_list_refused_for_one_study_is_taken_for_another(tmp_path: Path) -> None:
    lists = EnterpriseLists(tmp_path)
    content = LISTED.write_csv().encode()
    refused = lists.take("s", without_beijing(small()), content)
    assert [problem.column for problem in lists.problems("s", refused)] == ["origin"]
    # The study was mended since; and there is another study.
    mended = lists.take("s", small(), content)
    assert mended != refused and lists.problems("s", mended) == ()
    assert lists.problems("other", lists.take("other", small(), content)) == ()


@pytest.mark.parametrize(("key", "name"), [("s", "../../x"), ("..", "0" * 12), ("s", "0" * 12)])
def test_a_list_that_is_not_there_is_refused(tmp_path: Path, key: str, name: str) -> None:
    with pytest.raises(Refusal, match="no list"):
        EnterpriseLists(tmp_path).problems(key, name)
