"""Patent classes (IPC): the levels at which two achievements may be of one kind."""

import re
from collections.abc import Sequence

import numpy as np
import polars as pl
from numba import njit

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
    sizes = np.bincount(added["row"].to_numpy(), minlength=features.language.size)
    start, key, channel, count = _behind(
        features.start,
        features.key,
        features.channel,
        features.count,
        np.concatenate([[0], np.cumsum(sizes)]),
        added["key"].to_numpy(),
        added["channel"].to_numpy(),
    )
    return Features(start, key, channel, count, features.language)


@njit(cache=True)
def _behind(start, key, channel, count, added_start, added_key, added_channel):  # type: ignore[no-untyped-def]
    """Features of each text with those added behind them, once each."""
    size = key.size + added_key.size
    keys, channels = np.empty(size, np.uint64), np.empty(size, np.uint8)
    counts = np.ones(size, np.float32)
    for t in range(start.size - 1):
        at = start[t] + added_start[t]
        own = start[t + 1] - start[t]
        keys[at : at + own] = key[start[t] : start[t + 1]]
        channels[at : at + own] = channel[start[t] : start[t + 1]]
        counts[at : at + own] = count[start[t] : start[t + 1]]
        at += own
        own = added_start[t + 1] - added_start[t]
        keys[at : at + own] = added_key[added_start[t] : added_start[t + 1]]
        channels[at : at + own] = added_channel[added_start[t] : added_start[t + 1]]
    return start + added_start, keys, channels, counts
