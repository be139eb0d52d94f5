"""The tables of a study, each declared once."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import dataframely as dy
import polars as pl

from yanzhen.study.columns import Meaning, meaning
from yanzhen.study.problem import Words
from yanzhen.study.tables.economy import (
    Activity,
    ForeignInvestment,
    Indicators,
    Industries,
    InputOutput,
    Intensities,
    Trade,
)
from yanzhen.study.tables.enterprises import (
    Enterprises,
    Funds,
    Moves,
    Projects,
    Resources,
)
from yanzhen.study.tables.finance import FundLimits, ParkFinance, Products
from yanzhen.study.tables.goals import GoalIndicators, Transitions
from yanzhen.study.tables.places import Catalogue, Distances, FactorPrices, Regions, Sites
from yanzhen.study.tables.rules import (
    Accepted,
    Agreements,
    ParameterCovariance,
    Parameters,
    Policies,
    Rules,
    Targets,
)
from yanzhen.study.tables.technology import Incubators, Technologies, TechnologyNeeds

TABLES: Mapping[str, type[dy.Schema]] = MappingProxyType(
    {
        "regions": Regions,
        "industries": Industries,
        "activity": Activity,
        "indicators": Indicators,
        "input_output": InputOutput,
        "distances": Distances,
        "factor_prices": FactorPrices,
        "intensities": Intensities,
        "sites": Sites,
        "resources": Resources,
        "enterprises": Enterprises,
        "moves": Moves,
        "catalogue": Catalogue,
        "rules": Rules,
        "policies": Policies,
        "technologies": Technologies,
        "technology_needs": TechnologyNeeds,
        "incubators": Incubators,
        "agreements": Agreements,
        "funds": Funds,
        "fund_limits": FundLimits,
        "projects": Projects,
        "products": Products,
        "park_finance": ParkFinance,
        "transitions": Transitions,
        "foreign_investment": ForeignInvestment,
        "trade": Trade,
        "targets": Targets,
        "goal_indicators": GoalIndicators,
        "parameters": Parameters,
        "parameter_covariance": ParameterCovariance,
        "accepted": Accepted,
    }
)

REQUIRED_TABLES = ("regions", "industries", "activity")
_EMPTY = {name: schema.create_empty() for name, schema in TABLES.items()}


def all_tables(given: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return every declared table, without rows where it is not given."""
    return {name: given[name] if name in given else _EMPTY[name].clone() for name in TABLES}


@cache
def meanings(table: str) -> Mapping[str, Meaning]:
    """Return what each column of a table says, in the order of the columns."""
    columns = TABLES[table].columns()
    return MappingProxyType({name: meaning(column) for name, column in columns.items()})


_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_BETWEEN_CHINESE = re.compile(
    r"(?<=[\u3000-\u303f\uff00-\uffef]) |(?<=[\u4e00-\u9fff]) (?=[\u3000-\u9fff])"
)


def description(table: str) -> Words:
    """Return what a table holds, in English and in Chinese."""
    paragraphs = (TABLES[table].__doc__ or "").split("\n\n")
    chinese = [part for part in paragraphs if _CHINESE.search(part)]
    english = [part for part in paragraphs if not _CHINESE.search(part)]
    return _one_line(english), _one_line(chinese)


def _one_line(paragraphs: list[str]) -> str:
    """Join the lines; between two Chinese characters there is no space."""
    lines = (line.strip() for part in paragraphs for line in part.splitlines())
    return _BETWEEN_CHINESE.sub("", " ".join(line for line in lines if line))
