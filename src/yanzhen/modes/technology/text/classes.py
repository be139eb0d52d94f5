"""Patent classes (IPC): the levels at which two achievements may be of one kind."""

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from yanzhen.modes.technology.text.features import CLASS, INDUSTRY, Features
from yanzhen.modes.technology.text.hash_table import hash_of

SYMBOL = re.compile(r"^([A-HY]\d{2})([A-Z])?\s*(\d{1,4})?(?:/\d{2,6})?$")
SEPARATOR = ";"


def levels(symbol: str) -> tuple[str, ...]:
    """Class, subclass and main group of a symbol, as `C08L 63/00`: C08, C08L, C08L63.

    Empty for what is no symbol.
    """
    found = SYMBOL.match(symbol.strip().upper())
    if found is None:
        return ()
    whole, subclass, group = found.groups()
    parts = [whole]
    if subclass:
        parts.append(whole + subclass)
        if group:
            parts.append(whole + subclass + group.lstrip("0"))
    return tuple(parts)


def class_features(cells: Sequence[str | None]) -> pl.DataFrame:
    """Hashed levels of the classes of each row.

    Parameters
    ----------
    cells : symbols separated by ; or missing

    Returns
    -------
    row, key, channel; each level of a row once
    """
    return _hashed(cells, CLASS, lambda cell: [x for s in cell.split(SEPARATOR) for x in levels(s)])


def industry_features(cells: Sequence[str | None]) -> pl.DataFrame:
    """Hashed industries of each row, separated by ; as row, key, channel."""
    return _hashed(cells, INDUSTRY, lambda cell: [s.strip() for s in cell.split(SEPARATOR)])


def _hashed(cells, channel, parts) -> pl.DataFrame:  # type: ignore[no-untyped-def]
    column = pl.Series("cell", cells, dtype=pl.String)
    table = pl.DataFrame({"cell": column.drop_nulls().unique(maintain_order=True)})
    keys = [
        list(dict.fromkeys(hash_of(part, channel) for part in parts(cell) if part))
        for cell in table["cell"]
    ]
    table = table.with_columns(pl.Series("key", keys, dtype=pl.List(pl.UInt64)))
    return (
        pl.DataFrame({"row": np.arange(len(column)), "cell": column})
        .join(table, on="cell", maintain_order="left")
        .select("row", "key")
        .explode("key")
        .drop_nulls("key")
        .with_columns(pl.lit(channel, dtype=pl.UInt8).alias("channel"))
    )


def with_structure(
    features: Features, ipc: Sequence[str | None], industry: Sequence[str | None]
) -> Features:
    """Features of texts with those of their patent classes and industries added.

    Parameters
    ----------
    features : of n texts
    ipc, industry : (n,) symbols and codes separated by ; or missing
    """
    added = pl.concat([class_features(ipc), industry_features(industry)])
    if added.is_empty():
        return features
    added = added.sort("row", maintain_order=True)
    row = added["row"].to_numpy()
    behind = features.start[row + 1]
    more = np.bincount(row, minlength=features.language.size)
    return Features(
        features.start + np.concatenate([[0], np.cumsum(more)]),
        np.insert(features.key, behind, added["key"].to_numpy()),
        np.insert(features.channel, behind, added["channel"].to_numpy()),
        np.insert(features.count, behind, np.float32(1.0)),
        features.language,
    )
