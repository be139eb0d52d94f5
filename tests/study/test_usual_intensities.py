"""A usual need stands in only where it is published; check says what the others would take."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.study.small import REGIONS, complete, small
from yanzhen.accounts.intensities import stated_intensity
from yanzhen.study import Study, read_study
from yanzhen.study.checking import checked_frames
from yanzhen.study.usual_intensities import standing_in, usual_table

SITES = [{"site": "P1", "region": REGIONS[2], "name_zh": "园", "name_en": "Park"}]
DIVISIONS = ("C39", "C13-C14", "C99", None)


def office(**tables: pl.DataFrame) -> Study:
    """The small study with parks and divisions, and without employment or emissions."""
    study = small()
    activity = study.tables["activity"].with_columns(
        pl.lit(None, pl.Float64).alias("employment"),
        pl.lit(None, pl.String).alias("employment_status"),
    )
    industries = study.tables["industries"].with_columns(pl.Series("division", DIVISIONS))
    given = {
        "activity": activity,
        "industries": industries,
        "sites": complete("sites", pl.DataFrame(SITES)),
    }
    return replace(study, tables={**study.tables, **given, **tables})


def said(study: Study, column: str) -> list[str]:
    warnings = checked_frames(study.about, study.tables, "frames").warnings
    return [
        f"{each.found}: {each.expected}"
        for each in warnings
        if (each.table, each.column) == ("intensities", column)
    ]


def test_the_figures_are_those_of_the_national_tables() -> None:
    study = read_study("china-provinces")
    nation = study.tables["activity"].filter(region="100000", year=2017)
    rows = nation.join(study.tables["industries"], on="industry").join(usual_table(), on="division")
    assert rows.height == usual_table().height == 17
    persons, millions = pl.col("employment") * 1e4, pl.col("output") * 100
    assert rows.select((persons / millions - pl.col("amount")).abs().max()).item() < 5e-5
    assert set(usual_table()["resource"]) == {"jobs"}
    assert usual_table()["source"].null_count() == 0


def test_a_usual_need_stands_in_where_the_divisions_lie_within_one_row() -> None:
    study = office()
    assert list(standing_in(study.about, study.tables, "jobs", 2017)) == ["06", "13"]
    electronics, food, other = stated_intensity(study, "jobs", ("06", "13", "20"), 2017)
    assert electronics == pytest.approx(1.8642e-6)
    assert food == pytest.approx(0.7694e-6)
    assert other != other


def test_a_figure_of_a_later_year_stands_in_for_nothing() -> None:
    """Or a backtest of earlier years would know what was found out after them."""
    study = office()
    assert standing_in(study.about, study.tables, "jobs", 2016) == {}
    assert np.isnan(stated_intensity(study, "jobs", ("06", "13"), 2016)).all()


def test_nothing_stands_in_for_an_industry_whose_employment_is_told() -> None:
    study = read_study("china-provinces")
    assert standing_in(study.about, study.tables, "jobs", 2017) == {}


def test_what_the_study_states_goes_first() -> None:
    stated = complete(
        "intensities",
        pl.DataFrame(
            {
                "industry": ["06"],
                "resource": ["jobs"],
                "amount": [3.0],
                "unit": ["persons per million CNY"],
            }
        ),
    )
    study = office(intensities=stated)
    assert list(standing_in(study.about, study.tables, "jobs", 2017)) == ["13"]
    assert stated_intensity(study, "jobs", ("06",), 2017) == pytest.approx([3e-6])


def test_output_per_mu_is_the_land_that_output_needs() -> None:
    rows = complete(
        "intensities",
        pl.DataFrame(
            {"industry": ["06"], "resource": ["land"], "amount": [400.0], "unit": ["万元/亩"]}
        ),
    )
    need = stated_intensity(office(intensities=rows), "land", ("06",), 2017)
    # 4 million yuan on a mu of 666.7 square metres.
    assert need == pytest.approx([1e4 / 15 / 4e6])


def test_check_says_what_stands_in_and_what_nothing_stands_in_for() -> None:
    study = office()
    instead, unknown = said(study, "jobs")
    assert "jobs per output of 2 industries not stated" in instead
    assert "National Bureau of Statistics" in instead
    assert "of 1 industries not known, and no published figure to stand for it: 20" in unknown
    (land,) = said(study, "land")
    assert "of 3 industries not known" in land and "10,000 CNY per mu" in land
    (energy,) = said(study, "energy")
    assert "tce per 10,000 CNY" in energy


def test_a_study_without_sites_or_in_another_currency_is_left_alone() -> None:
    study = office()
    none = replace(study, tables={**study.tables, "sites": study.tables["sites"].clear()})
    assert said(none, "land") == []
    about = replace(
        study.about, currency="EUR", units=replace(study.about.units, money="million EUR")
    )
    assert standing_in(about, study.tables, "jobs", 2017) == {}
    (land,) = said(replace(study, about=about), "land")
    assert "EUR per mu" in land and "CNY" not in land
