"""Checking at length: many problems in many rows, and sound rows beside damaged ones."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import complete, small
from yanzhen.study import Source, Study, check_study, read_study, write_study
from yanzhen.study.checking import checked
from yanzhen.study.faults import MOST_SHOWN

ROWS = 100_000


def large() -> Study:
    """A SYNTHETIC study of 100,000 rows of activity."""
    regions = pl.DataFrame({"region": [str(110000 + n) for n in range(200)]})
    industries = pl.DataFrame({"industry": [f"{n:02d}" for n in range(50)]})
    years = pl.DataFrame({"year": range(2010, 2020)})
    activity = regions.join(industries, how="cross").join(years, how="cross")
    names = [pl.first().alias("name_zh"), pl.first().alias("name_en")]
    return replace(
        small(),
        tables={
            **small().tables,
            "regions": complete("regions", regions.with_columns(names)),
            "industries": complete(
                "industries", industries.with_columns(*names, sector=pl.lit("manufacturing"))
            ),
            "activity": complete(
                "activity", activity.with_columns(output=20.0 + pl.int_range(pl.len()) % 9973)
            ),
        },
    )


@pytest.fixture(scope="module")
def large_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "study"
    write_study(replace(large(), about=replace(small().about, base_year=2019)), folder)
    return folder


@pytest.fixture(scope="module")
def damaged(large_study: Path) -> Path:
    """Every thousandth row damaged in one of four ways."""
    path = large_study / "activity.csv"
    at = pl.int_range(pl.len())
    pl.read_csv(path, infer_schema=False).with_columns(
        region=pl.when(at % 4000 == 999).then("no" + at.cast(pl.String)).otherwise("region"),
        year=pl.when(at % 4000 == 1999).then(pl.lit("2011-01-01")).otherwise("year"),
        output=pl.when(at % 4000 == 2999)
        .then(pl.lit("-1"))
        .when(at % 4000 == 3999)
        .then(pl.lit("n/a"))
        .otherwise("output"),
    ).write_csv(path)
    return large_study


def test_a_hundred_problems_in_a_hundred_thousand_rows(damaged: Path) -> None:
    rows = [problem.row for problem in check_study(damaged)]
    assert rows == [1000 * n + 1001 for n in range(ROWS // 1000)]


def test_sound_rows_are_kept_beside_damaged_ones(damaged: Path) -> None:
    assert checked(damaged).frames["activity"].height == ROWS


def test_a_column_that_is_wrong_throughout_stays_readable(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    write_study(replace(large(), about=replace(small().about, base_year=2019)), folder)
    path = folder / "activity.csv"
    pl.read_csv(path, infer_schema=False).with_columns(output=pl.lit("?")).write_csv(path)
    problems = check_study(folder)
    assert len(problems) == MOST_SHOWN + 1
    assert f"{ROWS - MOST_SHOWN:,} more rows" in problems[-1].found


def test_embedded_examples_have_no_problem() -> None:
    from yanzhen.study import examples

    assert {example.name: check_study(example.name) for example in examples()} == {
        example.name: () for example in examples()
    }


def test_embedded_example_is_read_by_its_name() -> None:
    assert read_study("china-provinces").about.title_en


def test_a_parameter_that_nothing_uses_is_reported_with_the_one_meant(tmp_path: Path) -> None:
    write_study(small(), tmp_path / "study")
    (tmp_path / "study" / "parameters.csv").write_text(
        "parameter,value,unit,low,high,source,note_zh,note_en\n"
        "sigmma,0.05,margin on output,,,assumption,,\n",
        encoding="utf-8",
    )
    [problem] = check_study(tmp_path / "study")
    assert (problem.table, problem.row, problem.column) == ("parameters", 2, "parameter")
    assert problem.expected == "'sigma'"


def test_a_source_s_chinese_title_comes_back(tmp_path: Path) -> None:
    [source] = small().about.sources[:1]
    named = replace(source, title_zh="合成数据")
    about = replace(small().about, sources=(named,))
    write_study(replace(small(), about=about), tmp_path / "study")
    [read] = read_study(tmp_path / "study").about.sources
    assert read.title_in("zh") == "合成数据"
    assert read.title_in("en") == source.title


def test_who_published_a_source_is_said_in_one_language_at_least() -> None:
    source = Source("a", "A", publisher="Bureau")
    assert (source.publisher_in("en"), source.publisher_in("zh")) == ("Bureau", "Bureau")
    both = replace(source, publisher_zh="统计局")
    assert (both.publisher_in("en"), both.publisher_in("zh")) == ("Bureau", "统计局")
    assert (Source("a", "A").publisher_in("zh"), Source("a", "A").link) == ("", "")


def test_the_year_of_a_source_may_be_a_number(tmp_path: Path) -> None:
    write_study(small(), tmp_path / "study")
    settings = tmp_path / "study" / "study.toml"
    said = settings.read_text(encoding="utf-8")
    settings.write_text(said + "year = 2022\n", encoding="utf-8")
    assert read_study(tmp_path / "study").about.sources[-1].year == "2022"
    settings.write_text(said + "year = true\n", encoding="utf-8")
    [problem] = check_study(tmp_path / "study")
    assert problem.column == "sources.1.year"
