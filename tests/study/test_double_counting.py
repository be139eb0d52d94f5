"""Totals, copies and overlaps among regions and industries; and what only looks like them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.study.small import INDUSTRIES, NATION, REGIONS, complete, small
from yanzhen.study import Problem, Study, check_study, write_study

Change = Callable[[pl.DataFrame], pl.DataFrame]


def changed(folder: Path, **tables: Change) -> tuple[Problem, ...]:
    """Problems of the small study with tables changed."""
    study = small()
    frames = {name: change(study.tables[name]) for name, change in tables.items()}
    return problems_of(folder, replace(study, tables={**study.tables, **frames}))


def problems_of(folder: Path, study: Study) -> tuple[Problem, ...]:
    write_study(study, folder / "study")
    return check_study(folder / "study")


def without_parents(regions: pl.DataFrame) -> pl.DataFrame:
    return regions.with_columns(parent=pl.lit(None, pl.String))


def plain_names(regions: pl.DataFrame) -> pl.DataFrame:
    """Names that say nothing of a total."""
    return without_parents(regions).with_columns(
        name_zh="合成" + pl.col("region"), name_en="SYNTHETIC " + pl.col("region")
    )


@pytest.mark.parametrize("reverse", [False, True])
def test_a_total_of_regions_is_told_by_its_figures(tmp_path: Path, reverse: bool) -> None:
    def order(regions: pl.DataFrame) -> pl.DataFrame:
        return plain_names(regions).reverse() if reverse else plain_names(regions)

    (problem,) = changed(tmp_path, regions=order)
    assert (problem.table, problem.column) == ("regions", "parent")
    assert problem.row == (7 if reverse else 2)
    assert problem.found.startswith(f"{NATION}: figures that are the sum of ")
    assert f"parent = {NATION}" in problem.expected


def test_a_total_with_parents_is_none(tmp_path: Path) -> None:
    assert changed(tmp_path) == ()


def test_a_total_rounded_to_whole_numbers_is_still_one(tmp_path: Path) -> None:
    def rounded(activity: pl.DataFrame) -> pl.DataFrame:
        nation = pl.col("region") == NATION
        return activity.with_columns(
            output=pl.when(nation).then(pl.col("output").round(0)).otherwise(pl.col("output"))
        )

    (problem,) = changed(tmp_path, regions=plain_names, activity=rounded)
    assert problem.found.startswith(f"{NATION}: figures that are the sum of ")


def test_a_sum_that_misses_in_one_cell_is_none(tmp_path: Path) -> None:
    def missed(activity: pl.DataFrame) -> pl.DataFrame:
        here = (pl.col("region") == NATION) & (pl.col("industry") == "13")
        return activity.with_columns(output=pl.col("output") + 400.0 * here)

    assert changed(tmp_path, regions=plain_names, activity=missed) == ()


@pytest.mark.parametrize("name", ["合计", "全省", "全国", "其中：开发区", "地区总计", "Total"])
def test_a_total_is_told_by_its_name_where_figures_are_few(tmp_path: Path, name: str) -> None:
    def named(regions: pl.DataFrame) -> pl.DataFrame:
        of_nation = pl.when(pl.col("region") == NATION).then(pl.lit(name))
        return plain_names(regions).with_columns(
            name_zh=of_nation.otherwise("name_zh"), name_en=of_nation.otherwise("name_en")
        )

    def few(activity: pl.DataFrame) -> pl.DataFrame:
        return activity.with_columns(output=pl.col("output") * 1.01)

    def other(activity: pl.DataFrame) -> pl.DataFrame:
        nation = pl.col("region") == NATION
        return few(activity).with_columns(
            pl.when(nation).then(pl.col(measure) * 1.5).otherwise(pl.col(measure)).alias(measure)
            for measure in ("output", "employment")
        )

    (problem,) = changed(tmp_path, regions=named, activity=other)
    assert problem.found == f"{NATION}: '{name}', the name of a total"


def test_a_name_without_figures_is_no_region_of_analysis(tmp_path: Path) -> None:
    def named(regions: pl.DataFrame) -> pl.DataFrame:
        of_nation = pl.when(pl.col("region") == NATION).then(pl.lit("全国"))
        return plain_names(regions).with_columns(name_zh=of_nation.otherwise("name_zh"))

    def below(activity: pl.DataFrame) -> pl.DataFrame:
        return activity.filter(pl.col("region") != NATION)

    assert changed(tmp_path, regions=named, activity=below) == ()


def test_a_subtotal_of_the_rows_below_it_is_told(tmp_path: Path) -> None:
    part = REGIONS[:3]

    def with_subtotal(regions: pl.DataFrame) -> pl.DataFrame:
        row = regions.filter(pl.col("region") == REGIONS[0]).with_columns(
            region=pl.lit("300000"), name_zh=pl.lit("合成东部"), name_en=pl.lit("SYNTHETIC east")
        )
        return pl.concat([regions.head(1), row, regions.tail(-1)])

    def with_sums(activity: pl.DataFrame) -> pl.DataFrame:
        sums = (
            activity.filter(pl.col("region").is_in(part))
            .group_by("industry", "year")
            .agg(pl.col("output", "employment").sum())
            .with_columns(region=pl.lit("300000"))
        )
        return pl.concat([activity, complete("activity", sums)])

    (problem,) = changed(tmp_path, regions=with_subtotal, activity=with_sums)
    assert (problem.row, problem.column) == (3, "parent")
    assert f"the sum of {', '.join(part)} " in problem.found


def of_three(rows: np.ndarray, regions: tuple[str, ...] = ("A", "B", "C")) -> Study:
    """A SYNTHETIC study without hierarchy; rows (N, S) of output."""
    study = small()
    cells = [
        (region, industry, year, float(rows[n, s]) * (1 + k))
        for n, region in enumerate(regions)
        for s, industry in enumerate(INDUSTRIES)
        for k, year in enumerate((2012, 2017))
    ]
    columns = ["region", "industry", "year", "output"]
    places = {"region": regions, "name_zh": regions, "name_en": regions}
    tables = {
        "regions": complete("regions", pl.DataFrame(places)),
        "activity": complete("activity", pl.DataFrame(cells, schema=columns, orient="row")),
    }
    return replace(study, tables={**study.tables, **tables})


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([[100, 40, 70, 10], [200, 80, 140, 20], [300, 120, 210, 30]], id="multiples"),
        pytest.param([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], id="zeros"),
        pytest.param([[1, 2, 1, 1], [2, 1, 1, 1], [3, 3, 2, 2]], id="few digits"),
        pytest.param([[90, 40, 70, 10], [90, 40, 70, 10], [90, 40, 70, 10]], id="all alike"),
    ],
)
def test_figures_that_agree_by_chance_are_no_total(tmp_path: Path, rows: list[list[int]]) -> None:
    assert problems_of(tmp_path, of_three(np.array(rows))) == ()


@pytest.mark.parametrize("regions", [("A",), ("A", "B")])
def test_one_and_two_regions_total_nothing(tmp_path: Path, regions: tuple[str, ...]) -> None:
    rows = np.array([[905, 401, 703, 102], [1905, 811, 713, 112]])[: len(regions)]
    assert problems_of(tmp_path, of_three(rows, regions)) == ()


def test_one_region_under_two_codes_is_told(tmp_path: Path) -> None:
    rows = np.array([[905, 401, 703, 102], [905, 401, 703, 102], [505, 811, 713, 112]])
    (problem,) = problems_of(tmp_path, of_three(rows))
    assert (problem.table, problem.row, problem.column) == ("regions", 3, "region")
    assert problem.found == "B with the figures of A in every cell"


def test_one_name_under_two_codes_is_told_unless_the_places_differ(tmp_path: Path) -> None:
    def one_name(regions: pl.DataFrame) -> pl.DataFrame:
        last = pl.col("region").is_in(REGIONS[-2:])
        name = pl.when(last).then(pl.lit("合成区")).otherwise("name_zh")
        return regions.with_columns(name_zh=name)

    assert changed(tmp_path / "apart", regions=one_name) == ()
    (problem,) = changed(
        tmp_path / "same",
        regions=lambda regions: one_name(regions).with_columns(
            longitude=pl.lit(None, pl.Float64), latitude=pl.lit(None, pl.Float64)
        ),
    )
    assert (problem.row, problem.column) == (7, "name_zh")


def test_a_total_of_industries_is_told_by_name_and_by_figures(tmp_path: Path) -> None:
    def with_total(name: str) -> Change:
        def add(industries: pl.DataFrame) -> pl.DataFrame:
            row = industries.tail(1).with_columns(
                industry=pl.lit("99"),
                name_zh=pl.lit(name),
                name_en=pl.lit("SYNTHETIC 99"),
                sector=pl.lit("manufacturing"),
            )
            return pl.concat([industries, row])

        return add

    def with_sums(factor: float) -> Change:
        def add(activity: pl.DataFrame) -> pl.DataFrame:
            sums = (
                activity.filter(pl.col("industry").is_in(INDUSTRIES[:3]))
                .group_by("region", "year")
                .agg(pl.col("output", "employment").sum() * factor)
                .with_columns(industry=pl.lit("99"))
            )
            return pl.concat([activity, complete("activity", sums)])

        return add

    (by_figures,) = changed(
        tmp_path / "figures", industries=with_total("合成"), activity=with_sums(1.0)
    )
    assert by_figures.found.startswith("99: figures that are the sum of 06, 13, 20 ")
    for name in ("制造业合计", "合计", "制造业"):
        (by_name,) = changed(tmp_path / name, industries=with_total(name), activity=with_sums(1.1))
        assert (by_name.table, by_name.row) == ("industries", 6)
        assert by_name.found == f"99: '{name}', the name of a total"


def test_manufacturing_as_one_industry_beside_services_is_no_total(tmp_path: Path) -> None:
    def one(industries: pl.DataFrame) -> pl.DataFrame:
        return industries.filter(pl.col("industry").is_in(("06", "30"))).with_columns(
            name_zh=pl.Series(["制造业", "服务业"]),
            name_en=pl.Series(["Manufacturing", "Services"]),
        )

    def two(activity: pl.DataFrame) -> pl.DataFrame:
        return activity.filter(pl.col("industry").is_in(("06", "30")))

    assert changed(tmp_path, industries=one, activity=two) == ()


@pytest.mark.parametrize(
    ("divisions", "said"),
    [
        (("C10-C12", "C10", "C14", None), "06 beside 13, which it contains"),
        (("C13-C15", "C14", "C15", None), "06 beside 13, 20, which it contains"),
        (("C39", "C391", "C40", None), "06 beside 13, which it contains"),
        (("C18", "C13; C18-C19", "C40", None), "13 beside 06, which it contains"),
        (("C10", "C11", "C12-C14", None), None),
        (("C26", "C26", "C27", None), None),
        (("some words", "C10", "C11", None), None),
    ],
)
def test_industries_that_contain_one_another_are_told(
    tmp_path: Path, divisions: tuple[str | None, ...], said: str | None
) -> None:
    def divided(industries: pl.DataFrame) -> pl.DataFrame:
        return industries.with_columns(division=pl.Series(divisions, dtype=pl.String))

    found = changed(tmp_path, industries=divided)
    assert [problem.found for problem in found] == ([said] if said else [])


def recoded(codes: tuple[str, ...]) -> Change:
    def rename(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(
            pl.col("industry").replace_strict(dict(zip(INDUSTRIES, codes, strict=True)))
        )

    return rename


def test_codes_tell_an_overlap_where_figures_agree(tmp_path: Path) -> None:
    def larger(activity: pl.DataFrame) -> pl.DataFrame:
        whole = pl.col("industry") == "C39"
        return recoded(("C39", "C391", "C20", "C30"))(activity).with_columns(
            output=pl.when(whole).then(pl.col("output") + 20_000).otherwise("output")
        )

    codes = recoded(("C39", "C391", "C20", "C30"))
    (problem,) = changed(tmp_path / "agree", industries=codes, activity=larger)
    assert problem.found == "C39 beside C391, which it contains"
    numbers = recoded(("1", "10", "100", "101"))
    assert changed(tmp_path / "numbers", industries=numbers, activity=numbers) == ()
