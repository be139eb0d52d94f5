"""Findings: every number comes from the plan."""

from dataclasses import replace

import polars as pl
import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.findings.plan import findings
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader


def text(plan: Plan, lang: str = "en") -> str:
    return "\n".join(findings(plan, Reader(plan.study, lang)))


def test_what_moves_is_the_sum_of_the_moves(plan: Plan, lang: str) -> None:
    assert amount(plan.moves["output"].sum(), Reader(plan.study, lang).money) in text(plan, lang)


def test_the_past_gives_the_shares_of_the_first_and_last_year(plan: Plan, lang: str) -> None:
    shares = plan.history.filter(pl.col("year").is_in([2012, 2017]))["share"]
    first = findings(plan, Reader(plan.study, lang))[0]
    assert all(percent(share) in first for share in shares)


def test_a_doubled_plan_says_doubled_numbers(plan: Plan) -> None:
    doubled = replace(plan, leaving=plan.leaving.with_columns(pl.col("output") * 2))
    assert amount(2 * plan.leaving["output"].sum(), Reader(plan.study, "en").money) in text(doubled)


def test_a_failed_certificate_is_said(plan: Plan) -> None:
    failed = replace(plan, certificate=replace(plan.certificate, relative_excess_demand=0.1))
    assert "must not be relied upon" in text(failed)
    assert "must not be relied upon" not in text(plan)


def test_employment_that_is_not_known_is_not_summed(plan: Plan) -> None:
    unknown = pl.when(pl.col("industry") == "07").then(None).otherwise(pl.col("jobs"))
    partly = replace(plan, leaving=plan.leaving.with_columns(jobs=unknown))
    assert "employment is not known" in text(partly)


def test_what_earlier_years_change_is_said(plan: Plan) -> None:
    assert "gains or loses as before; the difference is largest for" in text(plan)
    turned = plan.without_earlier.with_columns(net_without_earlier=-pl.col("net"))
    assert "input-output tables) the net change of" in text(replace(plan, without_earlier=turned))
    most = plan.without_earlier.sort("net")["region"][0]
    other = plan.without_earlier.with_columns(
        net_without_earlier=pl.when(pl.col("region") == most).then(0.0).otherwise(pl.col("net"))
    )
    assert "that loses most is" not in text(plan)
    assert "that loses most is" in text(replace(plan, without_earlier=other))
    assert "input-output tables)" not in text(
        replace(plan, without_earlier=plan.without_earlier.clear())
    )


def test_a_turn_without_the_flagged_regions_is_said(plan: Plan) -> None:
    turned = plan.without_flagged.with_columns(net_without=-pl.col("net"))
    assert "changes sign" in text(replace(plan, without_flagged=turned))
    assert "changes sign" not in text(plan)


def test_nothing_scarce_is_said(plan: Plan) -> None:
    none = plan.prices.with_columns(premium=pl.lit(0.0), scarce=pl.lit(False))
    assert "no scarcity premium" in text(replace(plan, prices=none))


def test_a_floor_price_where_room_is_left_is_no_scarcity(plan: Plan) -> None:
    floors = plan.prices.with_columns(premium=pl.lit(0.01), scarce=pl.lit(False))
    assert "no scarcity premium" in text(replace(plan, prices=floors))


def test_what_rounding_leaves_moves_nothing(plan: Plan) -> None:
    left = plan.leaving.with_columns(pl.col("output") * 1e-19)
    said = text(replace(plan, leaving=left))
    assert "e−" not in said and "not defined" not in said
    assert said.splitlines()[1:] == text(replace(plan, moves=plan.moves.clear())).splitlines()[1:]


def test_no_region_is_named_where_none_gains(plan: Plan) -> None:
    none = replace(
        plan,
        regions=plan.regions.with_columns(net=pl.lit(0.0)),
        macro_regions=plan.macro_regions.with_columns(net=pl.lit(0.0)),
    )
    assert "Largest net arrivals" in text(plan)
    assert "Largest net arrivals" not in text(none)
    assert "gains most (" not in text(none)


def test_a_turn_by_rounding_is_none(plan: Plan) -> None:
    noise = plan.without_flagged.with_columns(net_without=-1e-13 * pl.col("net"))
    assert "changes sign" not in text(replace(plan, without_flagged=noise))


def test_a_plan_without_moves_says_so(plan: Plan, lang: str) -> None:
    still = replace(plan, moves=plan.moves.clear(), reasons=plan.reasons.clear())
    assert len(findings(still, Reader(still.study, lang))) == 2


def test_the_largest_move_is_of_an_industry_in_the_findings(plan: Plan) -> None:
    thin = plan.moves.with_columns(
        output=pl.when(pl.col("industry") == "21").then(1e6).otherwise(pl.col("output"))
    ).sort("output", descending=True)
    said = [
        line
        for line in findings(replace(plan, moves=thin), Reader(plan.study, "en"))
        if "Largest flow" in line
    ]
    assert len(said) == 1
    assert "Instruments" not in said[0]


def test_the_example_tells_the_figures_own_story(example_plan: Plan) -> None:
    first = findings(example_plan, Reader(example_plan.study, "en"))[0]
    assert "East 61.2% → 59.4%" in first
    assert "Central 18.7% → 23.7%" in first


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_placeholder_is_left(plan: Plan, lang: str) -> None:
    assert "{" not in text(plan, lang)


def test_figures_stand_with_the_interval_of_the_draws(example_plan: Plan) -> None:
    said = " ".join(findings(example_plan, Reader(example_plan.study, "en")))
    central = example_plan.macro_regions.filter(macro_region="Central").row(0, named=True)
    unit = Reader(example_plan.study, "en").money
    low, high = amount(central["net_low"], unit), amount(central["net_high"], unit)
    assert f"net, interval {low} to {high}" in said
    assert f"Over {example_plan.uncertainty.cleared} draws" in said
    first = example_plan.sites.sort("rank").row(0, named=True)
    assert f"{first['rank_low']:.0f} to {first['rank_high']:.0f}" in said


def test_without_draws_no_interval_is_told(plan: Plan) -> None:
    from dataclasses import replace

    bare = plan.macro_regions.with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in ("net_low", "net_high", "gaining_share")
    )
    none = replace(plan.uncertainty, draws=0, cleared=0)
    said = findings(replace(plan, macro_regions=bare, uncertainty=none), Reader(plan.study, "en"))
    assert not any("draws" in sentence for sentence in said)
    assert "net;" in " ".join(said)
