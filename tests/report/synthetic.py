"""SYNTHETIC plans: made-up numbers in the shape of a plan, for looking at reports."""

from dataclasses import fields

import numpy as np
import polars as pl

from yanzhen.market.counterfactuals.extensions import CHAINS, OPTIONS, POINTS
from yanzhen.market.counterfactuals.policy_effects import EFFECTS
from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.plan.plan import Plan
from yanzhen.market.plan.uncertainty import Uncertainty
from yanzhen.study import TABLES, About, Source, Study, Units

PROVINCES = {
    "110000": ("北京", "Beijing", "East", 116.41, 39.90),
    "120000": ("天津", "Tianjin", "East", 117.20, 39.08),
    "130000": ("河北", "Hebei", "East", 114.51, 38.04),
    "140000": ("山西", "Shanxi", "Central", 112.55, 37.87),
    "150000": ("内蒙古", "Inner Mongolia", "West", 111.75, 40.84),
    "210000": ("辽宁", "Liaoning", "Northeast", 123.43, 41.80),
    "220000": ("吉林", "Jilin", "Northeast", 125.32, 43.90),
    "230000": ("黑龙江", "Heilongjiang", "Northeast", 126.53, 45.80),
    "310000": ("上海", "Shanghai", "East", 121.47, 31.23),
    "320000": ("江苏", "Jiangsu", "East", 118.80, 32.06),
    "330000": ("浙江", "Zhejiang", "East", 120.15, 30.27),
    "340000": ("安徽", "Anhui", "Central", 117.23, 31.82),
    "350000": ("福建", "Fujian", "East", 119.30, 26.07),
    "360000": ("江西", "Jiangxi", "Central", 115.86, 28.68),
    "370000": ("山东", "Shandong", "East", 117.12, 36.65),
    "410000": ("河南", "Henan", "Central", 113.62, 34.75),
    "420000": ("湖北", "Hubei", "Central", 114.31, 30.59),
    "430000": ("湖南", "Hunan", "Central", 112.94, 28.23),
    "440000": ("广东", "Guangdong", "East", 113.26, 23.13),
    "450000": ("广西", "Guangxi", "West", 108.37, 22.82),
    "460000": ("海南", "Hainan", "East", 110.20, 20.04),
    "500000": ("重庆", "Chongqing", "West", 106.55, 29.56),
    "510000": ("四川", "Sichuan", "West", 104.07, 30.57),
    "520000": ("贵州", "Guizhou", "West", 106.63, 26.65),
    "530000": ("云南", "Yunnan", "West", 102.83, 24.88),
    "540000": ("西藏", "Tibet", "West", 91.14, 29.65),
    "610000": ("陕西", "Shaanxi", "West", 108.94, 34.34),
    "620000": ("甘肃", "Gansu", "West", 103.83, 36.06),
    "630000": ("青海", "Qinghai", "West", 101.78, 36.62),
    "640000": ("宁夏", "Ningxia", "West", 106.23, 38.49),
    "650000": ("新疆", "Xinjiang", "West", 87.62, 43.83),
}
INDUSTRIES = {
    "06": ("食品和烟草", "Food and tobacco"),
    "07": ("纺织品", "Textiles"),
    "08": ("纺织服装鞋帽皮革羽绒及其制品", "Leather, apparel, footwear and related products"),
    "12": ("化学产品", "Chemicals"),
    "14": ("金属冶炼和压延加工品", "Smelting and rolling of metals"),
    "19": ("电气机械和器材", "Electrical machinery and equipment"),
    "20": (
        "通信设备、计算机和其他电子设备",
        "Communication equipment, computers and other electronics",
    ),
    "21": ("仪器仪表", "Instruments and meters"),
}
ELSEWHERE = {
    "N": ("北乡", "Northshire", "Upland", 3.0, 52.0),
    "M": ("中乡", "Midshire", "Upland", 4.5, 50.5),
    "S": ("南乡", "Southshire", "Lowland", 5.0, 48.0),
    "C": ("海岸", "Coast", "Lowland", 1.0, 49.0),
}
TERMS = (
    "relatedness",
    "supplier_access",
    "market_access",
    "labour_cost",
    "distance",
    "moving_cost",
    "price",
    "inertia",
)
MOVE = ["industry", "origin", "destination"]
SITE = "S-"  # a site lies in a region and is not the region
HARMFUL = "<script>document.title='taken'</script>"


def synthetic_plan(
    regions=PROVINCES, industries=INDUSTRIES, synthetic=True, classification="GB/T 2260"
):
    """Return a plan of made-up numbers whose tables agree with one another."""
    random = np.random.default_rng(7)
    codes = list(regions)
    macro = {code: row[2] for code, row in regions.items()}
    activity = _activity(random, codes, list(industries))
    moves = _moves(random, activity, macro)
    reasons = _reasons(moves)
    by_region = _regions(moves, activity, macro)
    by_macro = _macro_regions(moves, by_region, macro)
    prices = _prices(by_region)
    return Plan(
        study=_study(regions, industries, synthetic, classification),
        period=(2018, 2022),
        base_year=2017,
        moves=_spread(moves, "output"),
        reasons=reasons,
        leaving=_margin(moves, "origin").with_columns(listed="output"),
        arriving=_margin(
            moves.with_columns(region=pl.col("destination").str.strip_prefix(SITE)),
            "destination",
            "region",
        ),
        prices=_spread(prices, "premium", "binding_share"),
        sites=_sites(by_region, prices),
        regions=_spread(by_region, "net", "gaining_share"),
        macro_regions=_spread(by_macro, "net", "gaining_share"),
        macro_flows=_spread(_macro_flows(moves), "output"),
        industries=_industries(moves, activity),
        schedule=_schedule(moves),
        allocation=_spread(_allocation(moves), "market"),
        history=_history(activity, macro),
        activity=activity,
        completeness=_completeness(activity),
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


def _spread(frame, figure, share=None):
    """The frame with an interval of a figure, and a share of draws where one is asked."""
    columns = list(frame.columns)
    place = columns.index(figure) + 1
    value = pl.col(figure)
    return frame.with_columns(
        (value - 0.4 * value.abs()).alias(f"{figure}_low"),
        (value + 0.5 * value.abs()).alias(f"{figure}_high"),
        *([] if share is None else [(value > 0).cast(pl.Float64).alias(share)]),
    ).select(
        *columns[:place],
        f"{figure}_low",
        f"{figure}_high",
        *([] if share is None else [share]),
        *columns[place:],
    )


def _macro_flows(moves):
    keys = ["origin_macro_region", "destination_macro_region"]
    return moves.group_by(keys).agg(pl.col("output").sum()).sort(keys)


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


def _activity(random, regions, industries):
    size = {region: random.lognormal(0, 0.8) for region in regions}
    rows = []
    for region in regions:
        for industry in industries:
            kind = random.choice(["observed", "estimated", None], p=[0.6, 0.35, 0.05])
            for year in (2012, 2015, 2017):
                output = 800 * size[region] * random.lognormal((year - 2012) * 0.05, 0.4)
                rows.append((region, industry, year, None if kind is None else output, kind))
    return pl.DataFrame(
        rows, orient="row", schema=["region", "industry", "year", "output", "output_status"]
    )


def _moves(random, activity, macro):
    base = activity.filter(pl.col("year") == 2017).drop_nulls("output")
    rows = []
    for origin in base.iter_rows(named=True):
        destinations = random.permutation([r for r in macro if r != origin["region"]])[:6]
        for destination in destinations:
            poorer = 2.5 if macro[destination] in ("Central", "West", "Upland") else 0.5
            output = origin["output"] * random.uniform(0.001, 0.02) * poorer
            rows.append(
                {
                    "industry": origin["industry"],
                    "origin": origin["region"],
                    "destination": SITE + str(destination),
                    "origin_macro_region": macro[origin["region"]],
                    "destination_macro_region": macro[destination],
                    "output": output,
                    "jobs": output * 0.01,
                    "emissions": output * 0.001,
                    "emissions_status": "estimated",
                    "enterprises": None,
                    "price": random.choice([0.0, 0.004, 0.012]),
                    "status": origin["output_status"],
                }
            )
            terms = random.normal(0, 0.02, len(TERMS) - 2)
            rows[-1] |= {f"term_{t}": v for t, v in zip(TERMS[:-2], terms, strict=True)}
            rows[-1] |= {"term_price": -rows[-1]["price"], "term_inertia": -0.08}
    moves = pl.DataFrame(rows, schema_overrides={"enterprises": pl.Int64})
    return moves.with_columns(
        price_paid=pl.col("price") * pl.col("output"),
        surplus=0.03 * pl.col("output"),
        gain=pl.sum_horizontal([f"term_{t}" for t in TERMS]),
    ).sort("output", descending=True)


def _reasons(moves):
    return (
        moves.unpivot(
            [f"term_{t}" for t in TERMS], index=MOVE, variable_name="term", value_name="size"
        )
        .with_columns(pl.col("term").str.strip_prefix("term_"))
        .with_columns(
            rank=pl.col("size").abs().rank("ordinal", descending=True).over(MOVE).cast(pl.Int64)
        )
        .select(*MOVE, "rank", "term", "size")
        .sort(*MOVE, "rank")
    )


def _margin(moves, *keys):
    return (
        moves.group_by("industry", *keys)
        .agg(pl.col("output", "jobs", "emissions").sum())
        .sort("industry", *keys)
    )


def _located(moves):
    return moves.with_columns(pl.col("destination").str.strip_prefix(SITE))


def _sums(moves, key, name):
    return moves.group_by(pl.col(key).alias("region")).agg(
        pl.col("output").sum().alias(name),
        pl.col("jobs").sum().alias(f"jobs_{name}"),
        pl.col("emissions").sum().alias(f"emissions_{name}"),
    )


def _regions(moves, activity, macro):
    output = activity.filter(pl.col("year") == 2017).group_by("region").agg(pl.col("output").sum())
    frame = (
        pl.DataFrame({"region": list(macro), "macro_region": list(macro.values())})
        .join(output, on="region", how="left")
        .join(_sums(moves, "origin", "departures"), on="region", how="left")
        .join(_sums(_located(moves), "destination", "arrivals"), on="region", how="left")
        .fill_null(0.0)
    )
    return frame.select(
        "region",
        "macro_region",
        "output",
        "departures",
        "arrivals",
        net=pl.col("arrivals") - pl.col("departures"),
        net_share=(pl.col("arrivals") - pl.col("departures")) / pl.col("output"),
        jobs_arriving="jobs_arrivals",
        jobs_leaving="jobs_departures",
        emissions_arriving="emissions_arrivals",
        emissions_leaving="emissions_departures",
        rents=pl.col("arrivals") * 0.004,
        flagged=pl.int_range(pl.len()) == 1,
    ).sort("region")


def _macro_regions(moves, by_region, macro):
    sums = by_region.group_by("macro_region").agg(
        pl.col("output", "departures", "arrivals", "net").sum()
    )
    return sums.with_columns(
        share_before=pl.col("output") / pl.col("output").sum(),
        share_after=(pl.col("output") + pl.col("net")) / pl.col("output").sum(),
    ).sort("macro_region")


def _prices(by_region):
    full = pl.int_range(pl.len()) % 3 == 0
    premium = pl.when(full).then(0.001 + 0.02 * pl.col("net_share").abs()).otherwise(0.0)
    return by_region.select(
        place=SITE + pl.col("region"),
        place_kind=pl.lit("site"),
        resource=pl.lit("output"),
        premium=premium,
        premium_in_all=premium,
        floor=pl.lit(0.0),
        posted=pl.lit(None, pl.Float64),
        capacity=pl.when(full).then(pl.col("arrivals")).otherwise(pl.col("arrivals") * 1.5),
        demand="arrivals",
        used=pl.when(full).then(1.0).otherwise(1 / 1.5),
        binding=full,
        scarce=full,
        rent=pl.when(full).then(0.002 * pl.col("arrivals")).otherwise(0.0),
        recipient=pl.lit("locality"),
    )


def _sites(by_region, prices):
    sites = by_region.select(
        site=SITE + pl.col("region"),
        region="region",
        room_growth=pl.col("arrivals") * 0.7,
        room_idle=pl.col("arrivals") * 0.3,
        room_from=pl.lit("past"),
        capacity="arrivals",
        arrivals="arrivals",
        rank=pl.col("arrivals").rank("ordinal", descending=True).cast(pl.Int64),
        premium=prices["premium"],
        premium_in_all=prices["premium"],
        flagged="flagged",
        status=pl.lit("estimated"),
    )
    return _spread(_spread(sites, "arrivals"), "rank", "first_five_share")


def _industries(moves, activity):
    output = (
        activity.filter(pl.col("year") == 2017).group_by("industry").agg(pl.col("output").sum())
    )
    left = moves.group_by("industry").agg(departures=pl.col("output").sum())
    return (
        output.join(left, on="industry")
        .select(
            "industry",
            "output",
            "departures",
            departure_share=pl.col("departures") / pl.col("output"),
            departures_assumed=pl.col("industry") == "12",
            departures_clipped=pl.lit(False),
            balanced_cells=pl.lit(12, pl.Int64),
            in_findings=pl.col("industry") != "21",
        )
        .sort("industry")
    )


def _schedule(moves):
    keys = ["industry", "region"]
    left = moves.group_by("industry", pl.col("origin").alias("region")).agg(
        departures=pl.col("output").sum()
    )
    came = (
        _located(moves)
        .group_by("industry", pl.col("destination").alias("region"))
        .agg(arrivals=pl.col("output").sum())
    )
    both = left.join(came, on=keys, how="full", coalesce=True).fill_null(0.0)
    years = pl.DataFrame({"year": [2018, 2019, 2020, 2021, 2022]})
    return (
        years.join(both, how="cross")
        .with_columns(pl.col("departures", "arrivals") / 5)
        .sort("year", *keys)
    )


def _allocation(moves):
    came = (
        _located(moves)
        .group_by("industry", pl.col("destination").alias("region"))
        .agg(market=pl.col("output").sum())
    )
    total = pl.col("market").sum().over("industry")
    return came.with_columns(
        past=0.5 * pl.col("market") + 0.5 * total / pl.len().over("industry")
    ).sort("industry", "region")


def _history(activity, macro):
    macros = pl.DataFrame({"region": list(macro), "macro_region": list(macro.values())})
    sums = (
        activity.filter(pl.col("output_status") == "observed")
        .join(macros, on="region")
        .group_by("macro_region", "year")
        .agg(pl.col("output").sum())
    )
    return sums.with_columns(share=pl.col("output") / pl.col("output").sum().over("year")).sort(
        "macro_region", "year"
    )


def _completeness(activity):
    def count(kind):
        return (pl.col("output_status") == kind).sum().alias(kind)

    return (
        activity.group_by("industry", "year")
        .agg(
            count("observed"),
            count("estimated"),
            pl.col("output").null_count().alias("missing"),
            total_basis=pl.lit("national table"),
        )
        .sort("industry", "year")
    )
