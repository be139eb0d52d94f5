"""What the silence of a half-filled table means: the one rule, as a study declares it.

Most offices list their own: the parks of one region, its room, the enterprises of one city, the
moves of some years. A table is then a part of the country, and the rest stays as it would be
without the table. A study for which a table is the whole says so in `[coverage]`:

- sites: in part, a region without a site of its own is a destination as a whole; all: only the
  listed sites are destinations.
- resources: in part, a place without a row keeps the room of the past; all: it is not limited.
- enterprises: in part, what `activity` holds beyond the listed ones moves as blocks; all: only
  the listed ones move.
- moves: the table covers the years from its first row to its last, or those declared.

An office that lists its own parks and its own firms completely, and nobody else's, names its
regions: `in_full = ["340000"]`. There the listed sites are all the sites and the listed enterprises
all that move, wherever the table lists any; the rest of the country stays as its past shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from yanzhen.study.size import Size

PART, ALL = "part", "all"
COVERED = (PART, ALL)
HALF_TABLES = ("sites", "resources", "enterprises")
YEARS_OF_MOVES = ("moves_from", "moves_to")
IN_FULL = "in_full"


@dataclass(frozen=True)
class Coverage:
    """Whether tables hold all there is or a part, and which years `moves` covers.

    Attributes
    ----------
    sites, resources, enterprises : part | all
    in_full : regions whose own sites and enterprises are listed completely, where any are
    moves_from, moves_to : first and last year that `moves` covers, None for its first and last row
    """

    sites: str = PART
    resources: str = PART
    enterprises: str = PART
    moves_from: int | None = None
    moves_to: int | None = None
    in_full: tuple[str, ...] = ()

    def settings(self) -> dict[str, object]:
        """Return what is declared, as keys and values of the section `[coverage]`."""
        years = {key: getattr(self, key) for key in YEARS_OF_MOVES}
        held = {key: getattr(self, key) for key in HALF_TABLES}
        own = {"in_full": list(self.in_full)} if self.in_full else {}
        return held | own | {key: year for key, year in years.items() if year is not None}


def years_of_moves(
    coverage: Coverage, size: Size, tables: Mapping[str, pl.DataFrame]
) -> tuple[int, int] | None:
    """Return the first and last year that the observed moves cover, None without such moves.

    A pair of places and an industry without a row in these years moved nothing in them.

    Parameters
    ----------
    size : the study's measure of size, which moves are told in
    """
    moves = tables["moves"]
    if not size.moved or moves[size.moved].null_count() == moves.height:
        return None
    years = moves["year"].to_list()
    first = coverage.moves_from if coverage.moves_from is not None else min(years)
    last = coverage.moves_to if coverage.moves_to is not None else max(years)
    return first, last


def leaves(regions: pl.DataFrame) -> list[str]:
    """Return the regions without regions below them, sorted."""
    return sorted({*regions["region"].to_list()} - {None, *regions["parent"].to_list()})


def regions_above(regions: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the regions above each region, the nearest first."""
    parent = dict(regions.select("region", "parent").iter_rows())
    above: dict[str, tuple[str, ...]] = {}
    for region in parent:
        line: list[str] = []
        at = parent[region]
        while at is not None and at not in line:
            line.append(at)
            at = parent.get(at)
        above[region] = tuple(line)
    return above


def listed_in_full(
    coverage: Coverage, listing: Sequence[str], regions: pl.DataFrame
) -> frozenset[str]:
    """Return the regions of which a table lists all there is, by `in_full`.

    Parameters
    ----------
    listing : region of each row of the table; one of `in_full` without any row in it says nothing
    regions : table of the study
    """
    around = regions_above(regions)
    inside = {
        own: {code for code, above in around.items() if own in (code, *above)}
        for own in coverage.in_full
    }
    told = [codes for codes in inside.values() if codes.intersection(listing)]
    return frozenset().union(*told)


def without_site(
    coverage: Coverage, tables: Mapping[str, pl.DataFrame], regions: Sequence[str]
) -> list[str]:
    """Return the regions without a site of their own, none where the study lists no sites.

    Parameters
    ----------
    tables : of the study, by name
    regions : that have no regions below them
    """
    listed = set(tables["sites"]["region"])
    return [code for code in regions if listed and code not in listed]


def destinations(
    coverage: Coverage, declared: pl.DataFrame, regions: Sequence[str], table: pl.DataFrame
) -> pl.DataFrame:
    """Return the sites of a study, the regions that are sites as a whole among them.

    Parameters
    ----------
    declared : table `sites`
    regions : that have no regions below them
    table : `regions` of the study

    Returns
    -------
    pl.DataFrame
        site, region, whole_region; by site
    """
    listed = declared.select("site", "region")
    whole = pl.DataFrame(
        {"site": list(regions), "region": list(regions)},
        schema={"site": pl.String, "region": pl.String},
    )
    if not listed.is_empty() and coverage.sites == ALL:
        whole = whole.clear()
    in_full = listed_in_full(coverage, listed["region"].to_list(), table)
    whole = whole.filter(~pl.col("region").is_in(sorted(in_full)))
    return (
        pl.concat([listed, whole.join(listed, on="region", how="anti")])
        .sort("site")
        .with_columns(whole_region=pl.col("site") == pl.col("region"))
    )


def unspoken(
    sites: pl.DataFrame, resources: pl.DataFrame, regions: pl.DataFrame, size: Size
) -> pl.Series:
    """Return which sites the table `resources` says nothing of.

    Nothing of them, of their region, or of the room of a region above for the measure of size.

    Parameters
    ----------
    sites : site, region
    resources, regions : tables of the study
    size : the study's measure of size
    """
    of_place = set(resources["place"])
    of_size = resources.filter(pl.col("resource").cast(pl.String) == size.resource)
    told_above = set(of_size["place"])
    above = regions_above(regions)
    return pl.Series(
        [
            not ({site, region} & of_place or told_above.intersection(above.get(region, ())))
            for site, region in sites.select("site", "region").iter_rows()
        ],
        dtype=pl.Boolean,
    )
