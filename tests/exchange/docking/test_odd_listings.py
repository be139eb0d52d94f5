"""One listing that the market cannot take is left out with the reason, and the others clear."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.exchange.docking.cleared import DAY, cleared, identity, listed
from tests.study.small_modes import small_modes
from yanzhen.exchange.docking.clearing import ExchangeClearing, clear_listed
from yanzhen.exchange.docking.offers import NotTaken
from yanzhen.exchange.docking.shortlists import shortlist
from yanzhen.exchange.listings.kinds import Content, Need, Project, Room, Site
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.study import Study
from yanzhen.study.tables import TABLES

PROJECTS = [identity("project", number) for number in range(12)]
SITES = [identity("site", number) for number in range(6)]


def site(**said: object) -> Site:
    found = listed()[SITES[0]]
    assert isinstance(found, Site)
    return replace(found, **said)  # type: ignore[arg-type]


def project(number: int, *needs: Need) -> Project:
    """A listed project that needs some more."""
    found = listed()[PROJECTS[number]]
    assert isinstance(found, Project)
    return replace(found, needs=(*found.needs, *needs))


def clearing(changed: dict[str, Content], study: Study | None = None) -> ExchangeClearing:
    inputs = cleared().inputs if study is None else study_inputs(study)
    return clear_listed(inputs, list({**listed(), **changed}.items()), DAY)


def left_out(found: ExchangeClearing) -> set[tuple[str, str, str | None]]:
    return set(found.left_out.iter_rows())


def with_policy(instrument: str, industry: str | None) -> Study:
    study, empty = small_modes(), TABLES["policies"].create_empty()
    row = {"policy": "p", "instrument": instrument, "value": 1.0, "industry": industry}
    policies = pl.concat([empty, pl.DataFrame([row])], how="diagonal_relaxed")
    tables = {**study.tables, "policies": policies.cast(dict(empty.schema))}
    return replace(study, tables=tables)


@pytest.mark.parametrize(
    ("instrument", "resource", "unit"),
    [("subsidy_per_energy", "energy", "tce"), ("subsidy_per_land", "land", "mu")],
)
def test_a_project_whose_paid_need_is_unknown_is_left_out_alone(
    instrument: str, resource: str, unit: str
) -> None:
    """The study knows no energy and no land; projects 0, 3, 6 and 9 are of the paid industry."""
    silent = replace(project(0), needs=project(0).needs[:1])
    odd: dict[str, Content] = {PROJECTS[0]: silent}
    if resource == "energy":
        saying = Need("energy", 100.0, unit)  # type: ignore[arg-type]
        odd |= {PROJECTS[number]: project(number, saying) for number in (3, 6, 9)}
    found = clearing(odd, with_policy(instrument, "06"))
    # Land has a limit at every site too, so that it is left out for that alone, and once.
    lacking = {resource, "land"}
    assert left_out(found) == {(PROJECTS[0], "need_unknown", each) for each in lacking}
    assert found.projects["project"].to_list() == PROJECTS[1:]
    assert found.certificate.passed
    with pytest.raises(NotTaken, match="need_unknown") as caught:
        shortlist(found, study_inputs(with_policy(instrument, "06")), PROJECTS[0], silent)
    assert set(caught.value.resource.split(", ")) == lacking


def test_jobs_that_nobody_states_are_those_of_the_industry() -> None:
    found = clearing({}, with_policy("subsidy_per_job", None))
    assert left_out(found) == set() and found.projects.height == len(PROJECTS)
    assert (found.paid > 0).all()


def test_a_limited_need_that_one_project_leaves_open_leaves_out_that_project() -> None:
    silent = replace(project(0), needs=project(0).needs[:1])
    found = clearing({PROJECTS[0]: silent})
    assert left_out(found) == {(PROJECTS[0], "need_unknown", "land")}
    assert found.certificate.passed and found.projects.height == len(PROJECTS) - 1


def test_room_that_hardly_anybody_measures_does_not_count() -> None:
    """Neither the study nor the projects know energy: one site's limit would stop them all."""
    energy = Room("energy", 10.0, "tce")
    odd: dict[str, Content] = {
        SITES[0]: site(room=(*site().room, energy)),
        "only": site(room=(energy,)),
        PROJECTS[1]: project(1, Need("energy", 100.0, "tce")),
    }
    found = clearing(odd)
    assert left_out(found) == {
        (SITES[0], "not_measured", "energy"),
        ("only", "not_measured", "energy"),
    }
    np.testing.assert_array_equal(found.premium, cleared().clearing.premium)
    # Once most projects say what they need of it, it counts, and who says nothing is left out.
    said = {each: project(n, Need("energy", 1.0, "tce")) for n, each in enumerate(PROJECTS[:8])}
    found = clearing({**odd, **said})
    assert left_out(found) == {(each, "need_unknown", "energy") for each in PROJECTS[8:]}
    assert "energy" in found.terrain.room.resources


def test_a_resource_without_limit_or_price_asks_nothing_of_projects() -> None:
    free = Room("emissions", None, "t CO2"), Room("energy", None, "tce")
    found = clearing({SITES[0]: site(room=(*site().room, *free))})
    assert {each for each, _, _ in left_out(found)} <= {SITES[0]}
    assert found.projects.height == len(PROJECTS)
    np.testing.assert_allclose(found.premium[:, -2:], cleared().clearing.premium[:, -2:], atol=1e-6)


def test_a_site_without_room_takes_nobody() -> None:
    found = clearing({"empty": site(room=())})
    assert left_out(found) == {("empty", "no_room", None)}
    np.testing.assert_array_equal(found.premium, cleared().clearing.premium)


def test_an_amount_that_no_number_holds_is_left_out() -> None:
    huge = replace(project(0), needs=(Need("output", 1e308, "billion CNY"),))
    found = clearing({"huge": huge})
    assert left_out(found) == {("huge", "unknown_unit", None)}
    assert found.certificate.passed


def small(output: float, land: float) -> Project:
    said = Need("output", output, "billion CNY"), Need("land", land, "mu")
    return replace(project(0), needs=said)


@pytest.mark.parametrize(
    ("odd", "resource"),
    [
        (small(1e-9, 1.0), "size"),
        (small(1.0, 1e9), "land"),
        (site(room=(Room("land", 1e-12, "ha"),)), "land"),
    ],
)
def test_a_listing_out_of_all_proportion_does_not_stop_the_market(
    odd: Content, resource: str
) -> None:
    """A project of one yuan that needs a mu of land: without a rule nobody would have prices."""
    found = clearing({"odd": odd})
    np.testing.assert_array_equal(found.premium, cleared().clearing.premium)
    assert left_out(found) == {("odd", "implausible", resource)}
    assert found.certificate.passed


def test_what_is_odd_but_clears_takes_part() -> None:
    found = clearing({"odd": small(1e3, 10.0)})
    assert left_out(found) == set() and "odd" in found.projects["project"]


def test_where_nothing_is_odd_a_market_that_does_not_clear_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(market: object, tolerance: float) -> None:
        raise NoPrices("none")

    monkeypatch.setattr("yanzhen.exchange.docking.clearing.clear", never)
    with pytest.raises(NoPrices):
        clearing({})


def test_listed_room_is_not_scaled() -> None:
    given = cleared()
    doubled = given.inputs.with_values({"room_scale": 2.0})
    found = clear_listed(doubled, list(given.listed.items()), DAY)
    assert found.prices["capacity"].equals(given.clearing.prices["capacity"])
    first = next(each for each in site().room if each.resource == "output")
    said = found.prices.filter(site=SITES[0], resource="output")["capacity"]
    assert said.to_list() == [first.amount]


def test_a_study_that_measures_jobs_takes_room_for_output() -> None:
    study = small_modes()
    study = replace(study, about=replace(study.about, size="employment", synthetic=False))
    jobs = Need("jobs", 100.0, "persons")
    found = clearing({each: project(n, jobs) for n, each in enumerate(PROJECTS)}, study)
    assert left_out(found) == set() and found.certificate.passed
    assert {"output", "land"} <= set(found.terrain.room.resources)


def test_a_clearing_is_as_sure_as_the_least_sure_that_took_part() -> None:
    assert clearing({}).status == "synthetic"
    study = small_modes()
    real = replace(study, about=replace(study.about, synthetic=False))
    assert clearing({}, real).status == "observed"
    assert clearing({SITES[0]: site(status="estimated")}, real).status == "estimated"
    made_up = replace(project(0), status="synthetic")
    assert clearing({PROJECTS[0]: made_up}, real).status == "synthetic"
    elsewhere = replace(made_up, origin="999999")
    assert clearing({"odd": elsewhere}, real).status == "observed"
