"""Who could supply and who needs what: the enterprises of a study, or its regions' industries."""

from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import InputOutputTable
from yanzhen.accounts.panel import base_year, output_panel
from yanzhen.accounts.study_table import national_table_of
from yanzhen.market.problem.market import Booleans, Floats, Integers
from yanzhen.modes.chain.docking.weights import DockingWeights
from yanzhen.study import Problem, Study, WantOfData
from yanzhen.study.distances import distances, stated
from yanzhen.study.result_columns import columns
from yanzhen.study.tables.enterprises import ABROAD

ENTERPRISES, BLOCKS = "enterprises", "blocks"
LEFT_ASIDE = columns("reason rows")


@dataclass(frozen=True)
class Parties:
    """Enterprises or blocks, by industry, then region, then size.

    Attributes
    ----------
    basis : `enterprises`, or `blocks` of a region's industry where the study lists none
    code : (P,)
    industries, regions : codes of what `industry` and `region` number
    industry, region : (P,)
    log_size : (P,) log10 of the output of one enterprise, NaN where not known
    output : (P,) output of all enterprises of the block
    single : (P,) whether it is one enterprise, which cannot supply itself
    spare : (P,) what it could supply to new buyers, money a year
    kilometres : (N, N) between regions, NaN where the study knows no distance at all
    freight : (N, N) cost as a share of the goods' value, from supplier's to buyer's region
    """

    basis: str
    code: pl.Series
    industries: tuple[str, ...]
    regions: tuple[str, ...]
    industry: Integers
    region: Integers
    log_size: Floats
    output: Floats
    single: Booleans
    spare: Floats
    kilometres: Floats
    freight: Floats


@dataclass(frozen=True)
class Needs:
    """What buyers would take from new suppliers, by input, then the buyer's place in `Parties`.

    Attributes
    ----------
    buyer : (I,) place of the buyer
    input : (I,) industry that supplies it
    amount : (I,) money a year
    share : (I,) of the input in all inputs of the buyer's industry
    """

    buyer: Integers
    input: Integers
    amount: Floats
    share: Floats


def parties_of(study: Study, weights: DockingWeights) -> tuple[Parties, pl.DataFrame]:
    """The parties of a study, and `LEFT_ASIDE`, the rows that cannot be one.

    Rows of the table `enterprises`; where it is empty, every region's industry with output in the
    last year of `activity`.

    Raises
    ------
    WantOfData
        When the study has neither.
    """
    listed = study.tables["enterprises"]
    if listed.is_empty():
        rows, basis, lacking = _cells(study), BLOCKS, {}
    else:
        rows, basis = _enterprises(listed), ENTERPRISES
        lacking = {
            "abroad": (pl.col("origin") == ABROAD),
            "no_output": (pl.col("origin") != ABROAD) & ~(pl.col("output") > 0).fill_null(False),
        }
    left = [(name, rows.filter(rule).height) for name, rule in lacking.items()]
    kept = rows.filter(~pl.any_horizontal(*lacking.values())) if lacking else rows
    if kept.is_empty():
        _refuse(study, "enterprises", "output", _NO_PARTIES)
    industries = tuple(sorted(kept["industry"].unique()))
    regions = tuple(sorted(kept["origin"].unique()))
    kept = kept.with_columns(
        size=pl.when(pl.col("count").is_not_null()).then(pl.col("output").log10()),
        total=pl.col("output") * pl.col("count").fill_null(1),
        open=pl.col("spare_output").fill_null(weights.spare * pl.col("output"))
        * pl.col("count").fill_null(1),
        industry=_number(kept["industry"], industries),
        origin=_number(kept["origin"], regions),
    ).sort("industry", "origin", "size", "enterprise", nulls_last=True)
    kilometres = distances(study.tables, regions).kilometres
    return Parties(
        basis=basis,
        code=kept["enterprise"],
        industries=industries,
        regions=regions,
        industry=kept["industry"].to_numpy(),
        region=kept["origin"].to_numpy(),
        log_size=kept["size"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        output=kept["total"].to_numpy(),
        single=(kept["count"] == 1).fill_null(False).to_numpy(),
        spare=kept["open"].to_numpy(),
        kilometres=kilometres,
        freight=_freight(study, regions, weights.freight * kilometres / 1000),
    ), LEFT_ASIDE.frame(left)


@dataclass(frozen=True)
class AllNeeds:
    """Everything that buyers would take from new suppliers, whoever could supply it.

    Attributes
    ----------
    sought : the largest of each buyer that somebody else on the list has spare output for
    unserved : buyer (place in `Parties`), input, need; the largest of each buyer that nobody else
        on the list can supply
    beyond : input, no_supplier, not_sought; needs after each buyer's largest, by whether somebody
        on the list has spare output for them
    """

    sought: Needs
    unserved: pl.DataFrame
    beyond: pl.DataFrame


def needs_of(study: Study, parties: Parties, weights: DockingWeights, inputs: int) -> AllNeeds:
    """What every party would take from new suppliers.

    A buyer of industry s and output Y would take `open` · a_ks Y of input k, a the technical
    coefficients of inputs of all origins in the national table nearest to the base year.

    Parameters
    ----------
    inputs : most needs of one buyer that are sought, and most that nobody can supply, its largest

    Raises
    ------
    WantOfData
        When the study has no input-output table, or no party can supply an input of another.
    StudyError
        When its table is none of an economy's.
    """
    table = _nation(study, parties.industries)
    place = [table.sectors.index(name) for name in parties.industries]
    number = {k: n for n, k in enumerate(place)}
    bought = table.intermediate[:, place]
    total = bought.sum(axis=0)
    coefficient = bought / np.where(table.output[place] > 0, table.output[place], 1.0)
    offers = parties.spare > 0
    suppliers = np.bincount(parties.industry[offers], minlength=len(place))
    sought, unserved, beyond = [], [], []
    for s in range(len(place)):
        a = coefficient[:, s]
        members = np.flatnonzero(parties.industry == s).astype(np.int32)
        only = suppliers[s] == 1 and bool((offers & parties.single)[members].any())
        for buyers, own in _alike(members, offers if only else np.zeros_like(offers)):
            left = {True: inputs, False: inputs}
            for k in np.argsort(-a, kind="stable")[: np.count_nonzero(a > 0)]:
                n = number.get(int(k), -1)
                served = n >= 0 and suppliers[n] > (own and n == s)
                amount = weights.open * a[k] * parties.output[buyers]
                left[served] -= 1
                if left[served] < 0:
                    beyond.append((table.sectors[k], float(amount.sum()), served))
                elif served:
                    share = np.full(buyers.size, bought[k, s] / total[s])
                    sought.append((buyers, np.full(buyers.size, n), amount, share))
                else:
                    unserved.append((buyers, np.full(buyers.size, k), amount))
    if not sought:
        _refuse(study, "input_output", "value", _NO_INPUTS, _SOME_INPUTS)
    return AllNeeds(
        _sought(parties, *map(np.concatenate, zip(*sought, strict=True))),
        _unserved(parties, table.sectors, unserved),
        _beyond(beyond),
    )


def _alike(members: Integers, only: Booleans) -> list[tuple[Integers, bool]]:
    """Buyers of an industry apart by whether they are its only supplier, who cannot sell to itself.

    Returns
    -------
    places of buyers, and whether they are that supplier; no empty lot
    """
    lots = [(members[~only[members]], False), (members[only[members]], True)]
    return [lot for lot in lots if lot[0].size]


def _sought(
    parties: Parties, buyer: Integers, number: Integers, amount: Floats, share: Floats
) -> Needs:
    order = np.lexsort((buyer, parties.region[buyer], number))
    return Needs(
        buyer[order].astype(np.int32), number[order].astype(np.int32), amount[order], share[order]
    )


def _unserved(
    parties: Parties,
    sectors: tuple[str, ...],
    parts: list[tuple[Integers, Integers, Floats]],
) -> pl.DataFrame:
    schema = {"buyer": pl.Int64, "input": pl.String, "need": pl.Float64}
    if not parts:
        return pl.DataFrame(schema=schema)
    buyer, sector, amount = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((buyer, parties.region[buyer], sector))
    names = pl.Series(sectors, dtype=pl.String).gather(sector[order])
    return pl.DataFrame(
        {"buyer": buyer[order], "input": names, "need": amount[order]}, schema_overrides=schema
    )


def _beyond(parts: list[tuple[str, float, bool]]) -> pl.DataFrame:
    schema = {"input": pl.String, "need": pl.Float64, "served": pl.Boolean}
    need, served = pl.col("need"), pl.col("served")
    return (
        pl.DataFrame(parts, schema=schema, orient="row")
        .group_by("input", maintain_order=True)
        .agg(
            no_supplier=need.filter(~served).sum(),
            not_sought=need.filter(served).sum(),
        )
    )


def _enterprises(listed: pl.DataFrame) -> pl.DataFrame:
    return listed.select("enterprise", "industry", "origin", "count", "output", "spare_output")


def _cells(study: Study) -> pl.DataFrame:
    """Output of every region's industry in the last year, as blocks of unknown count."""
    panel = output_panel(study)
    if not panel.years or not study.about.measured_by.is_money:
        _refuse(study, "enterprises", "", _NO_TABLES, _ONE_OF_THEM)
    output = panel.output[:, :, -1]
    n, s = np.nonzero(output > 0)
    return pl.DataFrame(
        {
            "industry": pl.Series(panel.industries, dtype=pl.String).gather(s),
            "origin": pl.Series(panel.regions, dtype=pl.String).gather(n),
            "output": output[n, s],
        }
    ).select(
        pl.concat_str("origin", pl.lit("/"), "industry").alias("enterprise"),
        "industry",
        "origin",
        pl.lit(None, pl.Int64).alias("count"),
        "output",
        pl.lit(None, pl.Float64).alias("spare_output"),
    )


def _number(codes: pl.Series, known: tuple[str, ...]) -> pl.Series:
    return codes.cast(pl.Enum(known)).to_physical().cast(pl.Int32)


def _freight(study: Study, regions: tuple[str, ...], by_distance: Floats) -> Floats:
    """(N, N) freight costs as stated, otherwise by distance, otherwise the largest known.

    Zero for all where none is known.
    """
    own = stated(study.tables, "freight_cost", regions, regions)
    freight = np.where(np.isfinite(own), own, by_distance)
    known = freight[np.isfinite(freight)]
    return np.where(np.isfinite(freight), freight, known.max(initial=0.0))


def _nation(study: Study, industries: tuple[str, ...]) -> InputOutputTable:
    return national_table_of(study, base_year(study), industries)


_NO_PARTIES = ("no enterprise in the country with output", "没有一家境内企业填写产出")
_FILLED = ("output in at least one row", "至少一行填写 output")
_NO_TABLES = ("neither enterprises nor output in activity", "既无企业也无 activity 的产出")
_ONE_OF_THEM = ("one of them", "二者之一")
_NO_INPUTS = (
    "no party of the list can supply an input of another",
    "名单内没有一方能供应另一方的投入",
)
_SOME_INPUTS = (
    "flows between the industries of the list, with spare output of the supplier",
    "名单内行业之间的流量，且供应方有可增供",
)


def _refuse(
    study: Study,
    table: str,
    column: str,
    found: tuple[str, str],
    expected: tuple[str, str] = _FILLED,
) -> NoReturn:
    problem = Problem(
        file=study.path,
        table=table,
        row=None,
        column=column,
        found=found[0],
        expected=expected[0],
        found_zh=found[1],
        expected_zh=expected[1],
    )
    raise WantOfData([problem])
