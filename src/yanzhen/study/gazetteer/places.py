"""The units of China's administrative division, with their parents and centres."""

from functools import lru_cache
from importlib.resources import files

import polars as pl

LEVELS = ("province", "prefecture", "county")

_TYPES = {
    "code": pl.String,
    "level": pl.String,
    "name_zh": pl.String,
    "name_en": pl.String,
    "kind": pl.String,
    "parent": pl.String,
    "longitude": pl.Float64,
    "latitude": pl.Float64,
}


@lru_cache(maxsize=1)
def places() -> pl.DataFrame:
    """Return the administrative units of China at the start of 2018, in the order of their codes.

    Returns
    -------
    A row for each unit, every code once: `code` (GB/T 2260), `level` (one of `LEVELS`), `name_zh`
    in full, `name_en` (of provinces alone), `kind` as the source words it (地级市, 自治州, 市辖区,
    县级市, …; of provinces empty), `parent` (the code of the unit above: a county's prefecture, or
    its province where it is directly under it; of provinces empty), `longitude` and `latitude` in
    degrees. A province's point is its capital, that of Taiwan, Hong Kong and Macao and of all units
    below the centre of the largest polygon, to 0.001 degrees: for a mark on a map, not for
    boundaries.

    Names below the province are not unique: look them up within a parent.

    Sources
    -------
    Prefectures and counties were computed from simplified boundaries of the China Urban Research
    Entity Crosswalk, CC BY 4.0; README.md beside the table has the attribution.
    """
    table = files("yanzhen.study.gazetteer").joinpath("places_2018.csv")
    return pl.read_csv(table.read_bytes(), schema=_TYPES)
