"""Who may be party to a contract in a study's market, by code and by names."""

import polars as pl

from yanzhen.market.equilibrium.cleared_study import ClearedStudy


def homes(cleared: ClearedStudy) -> dict[str, str]:
    """Codes of the regions with enterprises that may move, by code and names."""
    origins = cleared.formulation.blocks["origin"]
    return _by_name(cleared.inputs.study.tables["regions"], "region", origins)


def hosts(cleared: ClearedStudy) -> dict[str, str]:
    """Codes of the sites, by code and names."""
    tables, sites = cleared.inputs.study.tables, cleared.formulation.room.sites["site"]
    return _by_name(tables["regions"], "region", sites) | _by_name(tables["sites"], "site", sites)


def industries(cleared: ClearedStudy) -> dict[str, str]:
    """Codes of the industries of the market, by code and names."""
    used = cleared.formulation.blocks["industry"]
    return _by_name(cleared.inputs.study.tables["industries"], "industry", used)


def _by_name(table: pl.DataFrame, key: str, codes: pl.Series) -> dict[str, str]:
    named = table.filter(pl.col(key).is_in(codes.unique().implode()))
    return {
        name: code
        for code, *names in named.select(key, "name_zh", "name_en").iter_rows()
        for name in (code, *names)
        if name
    }
