"""What a cleared market means for sites, regions and macro-regions."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Panel
from yanzhen.accounts.share_shift_projection import ShareShiftProjection
from yanzhen.market.equilibrium.newton_dense import Clearing
from yanzhen.market.problem.choice import total_premium
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.tolerance import BINDING
from yanzhen.study import Study
from yanzhen.study.ratios import difference_column, ratio_column


def price_table(formulation: Formulation, clearing: Clearing) -> pl.DataFrame:
    """Premium, use and rent of every limited resource at sites and groups; `prices` of a plan.

    Rent is premium × demand, money a year, null where sizes are no money. Who settles at a site
    pays its own premium and those of the groups that it lies in: `premium_in_all`, null for a
    group. `scarce` is a limit that binds and has a premium: a floor price where room is left is no
    scarcity.
    """
    room = formulation.room
    j, r = np.nonzero(np.isfinite(room.capacity))
    names = np.array(room.resources, dtype=object)
    at_sites = pl.DataFrame(
        {
            "place": room.sites["site"].to_numpy()[j],
            "resource": names[r],
            "premium": clearing.prices.site[j, r],
            "premium_in_all": total_premium(formulation.market, clearing.prices)[j, r],
            "floor": room.floor[j, r],
            "posted": room.posted[j, r],
            "capacity": room.capacity[j, r],
            "demand": clearing.demand[j, r],
            "recipient": room.recipient[j, r],
        },
        schema_overrides={"place": pl.String, "resource": pl.String, "recipient": pl.String},
    ).with_columns(place_kind=pl.lit("site"))
    at_groups = room.groups.with_columns(
        place_kind=pl.lit("group"),
        premium=pl.Series(clearing.prices.group, dtype=pl.Float64),
        floor=pl.Series(room.group_floor, dtype=pl.Float64),
        capacity=pl.Series(room.group_capacity, dtype=pl.Float64),
        demand=pl.Series(clearing.group_demand, dtype=pl.Float64),
    )
    return (
        pl.concat([at_sites, at_groups], how="diagonal")
        .with_columns(
            # Stated figures of several units: zero alone is nothing.
            used=ratio_column(pl.col("demand"), pl.col("capacity"), pl.lit(0.0)),
            binding=pl.col("demand") >= pl.col("capacity") * (1 - BINDING),
            rent=_known(pl.col("premium") * pl.col("demand") * formulation.money_per_size),
        )
        .with_columns(scarce=pl.col("binding") & (pl.col("premium") > 0))
        .with_columns(_told_of(formulation, "premium", "premium_in_all", "floor", "posted"))
        .select(
            "place",
            "place_kind",
            "resource",
            "premium",
            "premium_in_all",
            "floor",
            "posted",
            "capacity",
            "demand",
            "used",
            "binding",
            "scarce",
            "rent",
            "recipient",
        )
        .sort("premium", "place_kind", "place", "resource", descending=[True, True, False, False])
    )


def site_table(study: Study, formulation: Formulation, clearing: Clearing) -> pl.DataFrame:
    """What arrives at every site beside its room for it; `sites` of a plan."""
    room, market = formulation.room, formulation.market
    arrivals = market.mass @ clearing.choice.probability
    capacity = premium = np.full(arrivals.size, np.nan)
    if room.size in room.resources:
        r = room.resources.index(room.size)
        limited = np.isfinite(room.capacity[:, r])
        capacity = np.where(limited, room.capacity[:, r], np.nan)
        premium = np.where(limited, clearing.prices.site[:, r], np.nan)
    paid = np.full(arrivals.size, np.nan)
    if room.size in room.resources:
        paid = total_premium(market, clearing.prices)[:, room.resources.index(room.size)]
    return room.sites.select(
        "site",
        "region",
        "room_growth",
        "room_idle",
        "room_from",
        pl.Series("capacity", capacity).fill_nan(None),
        pl.Series("arrivals", arrivals),
        pl.Series("premium", premium).fill_nan(None),
        pl.Series("premium_in_all", paid).fill_nan(None),
        pl.col("region").is_in(study.about.flagged_regions).alias("flagged"),
        "status",
    ).sort("site")


# Kept whole: a column for each figure of a region, over sums that several of them share.
def region_balance(
    study: Study,
    activity: pl.DataFrame,
    year: int,
    macro: pl.DataFrame,
    leaving: pl.DataFrame,
    arriving: pl.DataFrame,
    prices: pl.DataFrame,
    formulation: Formulation,
) -> pl.DataFrame:
    """Output, departures, arrivals, jobs, emissions and rents by region; `regions` of a plan.

    `leaving` and `arriving` are those of `yanzhen.market.plan.balances`. Rents are those of the
    region's own sites; a group's rent stays in the price table.
    """
    site_region = formulation.room.sites.select(destination="site", region="region")
    output = (
        activity.filter(pl.col("year") == year)
        .group_by("region", maintain_order=True)
        .agg(pl.col("output").sum())
    )
    departing = leaving.group_by(region="origin", maintain_order=True).agg(
        departures=pl.col("output").sum(),
        jobs_leaving=_sum_if_known("jobs"),
        emissions_leaving=_sum_if_known("emissions"),
    )
    coming = arriving.group_by("region", maintain_order=True).agg(
        arrivals=pl.col("output").sum(),
        jobs_arriving=_sum_if_known("jobs"),
        emissions_arriving=_sum_if_known("emissions"),
    )
    rents = (
        prices.filter(pl.col("place_kind") == "site")
        .join(site_region.rename({"destination": "place"}), on="place", maintain_order="left")
        .group_by("region", maintain_order=True)
        .agg(rents=_sum_if_known("rent"))
    )
    joined = macro
    for part in (output, departing, coming, rents):
        joined = joined.join(part, on="region", how="left", maintain_order="left")
    return (
        joined.with_columns(pl.col("departures", "arrivals").fill_null(0.0))
        .with_columns(rents=_known(pl.col("rents").fill_null(formulation.money_per_size * 0.0)))
        .with_columns(net=difference_column(pl.col("arrivals"), pl.col("departures")))
        .select(
            "region",
            "macro_region",
            "output",
            "departures",
            "arrivals",
            "net",
            ratio_column(pl.col("net"), pl.col("output")).alias("net_share"),
            "jobs_arriving",
            "jobs_leaving",
            "emissions_arriving",
            "emissions_leaving",
            "rents",
            pl.col("region").is_in(study.about.flagged_regions).alias("flagged"),
        )
        .sort("region")
    )


def macro_region_balance(regions: pl.DataFrame) -> pl.DataFrame:
    """Output, flows and shares of national output by macro-region, before and after."""
    return (
        regions.group_by("macro_region", maintain_order=True)
        .agg(pl.col("output", "departures", "arrivals", "net").sum())
        .with_columns(
            share_before=_share(pl.col("output")),
            share_after=_share(pl.col("output") + pl.col("net")),
        )
        .sort("output", descending=True)
    )


def net_by_region(formulation: Formulation, clearing: Clearing) -> pl.DataFrame:
    """Arrivals less departures by region; region, net_without."""
    moving = formulation.market.mass[:, None] * clearing.choice.probability
    gone = {"region": formulation.blocks["origin"], "net_without": -moving.sum(axis=1)}
    come = {"region": formulation.room.sites["region"], "net_without": moving.sum(axis=0)}
    return (
        pl.concat([pl.DataFrame(gone), pl.DataFrame(come)])
        .group_by("region", maintain_order=True)
        .agg(pl.col("net_without").sum())
        .sort("region")
    )


def net_by_macro_region(formulation: Formulation, clearing: Clearing) -> pl.DataFrame:
    """Arrivals less departures by macro-region, as `net_without` of a plan's `without_flagged`."""
    macro = dict(formulation.blocks.select("origin", "macro_region").unique().iter_rows())
    return (
        net_by_region(formulation, clearing)
        .with_columns(
            macro_region=pl.col("region").replace_strict(
                macro, default=None, return_dtype=pl.String
            )
        )
        .drop_nulls("macro_region")
        .group_by("macro_region", maintain_order=True)
        .agg(pl.col("net_without").sum())
        .sort("macro_region")
    )


def allocations(
    panel: Panel, past: ShareShiftProjection | None, flows: pl.DataFrame
) -> pl.DataFrame:
    """Arrivals by the market beside an allocation that copies the past; `allocation` of a plan.

    Copying the past gives each region the share it had in its industry's gains; null without a
    past.
    """
    frame = pl.DataFrame({"industry": flows["industry"].unique().sort()}).join(
        pl.DataFrame({"region": panel.regions}), how="cross"
    )
    frame = frame.join(flows, on=["industry", "region"], how="left", maintain_order="left").select(
        "industry", "region", market=pl.col("arrivals").fill_null(0.0)
    )
    if past is None:
        return frame.with_columns(past=pl.lit(None, pl.Float64))
    n, s = np.indices(past.gains.shape)
    gains = pl.DataFrame(
        {
            "industry": np.array(panel.industries)[s.ravel()],
            "region": np.array(panel.regions)[n.ravel()],
            "gain": past.gains.ravel(),
        }
    )
    share = ratio_column(pl.col("gain"), pl.col("gain").sum().over("industry"))
    copied = share * pl.col("market").sum().over("industry")
    return frame.join(gains, on=["industry", "region"], how="left", maintain_order="left").select(
        "industry", "region", "market", past=copied
    )


def balanced_history(panel: Panel, macro: pl.DataFrame) -> pl.DataFrame:
    """Output and share of macro-regions by year over balanced cells; `history` of a plan."""
    by_region = panel.balanced_output.sum(axis=1)
    n, t = np.indices(by_region.shape)
    return (
        pl.DataFrame(
            {
                "region": np.array(panel.regions)[n.ravel()],
                "year": np.array(panel.years, dtype=np.int64)[t.ravel()],
                "output": by_region.ravel(),
            }
        )
        .join(macro, on="region", maintain_order="left")
        .group_by("macro_region", "year", maintain_order=True)
        .agg(pl.col("output").sum())
        .with_columns(share=_share(pl.col("output")).over("year"))
        .sort("macro_region", "year")
    )


def _told_of(formulation: Formulation, *prices: str) -> pl.Expr:
    """Prices in margins on the study's sizes, and null of other resources where that is no money.

    A price of room for the sizes themselves is a share of an enterprise's output whatever they
    are measured by.
    """
    own = pl.col("resource").str.split(":").list.first() == formulation.room.size
    told = pl.col(prices) * formulation.money_per_size
    return pl.when(own).then(pl.col(prices)).otherwise(_known(told))


def _known(money: pl.Expr) -> pl.Expr:
    """Money, null where nothing tells it."""
    return money.fill_nan(None)


def _share(part: pl.Expr) -> pl.Expr:
    """Share of all output, null where there is none."""
    return ratio_column(part, pl.col("output").sum())


def _sum_if_known(name: str) -> pl.Expr:
    """The sum, null as soon as one part is: a sum without it would pass for the whole."""
    return pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum())
