"""The standard parameters: those that a plan uses when the study says nothing."""

from importlib.resources import files

import polars as pl

from yanzhen.study.problem import Words, nearest
from yanzhen.study.tables import TABLES

OPTIONAL = (
    "departure_share",
    "branch_share",
    "branch_cost",
    "abroad_worth",
    "exit_worth",
    "inbound_worth",
    "chain_strength",
)
"""Parameters that act only where a study has them."""


def standard_assumptions() -> pl.DataFrame:
    """The standard parameter table: value, unit, interval, source, notes."""
    schema = {name: column.dtype for name, column in TABLES["parameters"].columns().items()}
    text = files("yanzhen.study").joinpath("assumptions.csv").read_bytes()
    return pl.read_csv(text, schema_overrides=schema)


def known_parameters() -> list[str]:
    """Names of all parameters that something uses."""
    return [*standard_assumptions()["parameter"], *OPTIONAL]


def expected_parameter(name: str) -> Words:
    """What a parameter that nothing uses was probably meant to be."""
    known = known_parameters()
    near = nearest(name, known)
    if near:
        return f"'{near}'", f"“{near}”"
    return "one of " + ", ".join(known), "、".join(known) + " 之一"
