"""Sites, the scarce resources at them and in groups of them, and the rooms' premiums' floors."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.carried_forward import CarriedForward
from yanzhen.accounts.panel import Floats, Panel
from yanzhen.study import Problem, Study, WantOfData


@dataclass(frozen=True)
class Room:
    """What sites and groups of sites can take.

    Attributes
    ----------
    sites : site, region, room_growth, room_idle, status; in the order of the market's sites
    resources : names in the order of the market's resources
    capacity, posted, floor : (J, R); capacity inf where not limited, posted price per unit and
        year, premium floor
    recipient : (J, R) who receives the rent
    groups : place, resource, recipient, posted; in the order of the market's groups
    member : (G, J)
    group_resource : (G,)
    group_capacity, group_floor : (G,)
    """

    sites: pl.DataFrame
    resources: tuple[str, ...]
    capacity: Floats
    posted: Floats
    floor: Floats
    recipient: NDArray[np.str_]
    groups: pl.DataFrame
    member: NDArray[np.bool_]
    group_resource: NDArray[np.int32]
    group_capacity: Floats
    group_floor: Floats


def annuity(rate: float, years: float) -> float:
    """Yearly payment that is worth one now: r / (1 − (1 + r)^−T)."""
    return rate / (1 - (1 + rate) ** -years) if rate > 0 else 1 / years


def site_room(
    study: Study, panel: Panel, past: CarriedForward | None, parameters: dict[str, float]
) -> Room:
    """Room of every site: the study's resources, otherwise what the past has shown.

    Without a table `sites` each leaf region is a site. Without a table `resources` the only scarce
    resource is output room, the growth shown and the capacity left idle, times `room_scale`.

    Raises
    ------
    WantOfData
        When the study has no resources and its past shows no room.
    """
    sites = _sites(study, panel)
    if study.tables["resources"].is_empty():
        if past is None or not study.tables["sites"].is_empty():
            raise WantOfData([_no_room(study)])
        return _room_of_the_past(sites, past, parameters["room_scale"])
    return _declared_room(study, sites, parameters)


def _sites(study: Study, panel: Panel) -> pl.DataFrame:
    declared = study.tables["sites"]
    empty = {"room_growth": pl.lit(None, pl.Float64), "room_idle": pl.lit(None, pl.Float64)}
    if declared.is_empty():
        return pl.DataFrame({"site": panel.regions, "region": panel.regions}).with_columns(**empty)
    return declared.select("site", "region").sort("site").with_columns(**empty)


def _room_of_the_past(sites: pl.DataFrame, past: CarriedForward, scale: float) -> Room:
    shown = sites.with_columns(
        room_growth=pl.Series(past.room_growth * scale),
        room_idle=pl.Series(past.room_idle * scale),
        status=pl.lit("estimated"),
    )
    capacity = (shown["room_growth"] + shown["room_idle"]).to_numpy()[:, None]
    none = np.zeros_like(capacity)
    return Room(
        sites=shown,
        resources=("output",),
        capacity=capacity,
        posted=none,
        floor=none,
        recipient=np.full(capacity.shape, "locality"),
        groups=_no_groups(),
        member=np.zeros((0, sites.height), dtype=bool),
        group_resource=np.zeros(0, dtype=np.int32),
        group_capacity=np.zeros(0),
        group_floor=np.zeros(0),
    )


def _no_groups() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "place": pl.String,
            "resource": pl.String,
            "recipient": pl.String,
            "posted": pl.Float64,
        }
    )


def _declared_room(study: Study, sites: pl.DataFrame, parameters: dict[str, float]) -> Room:
    spread = annuity(parameters["annualisation_rate"], parameters["annualisation_years"])
    yearly = pl.when(pl.col("one_off").fill_null(False)).then(spread).otherwise(1.0)
    rows = (
        study.tables["resources"]
        .with_columns(
            posted=pl.col("posted_price").fill_null(0.0) * yearly,
            lowest=pl.col("price_floor").fill_null(0.0) * yearly,
            recipient=pl.col("rent_recipient").cast(pl.String).fill_null("locality"),
            resource=pl.col("resource").cast(pl.String),
            capacity=pl.col("capacity") * parameters["room_scale"],
        )
        .with_columns(floor=(pl.col("lowest") - pl.col("posted")).clip(lower_bound=0.0))
        .sort("place", "resource")
    )
    resources = tuple(rows["resource"].unique().sort())
    place_of = {site: j for j, site in enumerate(sites["site"])}
    capacity = np.full((sites.height, len(resources)), np.inf)
    posted, floor = np.zeros_like(capacity), np.zeros_like(capacity)
    recipient = np.full(capacity.shape, "none", dtype="U16")
    at_site = rows.filter(pl.col("place").is_in(list(place_of)))
    for row in at_site.iter_rows(named=True):
        j, r = place_of[row["place"]], resources.index(row["resource"])
        capacity[j, r] = np.inf if row["capacity"] is None else row["capacity"]
        posted[j, r], floor[j, r] = row["posted"], row["floor"]
        recipient[j, r] = row["recipient"]
    groups = rows.filter(~pl.col("place").is_in(list(place_of)), pl.col("capacity").is_not_null())
    above = ancestors(study)
    member = np.array(
        [
            [region == place or place in above.get(region, ()) for region in sites["region"]]
            for place in groups["place"]
        ],
        dtype=bool,
    ).reshape(groups.height, sites.height)
    return Room(
        sites=sites.with_columns(status=pl.lit("observed")),
        resources=resources,
        capacity=capacity,
        posted=posted,
        floor=floor,
        recipient=recipient,
        groups=groups.select("place", "resource", "recipient", "posted"),
        member=member,
        group_resource=np.array(
            [resources.index(name) for name in groups["resource"]], dtype=np.int32
        ),
        group_capacity=groups["capacity"].to_numpy(),
        group_floor=groups["floor"].to_numpy(),
    )


def ancestors(study: Study) -> dict[str, tuple[str, ...]]:
    """The regions above each region."""
    parent = dict(
        zip(study.tables["regions"]["region"], study.tables["regions"]["parent"], strict=True)
    )
    above: dict[str, tuple[str, ...]] = {}
    for region in parent:
        line: list[str] = []
        at = parent[region]
        while at is not None and at not in line:
            line.append(at)
            at = parent.get(at)
        above[region] = tuple(line)
    return above


def _no_room(study: Study) -> Problem:
    return Problem(
        file=study.path,
        table="resources",
        row=None,
        column="capacity",
        found="no row, and no room can be read off the past (it takes two years of output and no "
        "table `sites`)",
        expected="the capacity of each site, such as output, land or jobs",
        found_zh="没有任何行，且无法由过去推算承接空间（需两个年份的产值且没有 sites 表）",
        expected_zh="各承接地的容量，如产值、土地或就业",
    )
