"""SYNTHETIC plans: made-up numbers in the shape of a plan, for looking at reports."""

from dataclasses import fields

import numpy as np
import polars as pl

from tests.report import synthetic_tables as tables
from tests.report.synthetic_places import (
    INDUSTRIES,
    PROVINCES,
    SITE,
)
from yanzhen.market.counterfactuals.extensions import CHAINS, OPTIONS, POINTS
from yanzhen.market.counterfactuals.policy_effects import EFFECTS
from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.plan.plan import Plan
from yanzhen.market.plan.uncertainty import Uncertainty
from yanzhen.study import TABLES, About, Source, Study, Units


def synthetic_plan(
    regions=PROVINCES, industries=INDUSTRIES, synthetic=True, classification="GB/T 2260"
):
    """Return a plan of made-up numbers whose tables agree with one another."""
    random = np.random.default_rng(7)
    codes = list(regions)
    macro = {code: row[2] for code, row in regions.items()}
    activity = tables.activity(random, codes, list(industries))
    moves = tables.moves(random, activity, macro)
    reasons = tables.reasons(moves)
    by_region = tables.regions(moves, activity, macro)
    by_macro = tables.macro_regions(moves, by_region, macro)
    prices = tables.prices(by_region)
    return Plan(
        study=_study(regions, industries, synthetic, classification),
        period=(2018, 2022),
        base_year=2017,
        moves=tables.spread(moves, "output"),
        reasons=reasons,
        leaving=tables.margin(moves, "origin").with_columns(listed="output"),
        arriving=tables.margin(
            moves.with_columns(region=pl.col("destination").str.strip_prefix(SITE)),
            "destination",
            "region",
        ),
        prices=tables.spread(prices, "premium", "binding_share"),
        sites=tables.sites(by_region, prices),
        regions=tables.spread(by_region, "net", "gaining_share"),
        macro_regions=tables.spread(by_macro, "net", "gaining_share"),
        macro_flows=tables.spread(tables.macro_flows(moves), "output"),
        industries=tables.industries(moves, activity),
        schedule=tables.schedule(moves),
        allocation=tables.spread(tables.allocation(moves), "market"),
        history=tables.history(activity, macro),
        activity=activity,
        completeness=tables.completeness(activity),
        hold_out=pl.DataFrame(
            [
                (None, None, 60, 2, 19.0, 14.0),
                (None, 2017, 30, 1, 18.0, 15.0),
                ("07", 2017, 9, 0, 22.0, 20.0),
            ],
            schema=[
                "industry",
                "year",
                "cells",
                "uncompleted",
                "median_absolute_percentage_error",
                "weighted_error",
            ],
            orient="row",
        ),
        refused=pl.DataFrame(
            {
                "industry": ["07"],
                "site": ["S-110000"],
                "listing": ["restricted"],
                "rule": ["r1"],
                "article": ["第一条"],
                "source": ["made up"],
                "requirement": ["clean_energy_share >= 0.4"],
                "found": [0.3],
                "found_in": ["110000"],
                "found_year": [2017],
            }
        ),
        policies=EFFECTS.frame(),
        services=pl.DataFrame(
            {
                "service": ["07"],
                "region": list(regions)[:1],
                "gained": [5.0],
                "lost": [2.0],
                "net": [3.0],
            }
        ),
        options=OPTIONS.frame(),
        chains=CHAINS.frame(),
        chain_points=POINTS.frame(),
        unevaluated=pl.DataFrame(
            {
                "rule": ["r1"],
                "article": ["第一条"],
                "source": ["made up"],
                "requirement": ["eco_zone_open >= 1"],
                "pairs": [3],
                "output": [12.0],
            }
        ),
        gates=pl.DataFrame(
            {
                "industry": ["07"],
                "site": ["S-110000"],
                "listing": ["condition"],
                "rule": ["r1"],
                "requirement": ["clean_energy_share >= 0.4"],
                "state": ["refused"],
                "found": [0.3],
                "found_in": ["110000"],
                "found_year": [2017],
            }
        ),
        not_evaluated=pl.DataFrame({"term": ["labour_cost"], "needs": ["indicators"]}),
        without_flagged=by_macro.select("macro_region", "net", net_without=pl.col("net") * 0.9),
        without_earlier=by_region.select("region", "net", net_without_earlier=pl.col("net") * 1.1),
        parameters=pl.DataFrame(
            [
                (
                    "sigma",
                    0.03,
                    "margin on output",
                    0.015,
                    0.06,
                    "assumption",
                    "偏好离散程度",
                    "Scale of the tastes",
                )
            ],
            schema=["parameter", "value", "unit", "low", "high", "source", "note_zh", "note_en"],
            orient="row",
        ),
        uncertainty=_drawn(),
        certificate=Certificate(
            relative_excess_demand=2e-10,
            complementary_slackness=1e-9,
            price_below_floor=0.0,
            duality_gap=3e-9,
            dual=1234.5,
            primal=1234.4,
            calibration_residual=4e-9,
            broken_gates=0,
            tolerance=1e-6,
        ),
    )


def _drawn():
    """Draws that nobody looks into: their intervals stand in the plan's frames."""
    frames = [field.name for field in fields(Uncertainty) if field.name not in ("draws", "cleared")]
    return Uncertainty(draws=200, cleared=198, **dict.fromkeys(frames, pl.DataFrame()))


def _study(regions, industries, synthetic, classification):
    rows = [
        (c, zh, en, macro, None, lon, lat, None) for c, (zh, en, macro, lon, lat) in regions.items()
    ]
    return Study(
        path="made-up",
        about=About(
            title_zh="示例研究",
            title_en="Example study",
            currency="CNY",
            units=Units(),
            base_year=2017,
            region_classification=classification,
            industry_classification="made up",
            licence="CC0-1.0",
            synthetic=synthetic,
            sources=(
                Source(
                    "made_up",
                    "Numbers drawn at random",
                    "https://example.org/none",
                    "activity",
                    ("output",),
                    "CC0-1.0",
                    "",
                ),
            ),
            past_from=2012,
            flagged_regions=tuple(list(regions)[1:2]),
            flag_reason_zh="数据修订",
            flag_reason_en="data were revised",
        ),
        tables={name: schema.create_empty() for name, schema in TABLES.items()}
        | {
            "regions": pl.DataFrame(
                rows,
                orient="row",
                schema=[
                    "region",
                    "name_zh",
                    "name_en",
                    "macro_region",
                    "parent",
                    "longitude",
                    "latitude",
                    "tier",
                ],
            ),
            "industries": pl.DataFrame(
                [(c, zh, en) for c, (zh, en) in industries.items()],
                orient="row",
                schema=["industry", "name_zh", "name_en"],
            ).with_columns(
                pl.lit(None, pl.String).alias("division"),
                pl.lit(None, pl.String).alias("parent"),
                pl.lit("manufacturing").alias("sector"),
            ),
            "sites": pl.DataFrame(
                [(SITE + c, c, zh, en) for c, (zh, en, *_) in regions.items()],
                orient="row",
                schema=["site", "region", "name_zh", "name_en"],
            ).with_columns(pl.lit(None, pl.Float64).alias(n) for n in ("longitude", "latitude")),
            "rules": pl.DataFrame(
                {"rule": ["r1"], "title_zh": ["示例规则"], "title_en": ["Example rule"]}
            ),
        },
    )
