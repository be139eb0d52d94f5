"""The ledger of a plan adds up, year by year, and flags what is hollowed out."""

import numpy as np
import polars as pl
import pytest

from tests.declared import undeclared
from tests.study.small import small
from yanzhen.effects.accounting import HollowingLimits, accounting, rules_of
from yanzhen.effects.plan_accounts import measures_before
from yanzhen.market.equilibrium.cleared_study import clear_study
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.pipeline import plan_study
from yanzhen.study import require_checked

REGIONS, INDUSTRIES = ("a", "b", "c"), ("x", "y")
OUTPUT = np.array([[100.0, 50.0], [40.0, 80.0], [np.nan, 10.0]])
JOBS = np.array([[20.0, 5.0], [10.0, np.nan], [np.nan, 4.0]])
LIMITS = HollowingLimits(region=0.2, industry=0.3, specialised=1.0)


def moves(*rows: tuple[int, str, str, float, float]) -> pl.DataFrame:
    names = ["year", "industry", "region", "departures", "arrivals"]
    return pl.DataFrame(list(rows), schema=names, orient="row")


SCHEDULE = moves(
    (2018, "x", "a", 20.0, 0.0),
    (2018, "x", "b", 0.0, 20.0),
    (2019, "x", "a", 30.0, 0.0),
    (2019, "x", "b", 10.0, 40.0),
)


def cell(frame: pl.DataFrame, **keys: object) -> dict[str, object]:
    return frame.filter(*(pl.col(name) == value for name, value in keys.items())).row(0, named=True)


def test_cells_by_hand() -> None:
    found = accounting(REGIONS, INDUSTRIES, {"output": OUTPUT, "jobs": JOBS}, SCHEDULE, LIMITS)
    assert undeclared(found) == []
    first = cell(found.ledger, year=2018, region="a", industry="x", measure="output")
    assert (first["departures"], first["after"], first["kept"]) == (20.0, 80.0, 0.8)
    last = cell(found.ledger, year=2019, region="a", industry="x", measure="output")
    assert (last["departures"], last["after"], last["kept"]) == (50.0, 50.0, 0.5)
    # 50 leave a with 0.2 jobs each, 10 leave b with 0.25: 12.5 jobs on 60 of output.
    jobs = cell(found.ledger, year=2019, region="b", industry="x", measure="jobs")
    assert (jobs["departures"], jobs["arrivals"]) == (2.5, pytest.approx(12.5))
    assert jobs["after"] == pytest.approx(20.0)


def test_what_is_not_known_stays_unknown() -> None:
    found = accounting(REGIONS, INDUSTRIES, {"output": OUTPUT, "jobs": JOBS}, SCHEDULE, LIMITS)
    unknown = cell(found.ledger, year=2018, region="b", industry="y", measure="jobs")
    assert unknown["before"] is unknown["after"] is unknown["kept"] is None
    whole = cell(found.regions, year=2018, region="b", measure="jobs")
    assert whole["before"] is None and whole["departures"] == 0.0
    leaves = moves((2018, "y", "b", 5.0, 0.0), (2018, "y", "a", 0.0, 5.0))
    moved = accounting(REGIONS, INDUSTRIES, {"output": OUTPUT, "jobs": JOBS}, leaves, LIMITS)
    for region, column in (("b", "departures"), ("a", "arrivals")):
        row = cell(moved.ledger, year=2018, region=region, industry="y", measure="jobs")
        assert row[column] is None


def test_places_beyond_the_limits_are_flagged_with_their_rule() -> None:
    found = accounting(REGIONS, INDUSTRIES, {"output": OUTPUT}, SCHEDULE, LIMITS).hollowing
    assert found.rows() == [
        ("a", "x", "specialised_industry", 0.5, 0.3),
        ("a", None, "region", pytest.approx(50 / 150), 0.2),
    ]
    wider = HollowingLimits(region=0.4, industry=0.5)
    assert accounting(REGIONS, INDUSTRIES, {"output": OUTPUT}, SCHEDULE, wider).hollowing.is_empty()
    assert set(found["reason"]) <= set(rules_of(LIMITS))
    assert "30%" in rules_of(LIMITS)["specialised_industry"][0]


def test_moves_of_the_unknown_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\['z'\]"):
        accounting(REGIONS, INDUSTRIES, {"output": OUTPUT}, moves((2018, "x", "z", 1, 0)), LIMITS)
    with pytest.raises(ValueError, match="no output among"):
        accounting(REGIONS, INDUSTRIES, {"jobs": JOBS}, SCHEDULE, LIMITS)


def test_the_books_of_a_plan_add_up() -> None:
    plan = plan_study(small())
    cleared = clear_study(study_inputs(require_checked(small())))
    panel = cleared.inputs.panel
    found = accounting(
        panel.regions, panel.industries, measures_before(cleared), plan.schedule, LIMITS
    )
    last = found.regions.filter(year=plan.period[1], measure="output").sort("region")
    both = last.join(plan.regions, on="region", suffix="_of_plan")
    np.testing.assert_allclose(both["departures"], both["departures_of_plan"], rtol=1e-9)
    np.testing.assert_allclose(both["arrivals"], both["arrivals_of_plan"], rtol=1e-9)
    np.testing.assert_allclose(both["before"], both["output"], rtol=1e-9)
    by_industry = found.ledger.drop_nulls().group_by("year", "industry", "measure")
    for row in by_industry.agg(pl.col("departures", "arrivals").sum()).iter_rows(named=True):
        if row["measure"] in ("output", "jobs", "emissions"):
            assert row["arrivals"] == pytest.approx(row["departures"], rel=1e-9)
    jobs = found.regions.filter(year=plan.period[1], measure="jobs").sort("region")
    leaving = jobs.join(plan.regions, on="region")
    np.testing.assert_allclose(leaving["departures"], leaving["jobs_leaving"], rtol=1e-9)
