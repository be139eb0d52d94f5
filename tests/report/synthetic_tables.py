"""SYNTHETIC tables in the shape of those of a plan, which agree with one another."""

import polars as pl

from tests.report.synthetic_places import SITE

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


def macro_flows(moves):
    keys = ["origin_macro_region", "destination_macro_region"]
    return moves.group_by(keys).agg(pl.col("output").sum()).sort(keys)


def spread(frame, figure, share=None):
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


def activity(random, regions, industries):
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


def moves(random, activity, macro):
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
                    "jobs_status": "estimated",
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


def reasons(moves):
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


def margin(moves, *keys):
    return (
        moves.group_by("industry", *keys)
        .agg(pl.col("output", "jobs", "emissions").sum())
        .sort("industry", *keys)
    )


def located(moves):
    return moves.with_columns(pl.col("destination").str.strip_prefix(SITE))


def sums(moves, key, name):
    return moves.group_by(pl.col(key).alias("region")).agg(
        pl.col("output").sum().alias(name),
        pl.col("jobs").sum().alias(f"jobs_{name}"),
        pl.col("emissions").sum().alias(f"emissions_{name}"),
    )


def regions(moves, activity, macro):
    output = activity.filter(pl.col("year") == 2017).group_by("region").agg(pl.col("output").sum())
    frame = (
        pl.DataFrame({"region": list(macro), "macro_region": list(macro.values())})
        .join(output, on="region", how="left")
        .join(sums(moves, "origin", "departures"), on="region", how="left")
        .join(sums(located(moves), "destination", "arrivals"), on="region", how="left")
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


def macro_regions(moves, by_region, macro):
    sums = by_region.group_by("macro_region").agg(
        pl.col("output", "departures", "arrivals", "net").sum()
    )
    return sums.with_columns(
        share_before=pl.col("output") / pl.col("output").sum(),
        share_after=(pl.col("output") + pl.col("net")) / pl.col("output").sum(),
    ).sort("macro_region")


def prices(by_region):
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


def sites(by_region, prices):
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
    return spread(spread(sites, "arrivals"), "rank", "first_five_share")


def industries(moves, activity):
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


def schedule(moves):
    keys = ["industry", "region"]
    left = moves.group_by("industry", pl.col("origin").alias("region")).agg(
        departures=pl.col("output").sum()
    )
    came = (
        located(moves)
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


def allocation(moves):
    came = (
        located(moves)
        .group_by("industry", pl.col("destination").alias("region"))
        .agg(market=pl.col("output").sum())
    )
    total = pl.col("market").sum().over("industry")
    return came.with_columns(
        past=0.5 * pl.col("market") + 0.5 * total / pl.len().over("industry")
    ).sort("industry", "region")


def history(activity, macro):
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


def completeness(activity):
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
