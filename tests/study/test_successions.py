"""Merged regions: one place with their successor throughout, and said where nobody says so."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pytest

from tests.study.small import complete, small
from yanzhen.study import Study, StudyError, study_from_frames
from yanzhen.study.checking import Checked, checked, checked_frames

FIGURES = {
    ("J", "S"): (100.0, 520.0),
    ("J", "F"): (200.0, 262.0),
    ("L", "S"): (380.0, None),
    ("L", "F"): (40.0, None),
    ("Q", "S"): (150.0, 160.0),
    ("Q", "F"): (500.0, 560.0),
    ("Y", "S"): (60.0, 70.0),
    ("Y", "F"): (450.0, 480.0),
}
"""SYNTHETIC output in 2016 and 2021: city L is merged into city J between the two."""

ABOUT = replace(small().about, base_year=2021, sources=())
MERGED = {"L": ("J", 2019)}

Frames = dict[str, pl.DataFrame]


def frames(said: Mapping[str, tuple[str | None, int | None]] | None = None) -> Frames:
    """The study, with successor and successor_from of some regions; L without rows in 2021."""
    codes = ["P", "J", "L", "Q", "Y"]
    said = said or {}
    regions = pl.DataFrame(
        {
            "region": codes,
            "name_zh": [f"合成{code}" for code in codes],
            "name_en": [f"SYNTHETIC {code}" for code in codes],
            "parent": [None, "P", "P", "P", "P"],
            "successor": pl.Series([said.get(c, (None, None))[0] for c in codes], dtype=pl.String),
            "successor_from": pl.Series(
                [said.get(c, (None, None))[1] for c in codes], dtype=pl.Int64
            ),
        }
    )
    industries = pl.DataFrame(
        {
            "industry": ["S", "F"],
            "name_zh": ["合成钢", "合成食"],
            "name_en": ["SYNTHETIC steel", "SYNTHETIC food"],
            "sector": ["manufacturing", "manufacturing"],
        }
    )
    activity = pl.DataFrame(
        [
            (region, industry, year, output)
            for (region, industry), outputs in FIGURES.items()
            for year, output in zip((2016, 2021), outputs, strict=True)
            if output is not None
        ],
        schema=["region", "industry", "year", "output"],
        orient="row",
    )
    return {
        name: complete(name, frame)
        for name, frame in {
            "regions": regions,
            "industries": industries,
            "activity": activity,
        }.items()
    }


def check(tables: Frames) -> Checked:
    return checked_frames(ABOUT, tables, "cities")


def read(tables: Frames) -> Study:
    return study_from_frames(ABOUT, tables, "cities")


def output(study: Study, region: str, industry: str, year: int) -> list[float | None]:
    rows = study.tables["activity"].filter(
        pl.col("region") == region, pl.col("industry") == industry, pl.col("year") == year
    )
    return rows["output"].to_list()


def test_figures_before_the_merger_are_the_successors() -> None:
    study = read(frames(MERGED))
    assert output(study, "J", "S", 2016) == [480.0]
    assert output(study, "J", "F", 2016) == [240.0]
    assert output(study, "J", "S", 2021) == [520.0]
    assert study.tables["regions"]["region"].to_list() == ["P", "J", "Q", "Y"]
    assert "L" not in study.tables["activity"]["region"]
    steel = study.tables["activity"].filter(industry="S", year=2021)["output"].sum()
    assert steel == 750.0
    assert study.is_checked


def test_other_regions_keep_their_rows() -> None:
    before, after = frames(MERGED)["activity"], read(frames(MERGED)).tables["activity"]
    others = pl.col("region").is_in(["Q", "Y"])
    assert after.filter(others).equals(before.filter(others))


def test_empty_or_zero_rows_after_the_merger_are_left_out() -> None:
    tables = frames(MERGED)
    more = pl.DataFrame(
        {"region": ["L", "L"], "industry": ["S", "F"], "year": [2021, 2021], "output": [0.0, None]}
    )
    tables["activity"] = pl.concat([tables["activity"], complete("activity", more)])
    assert output(read(tables), "J", "S", 2021) == [520.0]


def test_a_sum_is_known_where_every_part_is() -> None:
    tables = frames(MERGED)
    unknown = (pl.col("region") == "L") & (pl.col("industry") == "S")
    tables["activity"] = tables["activity"].with_columns(
        output=pl.when(~unknown).then("output"),
        output_status=pl.when(region="L", industry="F").then(pl.lit("estimated")),
    )
    study = read(tables)
    assert output(study, "J", "S", 2016) == [None]
    assert output(study, "J", "F", 2016) == [240.0]
    of_j = study.tables["activity"].filter(region="J", industry="F").sort("year")
    assert of_j["output_status"].to_list() == ["estimated", None]


def test_chains_are_followed_each_to_its_own_year() -> None:
    tables = frames({"L": ("J", 2019), "J": ("Q", 2020)})
    activity = tables["activity"]
    tables["activity"] = activity.filter((pl.col("region") != "J") | (pl.col("year") == 2016))
    study = read(tables)
    assert output(study, "Q", "S", 2016) == [100.0 + 380.0 + 150.0]
    assert output(study, "Q", "S", 2021) == [160.0]
    assert study.tables["regions"]["region"].to_list() == ["P", "Q", "Y"]


def test_indicators_that_add_up_do_and_others_stay_the_successors() -> None:
    tables = frames(MERGED)
    tables["indicators"] = complete(
        "indicators",
        pl.DataFrame(
            {
                "region": ["J", "L", "J", "J", "L"],
                "year": [2016, 2016, 2021, 2016, 2016],
                "indicator": ["gdp", "gdp", "gdp", "rate", "rate"],
                "value": [10.0, 5.0, 17.0, 0.2, 0.3],
            }
        ),
    )
    rows = read(tables).tables["indicators"].sort("indicator", "year")
    assert rows["value"].to_list() == [15.0, 17.0, 0.2]


def test_references_are_to_the_successor() -> None:
    tables = frames(MERGED)
    tables["moves"] = complete(
        "moves",
        pl.DataFrame(
            {
                "move": ["1", "2", "3"],
                "industry": ["S", "S", "S"],
                "origin": ["L", "Q", "Y"],
                "destination": ["J", "L", "Y"],
                "year": [2016, 2016, 2016],
                "output": [1.0, 2.0, 3.0],
            }
        ),
    )
    tables["distances"] = complete(
        "distances",
        pl.DataFrame(
            {
                "origin": ["L", "L", "J"],
                "destination": ["J", "Q", "Q"],
                "kilometres": [50.0, 300.0, 350.0],
            }
        ),
    )
    tables["sites"] = complete("sites", pl.DataFrame({"site": ["park"], "region": ["L"]}))
    study = read(tables)
    moves = study.tables["moves"].sort("move").select("move", "origin", "destination").rows()
    assert moves == [("2", "Q", "J"), ("3", "Y", "Y")]
    distances = study.tables["distances"].select("origin", "destination", "kilometres").rows()
    assert distances == [("J", "Q", 350.0)]
    assert study.tables["sites"]["region"].to_list() == ["J"]


@pytest.mark.parametrize(
    ("said", "row", "column", "words"),
    [
        ({"L": ("J", None)}, 3, "successor_from", "without a year"),
        ({"L": (None, 2019)}, 3, "successor", "without a successor"),
        ({"L": ("L", 2019)}, 3, "successor", "L → L"),
        ({"L": ("J", 2019), "J": ("L", 2019)}, 2, "successor", "J → L → J"),
        ({"L": ("P", 2019)}, 3, "successor", "P, which has regions below it"),
    ],
)
def test_successors_that_cannot_be_followed_are_refused(
    said: dict[str, tuple[str | None, int | None]], row: int, column: str, words: str
) -> None:
    wrong = [problem for problem in check(frames(said)).problems if problem.table == "regions"]
    assert (wrong[0].row, wrong[0].column) == (row, column)
    assert words in wrong[0].found
    with pytest.raises(StudyError):
        read(frames(said))


def test_successor_of_another_parent_is_refused() -> None:
    tables = frames(MERGED)
    tables["regions"] = tables["regions"].with_columns(
        parent=pl.when(pl.col("region") != "L").then("parent")
    )
    assert any("J below P, L at the top" in p.found for p in check(tables).problems)


def test_figures_after_the_merger_are_refused() -> None:
    wrong = check(frames({"L": ("J", 2016)})).problems
    assert [(p.table, p.column, p.row) for p in wrong] == [
        ("activity", "output", 5),
        ("activity", "output", 6),
    ]


def test_missing_rows_point_to_the_successor() -> None:
    (problem,) = check(frames()).problems
    assert "successor and successor_from of L" in problem.expected
    assert not check(frames(MERGED)).problems


def test_an_unsaid_merger_is_pointed_out() -> None:
    warnings = [p for p in check(frames()).warnings if p.column == "successor"]
    assert [(p.table, p.row) for p in warnings] == [("regions", 3)]
    text = str(warnings[0])
    assert all(word in text for word in ("merger", "boundary", "successor", "L", "J"))
    assert not [p for p in check(frames(MERGED)).warnings if p.column == "successor"]


def test_figures_that_only_end_are_no_merger() -> None:
    tables = frames()
    of_j = (pl.col("region") == "J") & (pl.col("year") == 2021)
    tables["activity"] = tables["activity"].with_columns(
        output=pl.when(of_j & (pl.col("industry") == "S")).then(110.0).otherwise("output")
    )
    assert not [p for p in check(tables).warnings if p.column == "successor"]


@pytest.mark.parametrize(
    "example", ["china-provinces", "synthetic-docking", "china-technology-synthetic"]
)
def test_no_example_has_a_merger_unsaid(example: str) -> None:
    assert not [p for p in checked(example).warnings if p.column == "successor"]
