"""What a plan says to whom is what stands in its tables."""

from collections.abc import Iterator

import polars as pl
import pytest

from tests.study.small import INDUSTRIES, REGIONS, small
from yanzhen.market.plan.destinations import Enterprise, NoSuchSeat, destinations
from yanzhen.market.plan.expected_entrants import leads, payoffs
from yanzhen.pipeline.planning import Planned, made_anew, plan_of_study
from yanzhen.report.findings.asker import Asker
from yanzhen.report.findings.briefs import (
    for_enterprise,
    for_ministry,
    for_province,
    for_zone,
)
from yanzhen.report.findings.first_page import figures, verdict
from yanzhen.report.findings.roles import answer_of
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang
from yanzhen.study.assumptions import used_parameters


@pytest.fixture(scope="module")
def made() -> Planned:
    study = small()
    return plan_of_study(study, used_parameters(study), made_anew, 2, (), made_anew)


def test_the_ministry_reads_the_first_page(made: Planned, lang: Lang) -> None:
    reader = Reader(made.plan.study, lang)
    said = for_ministry(made.plan, reader)
    assert (said.verdict, said.figures) == (verdict(made.plan, reader), figures(made.plan, reader))
    assert said.moves.height == made.plan.moves.height


@pytest.mark.parametrize("region", REGIONS)
def test_a_province_reads_its_row_and_sees_its_own_flows(
    made: Planned, lang: Lang, region: str
) -> None:
    reader = Reader(made.plan.study, lang)
    said = for_province(made.plan, region, reader)
    row = made.plan.regions.row(by_predicate=pl.col("region") == region, named=True)
    assert said.verdict == answer_of(made.plan, Asker("province", region), reader).verdict
    assert amount(abs(row["net"]), reader.size) in said.verdict
    within = reader.within(row["net_low"], row["net_high"], reader.size)
    shown = dict(said.figures)
    assert shown[reader.word("column.net")] == f"{amount(row['net'], reader.size)}{within}"
    ends = said.moves.select("origin", "destination_region").rows()
    assert ends and all((origin == region) != (end == region) for origin, end in ends)


def test_a_zone_reads_who_comes_first(made: Planned, lang: Lang) -> None:
    plan, reader = made.plan, Reader(made.plan.study, lang)
    site = plan.sites.sort("arrivals", descending=True)["site"][0]
    said = for_zone(plan, made.cleared, site, reader)
    row = plan.sites.row(by_predicate=pl.col("site") == site, named=True)
    assert said.verdict == answer_of(plan, Asker("zone", row["region"], site=site), reader).verdict
    formulation = made.cleared.formulation
    gain = payoffs(formulation, made.cleared.clearing.prices)
    place = formulation.room.sites["site"].to_list().index(site)
    first = leads(formulation, gain, place).row(0, named=True)
    label = reader.word("brief.zone.lead", **reader.named(first, "industry origin"))
    assert dict(said.figures)[label] == amount(first["expected"], reader.size)
    assert said.moves["destination"].unique().to_list() == [site]


def seats(made: Planned) -> Iterator[tuple[str, str]]:
    blocks = made.cleared.formulation.blocks
    yield from blocks.filter(pl.col("output") > 0).select("industry", "origin").unique().rows()


def test_an_enterprise_reads_the_best_site_or_that_it_stays(made: Planned, lang: Lang) -> None:
    plan, cleared, reader = made.plan, made.cleared, Reader(made.plan.study, lang)
    for industry, origin in seats(made):
        ranked = destinations(
            cleared.formulation, cleared.clearing.prices, Enterprise(industry, origin)
        ).drop_nulls("rank")
        said = for_enterprise(plan, cleared, industry, origin, reader)
        assert (
            said.verdict == answer_of(plan, Asker("enterprise", origin, industry), reader).verdict
        )
        staying = percent(1 - float(ranked["probability"].sum()), 0)
        assert dict(said.figures)[reader.word("brief.enterprise.staying")] == staying
        listed = plan.uncertainty.shortlists.filter(industry=industry, origin=origin)
        best = listed.row(0, named=True)
        label, figure = said.figures[0]
        assert label.endswith(reader.names.places[best["site"]])
        assert percent(best["cash"], 2) in figure
        assert percent(best["cash_low"], 2) in figure and percent(best["cash_high"], 2) in figure


def test_an_enterprise_that_is_not_there_is_refused(made: Planned) -> None:
    with pytest.raises(NoSuchSeat):
        for_enterprise(
            made.plan, made.cleared, INDUSTRIES[-1], REGIONS[0], Reader(made.plan.study, "en")
        )
