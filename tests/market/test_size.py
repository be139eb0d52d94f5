"""A market in employment is that in output: the same choices, and no money that nothing tells."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.market.problem.test_formulation import with_table
from tests.study.small import REGIONS, small, small_in
from yanzhen.market.equilibrium.cleared_study import clear_study
from yanzhen.market.plan.offers import response
from yanzhen.market.plan.plan import Plan
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.pipeline import compare_study, plan_study
from yanzhen.report.findings.scenarios import scenario_findings
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, WantOfData

ROUTE = ["industry", "origin", "destination"]
PAID: list[dict[str, object]] = [
    {"policy": "P", "instrument": "subsidy_per_output", "value": 0.02, "place": REGIONS[4]}
]
CAPACITY = 300.0


def tight(study: Study, resource: str, capacity: float) -> Study:
    """The study with little room in one region, and a subsidy in another."""
    rows: list[dict[str, object]] = [
        {"place": REGIONS[4], "resource": resource, "capacity": capacity}
    ]
    return with_table(with_table(study, "resources", rows), "policies", PAID)


@pytest.fixture(scope="module")
def in_output() -> Plan:
    return plan_study(tight(small(), "output", CAPACITY))


@pytest.fixture(scope="module")
def in_jobs() -> Plan:
    return plan_study(tight(small_in("employment"), "jobs", CAPACITY / 100))


def test_the_same_enterprises_go_to_the_same_places(in_output: Plan, in_jobs: Plan) -> None:
    sizes = in_output.moves.select(*ROUTE, pl.col("output") / 100, "gain", "price")
    assert_frame_equal(in_jobs.moves.select(sizes.columns), sizes, rel_tol=1e-6)


def test_a_premium_on_room_for_jobs_is_the_same_share_of_output(
    in_output: Plan, in_jobs: Plan
) -> None:
    told = [plan.prices.filter("scarce").sort("place") for plan in (in_output, in_jobs)]
    assert REGIONS[4] in told[0]["place"]
    assert told[1]["place"].to_list() == told[0]["place"].to_list()
    assert set(told[1]["resource"]) == {"jobs"}
    assert told[1]["premium"].to_list() == pytest.approx(told[0]["premium"].to_list(), rel=1e-6)


def test_what_is_money_is_left_out(in_jobs: Plan, in_output: Plan) -> None:
    for table, names in (
        ("moves", ["price_paid", "surplus"]),
        ("prices", ["rent"]),
        ("regions", ["rents"]),
        ("policies", ["public_money", "rents", "enterprise_surplus", "social_surplus"]),
    ):
        left_out, told = getattr(in_jobs, table), getattr(in_output, table)
        assert left_out.height == told.height > 0
        assert left_out.select(names).null_count().row(0) == (left_out.height,) * len(names)
        assert told.select(names).null_count().row(0) == (0,) * len(names)


def test_a_job_needs_one_job_wherever_it_is(in_jobs: Plan) -> None:
    assert in_jobs.moves["jobs"].to_list() == pytest.approx(in_jobs.moves["output"].to_list())


def test_an_offer_brings_the_same_and_its_outlay_is_not_told() -> None:
    found = {}
    for name, study in (
        ("output", tight(small(), "output", CAPACITY)),
        ("employment", tight(small_in("employment"), "jobs", CAPACITY / 100)),
    ):
        cleared = clear_study(study_inputs(study))
        offers = pl.Series([0.0, 0.05]).to_numpy()
        found[name] = response(cleared.formulation, cleared.clearing.prices, 0, offers)
    arrivals = (found["output"]["arrivals"] / 100).to_list()
    assert found["employment"]["arrivals"].to_list() == pytest.approx(arrivals, rel=1e-6)
    assert found["employment"]["outlay"].null_count() == 2
    assert found["output"]["outlay"].null_count() == 0


def test_a_scenario_moves_the_same_and_tells_no_money() -> None:
    said = {}
    for name, study in (("output", small()), ("employment", small_in("employment"))):
        plan, compared = compare_study(study, ["west_subsidy"])
        said[name] = dict(compared.totals.select("measure", "change").iter_rows())
        assert scenario_findings(plan, compared, Reader(plan.study, "en"))
        assert (compared.subsidies["outlay"].null_count() > 0) == (name == "employment")
    assert said["output"]["subsidy"] > 0
    assert said["employment"]["moving_output"] == pytest.approx(
        said["output"]["moving_output"] / 100, rel=1e-6
    )
    for measure in ("subsidy", "rents", "social_surplus", "capitalised"):
        assert said["employment"][measure] is None


def test_a_race_of_subsidies_takes_output() -> None:
    with pytest.raises(WantOfData, match="of which a share is no money"):
        compare_study(small_in("employment"), ["race"])


def test_enterprises_count_by_their_jobs() -> None:
    rows: list[dict[str, object]] = [
        {"enterprise": "E", "industry": "06", "origin": REGIONS[0], "count": 2, "jobs": 1.5}
    ]
    study = with_table(small_in("employment"), "enterprises", rows)
    blocks = clear_study(study_inputs(study)).formulation.blocks
    listed = blocks.filter(industry="06", origin=REGIONS[0], enterprises=2.0)
    assert listed["output"].to_list() == [3.0]
    assert set(blocks["jobs_per_output"]) == {1.0}


def test_moves_seen_are_counted_in_what_sizes_are() -> None:
    rows: list[dict[str, object]] = [
        {
            "move": "M",
            "industry": "06",
            "origin": REGIONS[0],
            "destination": REGIONS[1],
            "year": 2015,
            "employment": 2.0,
        }
    ]
    study = with_table(small_in("employment"), "moves", rows)
    gone = clear_study(study_inputs(study)).formulation.departures
    seen = gone.filter(industry="06", macro_region="East")
    assert seen["departures"].to_list() == pytest.approx([2.0 * 5])
