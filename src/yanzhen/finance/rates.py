"""Rates at which each party and the market discount: declared, of a study, or set by hand."""

from collections.abc import Mapping

import polars as pl

from yanzhen.finance.products.terms import PARTIES
from yanzhen.finance.products.value import DiscountRates
from yanzhen.study.assumptions import parameter_values, parameters_in_use
from yanzhen.study.standard import declaration


def finance_parameters(of_study: pl.DataFrame, changed: Mapping[str, float]) -> pl.DataFrame:
    """The parameters in use.

    Parameters
    ----------
    of_study : all that a study is run with; its own values go before the declared ones
    changed : by the user, who is then the source

    Raises
    ------
    StudyError
        When a name that is set by hand is not among them, or a value has no meaning.
    """
    declared = declaration("yanzhen.finance", "finance_parameters.csv")
    return parameters_in_use(declared, of_study, changed)


def discount_rates(parameters: pl.DataFrame) -> DiscountRates:
    """Return the rates of every party and of the market."""
    value = parameter_values(parameters)
    return DiscountRates(
        {party: value[f"finance_discount_{party}"] for party in PARTIES},
        value["finance_market_loan"],
        value["finance_market_equity"],
    )
