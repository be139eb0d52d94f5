"""From a study's tables to the market: sites, room, gates, floors, enterprises, departures."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.study.small import REGIONS, small
from yanzhen.market.plan.plan import Plan
from yanzhen.market.problem.capacity import annuity
from yanzhen.pipeline import plan_study
from yanzhen.study import TABLES, Study, StudyError
from yanzhen.study.coverage import Coverage

INDUSTRY = "industry"


def with_table(study: Study, name: str, rows: list[dict[str, object]]) -> Study:
    """The study with a table made of rows; columns they don't name are null."""
    schema = {column: kind.dtype for column, kind in TABLES[name].columns().items()}
    frame = pl.DataFrame(rows, schema=schema, infer_schema_length=None)
    return replace(study, tables={**study.tables, name: frame})


def room(capacity: float = 2000.0, **more: object) -> list[dict[str, object]]:
    return [
        {"place": region, "resource": "output", "capacity": capacity, **more} for region in REGIONS
    ]


def declared(study: Study, **coverage: object) -> Study:
    """The study with another `[coverage]`."""
    return replace(study, about=replace(study.about, coverage=Coverage(**coverage)))  # type: ignore[arg-type]


def industry_of(study: Study) -> str:
    return str(
        study.tables["industries"].filter(pl.col("sector") == "manufacturing")[INDUSTRY].sort()[0]
    )


def premium(plan: Plan, place: str, resource: str = "output") -> float:
    found = plan.prices.filter(pl.col("place") == place, pl.col("resource") == resource)
    return float(found["premium"].item())


def test_declared_room_replaces_the_past() -> None:
    plan = plan_study(with_table(small(), "resources", room(900.0)))
    assert plan.prices["capacity"].unique().to_list() == [900.0]
    assert plan.sites["room_growth"].null_count() == plan.sites.height


def test_scarce_room_has_a_price_and_ample_room_none() -> None:
    ample = plan_study(with_table(small(), "resources", room(1e6)))
    scarce = plan_study(with_table(small(), "resources", room(700.0)))
    assert ample.prices["premium"].max() == 0
    assert scarce.prices["premium"].max() > 0


def test_a_price_floor_above_the_posted_price_is_kept() -> None:
    rows = room(1e6, posted_price=0.01, price_floor=0.03)
    plan = plan_study(with_table(small(), "resources", rows))
    np.testing.assert_allclose(plan.prices["premium"], 0.02)
    np.testing.assert_allclose(plan.prices["floor"], 0.02)


def test_one_off_prices_are_spread_over_years() -> None:
    rows = room(1e6, posted_price=1.0, one_off=True)
    plan = plan_study(with_table(small(), "resources", rows))
    np.testing.assert_allclose(plan.prices["posted"], annuity(0.08, 10))


def test_annuity_pays_back_what_it_costs() -> None:
    payment = annuity(0.08, 10)
    assert sum(payment / 1.08**year for year in range(1, 11)) == pytest.approx(1)
    assert annuity(0.0, 4) == 0.25


def test_a_posted_price_drives_movers_away() -> None:
    free = plan_study(with_table(small(), "resources", room(1e6)))
    rows = room(1e6)
    rows[0]["posted_price"] = 0.05
    dear = plan_study(with_table(small(), "resources", rows))
    arrivals = [
        plan.sites.filter(pl.col("site") == REGIONS[0])["arrivals"].item() for plan in (free, dear)
    ]
    assert arrivals[1] < 0.5 * arrivals[0]
    assert "posted_price" in dear.reasons["term"].unique()


def test_a_group_limits_the_sites_below_it() -> None:
    study = small()
    nation = study.tables["regions"].filter(pl.col("parent").is_null())["region"].item()
    jobs = study.tables["activity"].with_columns(employment=pl.col("output") * 0.01)
    study = replace(study, tables={**study.tables, "activity": jobs})
    rows = [*room(1e6), {"place": nation, "resource": "emissions", "capacity": 1e6}]
    emissions = study.tables["activity"].with_columns(emissions=pl.col("output") * 0.001)
    study = replace(study, tables={**study.tables, "activity": emissions})
    plan = plan_study(with_table(study, "resources", rows))
    group = plan.prices.filter(pl.col("place_kind") == "group").row(0, named=True)
    assert group["place"] == nation
    assert group["demand"] == pytest.approx(0.001 * plan.moves["output"].sum())


def test_a_resource_of_unknown_need_is_refused_by_name() -> None:
    rows = [*room(), {"place": REGIONS[0], "resource": "land", "capacity": 10.0}]
    with pytest.raises(StudyError, match=r"'land' limited.*enterprises\.land"):
        plan_study(with_table(small(), "resources", rows))


def test_the_catalogue_closes_a_place_to_an_industry() -> None:
    study = with_table(small(), "rules", [{"rule": "R1"}])
    barred = industry_of(study)
    rows: list[dict[str, object]] = [
        {"place": REGIONS[1], "industry": barred, "listing": "no_longer_undertaken", "rule": "R1"}
    ]
    plan = plan_study(with_table(study, "catalogue", rows))
    arriving = plan.moves.filter(pl.col("destination") == REGIONS[1], pl.col("industry") == barred)
    assert arriving.is_empty()
    refused = plan.refused.select("industry", "site", "listing", "rule")
    assert refused.rows() == [(barred, REGIONS[1], "no_longer_undertaken", "R1")]


def test_priority_refuses_nobody() -> None:
    study = with_table(small(), "rules", [{"rule": "R1"}])
    rows: list[dict[str, object]] = [
        {"place": REGIONS[1], "industry": industry_of(study), "listing": "priority", "rule": "R1"}
    ]
    assert plan_study(with_table(study, "catalogue", rows)).refused.is_empty()


def test_a_region_without_room_takes_nobody() -> None:
    rows = room(1e5)
    rows[2]["capacity"] = 0.0
    plan = plan_study(with_table(small(), "resources", rows))
    assert plan.moves.filter(pl.col("destination") == REGIONS[2]).is_empty()
    assert set(plan.refused["listing"]) == {"no_room"}


def test_sites_inside_regions_take_the_region_s_own_enterprises_too() -> None:
    study = with_table(
        small(),
        "sites",
        [{"site": f"Z{k}", "region": region} for k, region in enumerate(REGIONS)],
    )
    rows: list[dict[str, object]] = [
        {"place": f"Z{k}", "resource": "output", "capacity": 1e5} for k in range(len(REGIONS))
    ]
    plan = plan_study(with_table(study, "resources", rows))
    own = plan.moves.filter(pl.col("origin") == REGIONS[0], pl.col("destination") == "Z0")
    assert own.height > 0


def enterprises(study: Study) -> list[dict[str, object]]:
    return [
        {
            "enterprise": f"E{k}",
            "industry": industry_of(study),
            "origin": region,
            "count": 4,
            "output": 10.0 + k,
            "land": 2.0,
        }
        for k, region in enumerate(REGIONS)
    ]


def test_listed_enterprises_replace_regional_output() -> None:
    study = declared(with_table(small(), "enterprises", enterprises(small())), enterprises="all")
    plan = plan_study(with_table(study, "resources", room()))
    assert set(plan.moves["industry"]) == {industry_of(study)}
    stay_and_go = plan.moves.group_by("origin").agg(pl.col("enterprises").sum())
    assert (stay_and_go["enterprises"] < 4).all()
    assert (stay_and_go["enterprises"] > 0).all()


def test_listed_enterprises_use_land() -> None:
    study = declared(with_table(small(), "enterprises", enterprises(small())), enterprises="all")
    rows: list[dict[str, object]] = [
        {"place": region, "resource": "land", "capacity": 0.6} for region in REGIONS
    ]
    plan = plan_study(with_table(study, "resources", rows))
    assert plan.prices["resource"].unique().to_list() == ["land"]
    assert (plan.prices["demand"] <= 0.6 * (1 + 1e-6)).all()


def test_an_enterprise_without_output_is_named() -> None:
    rows = enterprises(small())
    rows[1]["output"] = None
    study = declared(with_table(small(), "enterprises", rows), enterprises="all")
    with pytest.raises(StudyError, match="row 2, column output"):
        plan_study(study)


def test_one_year_without_moves_asks_what_leaves() -> None:
    study = small()
    last = study.tables["activity"].filter(pl.col("year") == pl.col("year").max())
    one_year = replace(study, tables={**study.tables, "activity": last})
    with pytest.raises(StudyError, match="departure_share"):
        plan_study(with_table(one_year, "resources", room()))


def moved(study: Study, *years: int) -> list[dict[str, object]]:
    return [
        {
            "move": f"M{year}",
            "industry": industry_of(study),
            "origin": REGIONS[0],
            "destination": REGIONS[1],
            "year": year,
            "output": 30.0,
        }
        for year in years
    ]


def left_the_east(plan: Plan) -> float:
    there = pl.col("origin_macro_region") == "East"
    return float(
        plan.moves.filter(pl.col("industry") == industry_of(plan.study), there)["output"].sum()
    )


@pytest.mark.parametrize(
    ("years", "coverage", "expected"),
    [
        ((2016,), {}, 150.0),
        ((2013, 2014, 2015, 2016, 2017), {}, 150.0),
        ((2013, 2017), {}, 60.0),
        ((2016,), {"moves_from": 2013, "moves_to": 2017}, 30.0),
        ((2012, 2016), {"moves_from": 2015}, 75.0),
    ],
)
def test_observed_moves_are_averaged_over_the_years_that_the_table_covers(
    years: tuple[int, ...], coverage: dict[str, object], expected: float
) -> None:
    study = declared(with_table(small(), "moves", moved(small(), *years)), **coverage)
    assert left_the_east(plan_study(study)) == pytest.approx(expected)


def test_a_cell_without_moves_in_covered_years_loses_the_floor_alone() -> None:
    study = with_table(small(), "moves", moved(small(), 2016))
    plan = plan_study(study)
    others = plan.industries.filter(pl.col("industry") != industry_of(study), "in_findings")
    assert others["departures_assumed"].all()
    np.testing.assert_allclose(others["departure_share"], 0.001)


def test_more_departures_than_an_industry_has_are_flagged() -> None:
    rows = moved(small(), 2016)
    rows[0]["output"] = 1e6
    clipped = plan_study(with_table(small(), "moves", rows)).industries.filter("departures_clipped")
    assert clipped["industry"].to_list() == [industry_of(small())]
    assert plan_study(small()).industries.filter("departures_clipped").is_empty()


def test_an_unknown_parameter_suggests_the_right_one() -> None:
    rows: list[dict[str, object]] = [
        {"parameter": "sigmma", "value": 0.1, "unit": "margin", "source": "assumption"}
    ]
    with pytest.raises(StudyError, match="expected 'sigma'"):
        plan_study(with_table(small(), "parameters", rows))
