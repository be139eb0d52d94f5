"""What a plan says to each reader is the plan's, with its interval or that it has none."""

from dataclasses import replace

import polars as pl
import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.figures.role_map import role_map
from yanzhen.report.findings.asker import ROLES, NotAsked, asker, flows_of
from yanzhen.report.findings.roles import answer_of
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang, word

NO_DRAWS = ("leaving", "arrivals", "departures", "shortlists")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_a_verdict_three_figures_and_their_grounds(
    example_plan: Plan, role: str, lang: Lang
) -> None:
    reader = Reader(example_plan.study, lang)
    said = answer_of(example_plan, asker(example_plan, role), reader)
    assert said.verdict and len(said.figures) == 3
    bounds = word(lang, "role.interval", low="|", high="|").split("|")
    for figure in said.figures:
        assert figure.label and figure.value
        assert all(part in figure.interval for part in bounds)
    source = example_plan.parameters["source"]
    counted = word(
        lang,
        "first_page.assumed",
        assumed=int((source == "assumption").sum()),
        count=len(source),
    )
    drawn = word(lang, "role.drawn", draws=example_plan.uncertainty.cleared)
    assert said.rests_on[:2] == (counted, drawn)


def test_an_enterprise_is_told_the_first_of_its_shortlist(example_plan: Plan) -> None:
    reader = Reader(example_plan.study, "en")
    who = asker(example_plan, "enterprise", region="310000")
    assert who.region == "310000" and who.industry
    best = example_plan.uncertainty.shortlists.filter(origin="310000", industry=who.industry)
    row = best.row(0, named=True)
    said = answer_of(example_plan, who, reader)
    assert reader.names.places[row["site"]] in said.verdict
    assert percent(row["cash"], 2) in said.figures[0].value
    assert percent(row["cash_low"], 2) in said.figures[0].interval
    left = example_plan.leaving.filter(origin="310000", industry=who.industry)["output"][0]
    assert said.figures[1].value == amount(left, reader.size)


def test_a_province_is_told_its_balance(example_plan: Plan) -> None:
    reader = Reader(example_plan.study, "zh")
    row = example_plan.regions.filter(region="320000").row(0, named=True)
    said = answer_of(example_plan, asker(example_plan, "province", region="320000"), reader)
    net, come, gone = (figure.value for figure in said.figures)
    assert net == amount(row["net"], reader.size)
    assert come == amount(row["arrivals"], reader.size)
    assert gone == amount(row["departures"], reader.size)
    assert "净转出" in said.verdict and row["net"] < 0


def test_a_zone_of_a_region_is_the_one_that_receives_most(example_plan: Plan) -> None:
    who = asker(example_plan, "zone", region="340000")
    inside = example_plan.sites.filter(region="340000").sort("arrivals", descending=True)
    assert who.site == inside["site"][0]
    assert set(flows_of(example_plan, who)["destination"]) == {who.site}


@pytest.mark.parametrize("role", ROLES)
def test_without_draws_a_figure_says_that_it_has_no_interval(
    example_plan: Plan, role: str, lang: Lang
) -> None:
    bare = {name: getattr(example_plan.uncertainty, name).clear() for name in NO_DRAWS}
    nothing = pl.lit(None, pl.Float64)
    plan = replace(
        example_plan,
        uncertainty=replace(example_plan.uncertainty, cleared=0, **bare),
        **{
            name: getattr(example_plan, name).with_columns(
                pl.selectors.ends_with("_low", "_high", "gaining_share") * nothing
            )
            for name in ("moves", "sites", "regions", "macro_regions", "prices")
        },
    )
    said = answer_of(plan, asker(plan, role), Reader(plan.study, lang))
    none = word(lang, "role.no_interval")
    assert said.figures and {figure.interval for figure in said.figures} == {none}
    assert word(lang, "role.not_drawn") in said.rests_on


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("role", {"role": "nobody"}),
        ("region", {"role": "province", "region": "999999"}),
        ("industry", {"role": "enterprise", "industry": "99"}),
        ("site", {"role": "zone", "site": "999999"}),
    ],
)
def test_what_the_plan_does_not_have_is_named(plan: Plan, what: str, asked: dict[str, str]) -> None:
    with pytest.raises(NotAsked) as refused:
        asker(plan, **asked)
    assert (refused.value.what, refused.value.code) == (what, asked[what])


@pytest.mark.parametrize("role", ROLES)
def test_every_region_of_the_map_can_be_pressed(plan: Plan, role: str, lang: Lang) -> None:
    who = asker(plan, role)
    spec = role_map(plan, who, Reader(plan.study, lang)).to_dict()
    marked = [row.get("properties", row) for rows in spec["datasets"].values() for row in rows]
    areas = {row["region"]: row for row in marked if "chosen" in row}
    assert set(areas) == set(plan.regions["region"])
    chosen = {code for code, row in areas.items() if row["chosen"]}
    assert chosen == ({who.region} if who.region else set())


def test_regions_without_boundaries_are_dots(foreign_plan: Plan) -> None:
    spec = role_map(
        foreign_plan, asker(foreign_plan, "province"), Reader(foreign_plan.study, "en")
    ).to_dict()
    marks = {layer.get("mark", {}).get("type") for layer in spec["layer"] if "mark" in layer}
    assert "circle" in marks
