"""Sites, their scarce resources, those that groups of sites share, and the floors of premiums."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Floats, Panel, positions
from yanzhen.accounts.share_shift_projection import ShareShiftProjection
from yanzhen.study import Problem, Study, StudyError, WantOfData
from yanzhen.study.coverage import ALL, destinations, regions_above, unspoken
from yanzhen.study.statuses import OBSERVED, SYNTHETIC, given_status, least_sure

STATED, PAST, UNLIMITED, POLICY = "stated", "past", "not_limited", "policy"
"""Where a limit comes from; POLICY of groups alone, UNLIMITED of sites alone."""


@dataclass(frozen=True)
class SiteCapacity:
    """What sites and groups of sites can take.

    Attributes
    ----------
    sites : site, region, whole_region, room_growth, room_idle, room_from (stated | past |
        not_limited), status; in the order of the market's sites
    resources : names in the order of the market's resources
    size : the resource that room for the measure of size is
    capacity, posted, floor : (J, R); capacity inf where not limited, posted price per unit and
        year, premium floor
    recipient : (J, R) who receives the rent
    groups : place, resource, recipient, posted, room_from; in the order of the market's groups
    member : (G, J)
    group_resource : (G,)
    group_capacity, group_floor : (G,)
    """

    sites: pl.DataFrame
    resources: tuple[str, ...]
    size: str
    capacity: Floats
    posted: Floats
    floor: Floats
    recipient: NDArray[np.str_]
    groups: pl.DataFrame
    member: NDArray[np.bool_]
    group_resource: NDArray[np.int32]
    group_capacity: Floats
    group_floor: Floats

    @property
    def output_plots(self) -> Floats:
        """(J,) room for size of each site, inf where it is not limited.

        Sites that share their region's room of the past have equal parts of it.
        """
        if self.size not in self.resources:
            return np.full(self.sites.height, np.inf)
        plots = self.capacity[:, self.resources.index(self.size)].copy()
        for g in np.flatnonzero((self.groups["room_from"] == PAST).to_numpy()):
            plots[self.member[g]] = self.group_capacity[g] / self.member[g].sum()
        return plots

    @property
    def past_regions(self) -> tuple[str, ...]:
        """Regions whose room of the past is a limit, in order."""
        of_sites = self.sites.filter(pl.col("room_from") == PAST)["region"]
        return tuple(of_sites.unique().sort())


def annuity(rate: float, years: float) -> float:
    """Yearly payment that is worth one now: r / (1 − (1 + r)^−T)."""
    return rate / (1 - (1 + rate) ** -years) if rate > 0 else 1 / years


def site_room(
    study: Study, panel: Panel, past: ShareShiftProjection | None, parameters: dict[str, float]
) -> SiteCapacity:
    """Room of every site: the study's resources, otherwise what the past has shown.

    A region without a site of its own is a site as a whole, and a site of which `resources` says
    nothing has the room of the past: the output growth its region has shown and the capacity it
    left idle, times `room_scale`, which the silent sites of one region share. With one year of
    output the past shows no room, and they are not limited. Where the study's `coverage` says
    that a table is all there is, the sites are the listed ones, the silent ones not limited.

    Raises
    ------
    WantOfData
        When the study has no resources and its past shows no room.
    StudyError
        When a site lies in a region that has regions below it, or has another region's code.
    """
    sites = _sites(study, panel)
    room = _declared_room(study, sites, parameters)
    tables, size = study.tables, study.about.measured_by
    silent = unspoken(sites, tables["resources"], tables["regions"], size).to_numpy()
    if study.tables["resources"].is_empty():
        if past is None:
            raise WantOfData([_no_room(study)])
    elif past is None or study.about.coverage.resources == ALL:
        return room
    return _with_past(room, silent, panel, past, parameters["room_scale"])


def _sites(study: Study, panel: Panel) -> pl.DataFrame:
    """Sites of the study, of `destinations`."""
    declared = study.tables["sites"]
    problems = [
        _astray(study, row, site, region)
        for row, site, region in study.numbered("sites").select("row", "site", "region").iter_rows()
        if region not in panel.regions
    ]
    sites = destinations(study.about.coverage, declared, panel.regions, study.tables["regions"])
    twice = sites.filter(pl.col("site").is_duplicated())["site"].unique().sort()
    problems += [_namesake(study, site) for site in twice]
    if problems:
        raise StudyError(problems)
    return sites


def _with_past(
    room: SiteCapacity,
    silent: NDArray[np.bool_],
    panel: Panel,
    past: ShareShiftProjection,
    scale: float,
) -> SiteCapacity:
    """The room with that of the past at silent sites, shared by those of one region."""
    room = with_resource(room, room.size)
    at = room.resources.index(room.size)
    n = positions(room.sites["region"], panel.regions)
    growth, idle = past.room_growth[n] * scale, past.room_idle[n] * scale
    whole = room.sites["whole_region"].to_numpy()
    alone, together = silent & whole, silent & ~whole
    capacity, recipient = room.capacity.copy(), room.recipient.astype("U16")
    capacity[alone, at] = (growth + idle)[alone]
    recipient[alone, at] = "locality"
    sharing = np.unique(n[together])
    places = [panel.regions[k] for k in sharing]
    room = replace(
        room,
        sites=room.sites.with_columns(
            room_growth=pl.Series(np.where(silent, growth, np.nan)).fill_nan(None),
            room_idle=pl.Series(np.where(silent, idle, np.nan)).fill_nan(None),
            room_from=pl.when(pl.Series(silent)).then(pl.lit(PAST)).otherwise("room_from"),
            status=pl.when(pl.Series(silent)).then(pl.lit("estimated")).otherwise("status"),
        ),
        capacity=capacity,
        recipient=recipient,
    )
    member = (n[None] == sharing[:, None]) & together[None]
    shared_room = (past.room_growth + past.room_idle)[sharing] * scale
    return with_groups(room, room.size, PAST, places, member, shared_room)


def with_resource(room: SiteCapacity, resource: str) -> SiteCapacity:
    """The room with a column for a resource that was not limited before."""
    if resource in room.resources:
        return room
    height = room.sites.height
    return replace(
        room,
        resources=(*room.resources, resource),
        capacity=np.column_stack([room.capacity, np.full(height, np.inf)]),
        posted=np.column_stack([room.posted, np.zeros(height)]),
        floor=np.column_stack([room.floor, np.zeros(height)]),
        recipient=np.column_stack([room.recipient, np.full(height, "none")]),
    )


def with_groups(
    room: SiteCapacity,
    resource: str,
    room_from: str,
    places: list[str],
    member: NDArray[np.bool_],
    capacity: Floats,
) -> SiteCapacity:
    """The room with limits for groups of sites, of one of its resources, without a posted price.

    Their rents go to the locality.

    Parameters
    ----------
    places, member, capacity : (G,) whose limit each is, (G, J) at which sites, (G,) how much
    """
    added = pl.DataFrame({"place": places}, schema={"place": pl.String}).with_columns(
        resource=pl.lit(resource),
        recipient=pl.lit("locality"),
        posted=pl.lit(0.0),
        room_from=pl.lit(room_from),
    )
    at = np.full(len(places), room.resources.index(resource), dtype=np.int32)
    return replace(
        room,
        groups=pl.concat([room.groups, added.select(room.groups.columns)]),
        member=np.vstack([room.member, member]),
        group_resource=np.append(room.group_resource, at),
        group_capacity=np.append(room.group_capacity, capacity),
        group_floor=np.append(room.group_floor, np.zeros(len(places))),
    )


def _declared_room(study: Study, sites: pl.DataFrame, parameters: dict[str, float]) -> SiteCapacity:
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
    above = regions_above(study.tables["regions"])
    member = np.array(
        [
            [region == place or place in above.get(region, ()) for region in sites["region"]]
            for place in groups["place"]
        ],
        dtype=bool,
    ).reshape(groups.height, sites.height)
    limited = np.isfinite(capacity).any(axis=1) | member.any(axis=0)
    return SiteCapacity(
        sites=sites.with_columns(
            room_growth=pl.lit(None, pl.Float64),
            room_idle=pl.lit(None, pl.Float64),
            room_from=pl.Series(np.where(limited, STATED, UNLIMITED), dtype=pl.String),
            status=pl.Series(_statuses_of(rows, sites, study.about.synthetic), dtype=pl.String),
        ),
        resources=resources,
        size=study.about.measured_by.resource,
        capacity=capacity,
        posted=posted,
        floor=floor,
        recipient=recipient,
        groups=groups.select("place", "resource", "recipient", "posted", room_from=pl.lit(STATED)),
        member=member,
        group_resource=np.array(
            [resources.index(name) for name in groups["resource"]], dtype=np.int32
        ),
        group_capacity=groups["capacity"].to_numpy(),
        group_floor=groups["floor"].to_numpy(),
    )


def _statuses_of(rows: pl.DataFrame, sites: pl.DataFrame, synthetic: bool) -> list[str]:
    """Least sure status of what is stated of each site's room."""
    stated = rows.with_columns(given_status("status", synthetic)).group_by(
        "place", maintain_order=True
    )
    known = dict(stated.agg(least_sure("status")).iter_rows())
    usual = SYNTHETIC if synthetic else OBSERVED
    return [str(known.get(site, usual)) for site in sites["site"]]


def _astray(study: Study, row: int, site: str, region: str) -> Problem:
    return Problem.at(
        study.path,
        "sites",
        row,
        "region",
        (f"site '{site}' in '{region}'", f"承接地“{site}”位于“{region}”"),
        (
            "the region without regions below it in which the site lies",
            "承接地所在的最下级区域",
        ),
    )


def _namesake(study: Study, site: str) -> Problem:
    return Problem.at(
        study.path,
        "sites",
        None,
        "site",
        (f"'{site}', the code of another region", f"“{site}”，系另一区域的代码"),
        ("a code that is no region's, or that of its own region", "非区域代码，或其所在区域的代码"),
    )


def _no_room(study: Study) -> Problem:
    return Problem.at(
        study.path,
        "resources",
        None,
        "capacity",
        (
            "no row, and no room can be read off the past (it takes two years of output)",
            "没有任何行，且无法由过去推算承接空间（需两个年份的产值）",
        ),
        (
            "the capacity of each site, such as output, land or jobs",
            "各承接地的容量，如产值、土地或就业",
        ),
    )
