"""A frame written in any layout and form comes back equal."""

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.study.importing import layouts
from yanzhen.study.gazetteer import places
from yanzhen.study.gazetteer.short_names import short_names
from yanzhen.study.importing.known_names import divisions
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.understanding import understood

CELLS = ["region", "industry", "year", "output", "employment"]
PROVINCES = places().filter(pl.col("level") == "province", pl.col("code") < "700000")
DIVISIONS = divisions().filter(pl.col("code") != "C")
TEXT_FORMS = (
    ("utf-8", ","),
    ("utf-8-sig", ","),
    ("gb18030", ","),
    ("utf-16", "\t"),
    ("utf-8", ";"),
    ("gb18030", "\t"),
)
ONE_SHEET = (
    layouts.long,
    layouts.merged_regions,
    layouts.measures_over_years,
    layouts.years_over_measures,
)


@st.composite
def panels(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A panel under names, and the same under codes."""
    regions = draw(st.lists(st.sampled_from(PROVINCES.rows()), min_size=2, max_size=4, unique=True))
    industries = draw(
        st.lists(st.sampled_from(DIVISIONS.rows()), min_size=2, max_size=4, unique=True)
    )
    years = sorted(draw(st.sets(st.integers(1990, 2030), min_size=1, max_size=3)))
    figure = st.one_of(st.none(), st.integers(1, 10**7).map(lambda whole: whole / 1e4))
    named, coded = [], []
    for code, _, name, *_ in regions:
        called = draw(st.sampled_from(short_names(name)))
        for division, zh, *_ in industries:
            for year in years:
                figures = (draw(figure), draw(figure))
                named.append((called, zh, year, *figures))
                coded.append((code, division, year, *figures))
    types = dict(zip(CELLS, (pl.String, pl.String, pl.Int64, pl.Float64, pl.Float64), strict=True))
    return (
        pl.DataFrame(named, schema=types, orient="row"),
        pl.DataFrame(coded, schema=types, orient="row"),
    )


def imported(path: Path) -> pl.DataFrame:
    found = understood([path], path.parent / "study", Mapped())
    assert not found.regions.problems
    assert not found.industries.problems
    return found.tables["activity"].select(CELLS)


def assert_same(found: pl.DataFrame, made: pl.DataFrame) -> None:
    """Equal in every figure; a row without any says nothing."""
    known = pl.any_horizontal(pl.col("output", "employment").is_not_null())
    assert_frame_equal(
        found.filter(known).sort(CELLS[:3]), made.filter(known).sort(CELLS[:3]), rel_tol=1e-12
    )


@pytest.mark.parametrize("layout", layouts.LAYOUTS, ids=lambda each: each.__name__)
@given(panel=panels(), units=st.sampled_from((layouts.UNITS, layouts.SMALL_UNITS)))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_workbook_comes_back_equal(
    layout: layouts.Callable[..., layouts.Sheets],
    panel: tuple[pl.DataFrame, pl.DataFrame],
    units: dict[str, tuple[str, float]],
) -> None:
    named, coded = panel
    with tempfile.TemporaryDirectory() as folder:
        path = layouts.write_workbook(Path(folder) / "年鉴.xlsx", layout(named, units))
        assert_same(imported(path), coded)


@pytest.mark.parametrize("layout", ONE_SHEET, ids=lambda each: each.__name__)
@given(panel=panels(), form=st.sampled_from(TEXT_FORMS))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_text_file_comes_back_equal(
    layout: layouts.Callable[..., layouts.Sheets],
    panel: tuple[pl.DataFrame, pl.DataFrame],
    form: tuple[str, str],
) -> None:
    named, coded = panel
    (rows,) = layout(named, layouts.SMALL_UNITS).values()
    with tempfile.TemporaryDirectory() as folder:
        path = layouts.write_text(Path(folder) / "年鉴.csv", rows, *form)
        assert_same(imported(path), coded)
