"""Which mode for whom: the mode or mix with the largest joint gain of each pair and industry.

Every mode brings its parts (who gains what, and from what); nothing here is particular to one. The
market alone is the mode that gains nobody anything.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from yanzhen.study.result_columns import columns

MARKET_ALONE = "market"
KEYS = ["home", "host", "industry"]
MODES = columns(
    """home host industry mode joint home_gain host_gain lead why why_amount against
    against_amount"""
)
"""`mode` is `market` where no mode gains them anything; `lead` is the joint gain beyond the next
best, the market alone included; `why` the part that adds most, `against` the one that costs most,
null for none."""


def choose_mode(
    parts: Mapping[str, pl.DataFrame], mixes: Sequence[tuple[str, ...]] = ()
) -> pl.DataFrame:
    """Choose the mode with the largest joint gain, and say from what.

    Parameters
    ----------
    parts : by mode: home, host, industry, party, part, amount, as `pair_gains` and
        `trusteeship_parts` give them
    mixes : modes that may go together; their gains are added, so modes that change one another's
        gains must bring the mix as a mode of its own

    Returns
    -------
    pl.DataFrame
        `MODES`

    Raises
    ------
    ValueError
        When a mix names a mode that is not there.
    """
    candidates = [table.with_columns(mode=pl.lit(mode)) for mode, table in parts.items()]
    for mix in mixes:
        missing = [mode for mode in mix if mode not in parts]
        if missing:
            raise ValueError(f"a mix names modes without gains: {', '.join(missing)}")
        candidates.append(_mixed(mix, parts))
    every = pl.concat(
        [table.select(*KEYS, "mode", "party", "part", "amount") for table in candidates]
    )
    every = every.filter(pl.col("party").is_in(["home", "host"]))
    joint = every.group_by([*KEYS, "mode"], maintain_order=True).agg(
        joint=pl.col("amount").sum(),
        home_gain=pl.col("amount").filter(pl.col("party") == "home").sum(),
        host_gain=pl.col("amount").filter(pl.col("party") == "host").sum(),
    )
    none = joint.select(KEYS).unique(maintain_order=True)
    none = none.with_columns(mode=pl.lit(MARKET_ALONE), joint=0.0, home_gain=0.0, host_gain=0.0)
    ranked = pl.concat([none.select(joint.columns), joint]).sort(
        [*KEYS, "joint"], descending=[False, False, False, True], maintain_order=True
    )
    best = ranked.group_by(KEYS, maintain_order=True).agg(
        pl.col("mode", "joint", "home_gain", "host_gain").first(),
        lead=pl.col("joint").get(0) - pl.col("joint").get(1),
    )
    sums = every.group_by([*KEYS, "mode", "part"], maintain_order=True).agg(pl.col("amount").sum())
    reasons = sums.group_by([*KEYS, "mode"], maintain_order=True).agg(
        why=pl.col("part").get(pl.col("amount").arg_max()),
        why_amount=pl.col("amount").max(),
        against=pl.col("part").get(pl.col("amount").arg_min()),
        against_amount=pl.col("amount").min(),
    )
    costly = pl.col("against_amount") < 0
    return best.join(reasons, on=[*KEYS, "mode"], how="left", maintain_order="left").with_columns(
        against=pl.when(costly).then("against"),
        against_amount=pl.when(costly).then("against_amount"),
    )


def _mixed(mix: tuple[str, ...], parts: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Parts of all modes of a mix, for pairs and industries that every one of them has."""
    tables = [parts[mode] for mode in mix]
    kept = tables[0].select(KEYS).unique(maintain_order=True)
    for table in tables[1:]:
        kept = kept.join(table.select(KEYS).unique(), on=KEYS, how="semi", maintain_order="left")
    mixed = pl.concat([table.select(*KEYS, "party", "part", "amount") for table in tables])
    return mixed.join(kept, on=KEYS, how="semi", maintain_order="left").with_columns(
        mode=pl.lit(" + ".join(mix))
    )
