"""Linked tables as one set of cells and the sums that hold between them.

A cell is a code in each dimension, that of all where its table does not have the dimension, so that
tables that share a cell share it here. A cell without a contribution is a known zero: it is shown,
and stands in no sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from yanzhen.exchange.statistics.arrays import Floats, Integers
from yanzhen.exchange.statistics.blocks import Blocks, blocks_of
from yanzhen.exchange.statistics.hierarchy import Hierarchy


@dataclass(frozen=True)
class Table:
    """A table: its name, and its dimensions with the levels below all that it shows.

    Attributes
    ----------
    levels : dimension to number of levels, None for all that there are
    """

    name: str
    levels: Mapping[str, int | None]


@dataclass(frozen=True)
class Cells:
    """The cells of linked tables that have contributions, C of them.

    Attributes
    ----------
    keys : (C) a column for each dimension, sorted
    records : (C,) contributions, such as projects: unlike enterprises, they add up
    count : (C,) contributing enterprises
    total, largest, second : (C,) of their contributions; `second` is 0 where there is one alone
    owner : (C,) number of the enterprise that is alone in a cell, -1 where there are more
    relations : (R, C) each row a sum: 1 at the total and -1 at each of its parts
    tables : name of each table to the cells that it shows
    own : enterprise `number`, `cell`, and the `value` and `records` that it has there
    enterprises : names, by number
    blocks : which cells lie near each other
    """

    keys: pl.DataFrame
    records: Integers
    count: Integers
    total: Floats
    largest: Floats
    second: Floats
    owner: Integers
    relations: csr_array
    tables: Mapping[str, Integers]
    own: pl.DataFrame
    enterprises: tuple[str, ...]
    blocks: Blocks

    def __len__(self) -> int:
        return self.keys.height

    def named(self, cell: int) -> str:
        """Return the codes of a cell, as a message names it."""
        return ", ".join(f"{name}={code}" for name, code in self.keys.row(cell, named=True).items())


def cells_of(
    contributions: pl.DataFrame,
    hierarchies: Mapping[str, Hierarchy],
    tables: Sequence[Table],
) -> Cells:
    """Return the cells of linked tables.

    Parameters
    ----------
    contributions : a row for each record: columns `enterprise`, `value` (above zero) and each
        dimension (leaves of its hierarchy)
    hierarchies : of every dimension
    tables : that are published together
    """
    dimensions = tuple(hierarchies)
    names = contributions["enterprise"].unique().sort()
    numbers = pl.DataFrame({"enterprise": names, "number": np.arange(len(names))})
    entered = contributions.join(numbers, on="enterprise").select("number", "value", *dimensions)
    # Sums of doubles depend on their order: the same records give the same bytes in whatever order.
    entered = entered.sort(entered.columns).with_columns(pl.lit(1, pl.Int64).alias("records"))
    parts, relations = [], []
    for table in tables:
        shown = _contributions_in(entered, hierarchies, table)
        parts.append((table.name, shown))
    own = (
        pl.concat([shown for _, shown in parts])
        .unique(subset=["number", *dimensions], maintain_order=True)
        .sort(*dimensions, "number")
    )
    keys = own.select(dimensions).unique().sort(dimensions).with_row_index("cell")
    keys = keys.with_columns(pl.col("cell").cast(pl.Int64))
    own = own.join(keys, on=dimensions, maintain_order="left").select(
        "number", "cell", "value", "records"
    )
    where = {tuple(row[1:]): int(row[0]) for row in keys.iter_rows()}
    shown_in = {
        name: np.sort(
            shown.select(dimensions).unique().join(keys, on=dimensions)["cell"].to_numpy()
        )
        for name, shown in parts
    }
    for table in tables:
        relations.extend(_sums(keys, where, shown_in[table.name], hierarchies, table))
    facts = _facts(own)
    return Cells(
        keys=keys.drop("cell"),
        records=facts["records"].to_numpy().astype(np.int64),
        count=facts["count"].to_numpy().astype(np.int64),
        total=facts["total"].to_numpy(),
        largest=facts["largest"].to_numpy(),
        second=facts["second"].to_numpy(),
        owner=facts["owner"].to_numpy().astype(np.int64),
        relations=_matrix(sorted(set(relations)), keys.height),
        tables=shown_in,
        own=own,
        enterprises=tuple(names),
        blocks=blocks_of(keys, hierarchies, [each.levels for each in tables]),
    )


def _contributions_in(
    entered: pl.DataFrame, hierarchies: Mapping[str, Hierarchy], table: Table
) -> pl.DataFrame:
    """What each enterprise contributes to each cell of a table, inner cells and margins."""
    shown = entered
    for name, hierarchy in hierarchies.items():
        above = hierarchy.above(table.levels.get(name, 0))
        shown = shown.join(
            above, left_on=name, right_on="leaf", maintain_order="left_right"
        ).with_columns(pl.col("code").alias(name))
        shown = (
            shown.drop("code")
            .group_by("number", *hierarchies, maintain_order=True)
            .agg(pl.col("value", "records").sum())
        )
    return shown.select("number", "value", "records", *hierarchies)


def _facts(own: pl.DataFrame) -> pl.DataFrame:
    """Return what rules ask of each cell, in the order of the cells."""
    most = own.sort("cell", "value", "number", descending=[False, True, False])
    facts = most.group_by("cell", maintain_order=True).agg(
        pl.col("records").sum(),
        pl.len().alias("count"),
        pl.col("value").sum().alias("total"),
        pl.col("value").first().alias("largest"),
        pl.col("value").get(1, null_on_oob=True).fill_null(0.0).alias("second"),
        pl.col("number").first().alias("first"),
    )
    alone = pl.when(pl.col("count") == 1).then(pl.col("first")).otherwise(-1)
    return facts.with_columns(alone.alias("owner"))


def _sums(
    keys: pl.DataFrame,
    where: Mapping[tuple[str, ...], int],
    shown: Integers,
    hierarchies: Mapping[str, Hierarchy],
    table: Table,
) -> list[tuple[int, tuple[int, ...]]]:
    """Return each total with its parts, of the cells that a table shows."""
    within = set(shown.tolist())
    dimensions = list(hierarchies)
    parts: dict[tuple[int, int], list[int]] = {}
    for cell, *codes in keys[shown].iter_rows():
        for place, name in enumerate(dimensions):
            above = hierarchies[name].parents[codes[place]]
            if name in table.levels and above is not None:
                total = where[(*codes[:place], above, *codes[place + 1 :])]
                if total in within:
                    parts.setdefault((place, total), []).append(cell)
    return [(total, tuple(sorted(each))) for (_, total), each in parts.items()]


def _matrix(sums: Sequence[tuple[int, tuple[int, ...]]], cells: int) -> csr_array:
    columns = [cell for total, parts in sums for cell in (total, *parts)]
    values = [sign for _, parts in sums for sign in (1.0, *[-1.0] * len(parts))]
    ends = np.cumsum([0, *(1 + len(parts) for _, parts in sums)])
    return csr_array((np.array(values), np.array(columns, np.int64), ends), (len(sums), cells))


def every_combination(hierarchies: Mapping[str, Hierarchy], table: Table) -> pl.DataFrame:
    """Return all cells that a table shows, those without contributions too."""
    codes = [
        each.above(table.levels.get(name, 0))["code"].unique().sort()
        for name, each in hierarchies.items()
    ]
    schema = dict.fromkeys(hierarchies, pl.String)
    return pl.DataFrame(list(product(*codes)), schema=schema, orient="row")
