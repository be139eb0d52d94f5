"""The name of a region, an industry, a site or an enterprise in a language, one being enough."""

import polars as pl

from yanzhen.phrasebook import Language

OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}


def name_in(language: Language, column: str = "name") -> pl.Expr:
    """The name of each row in a language, the one in the other language where it has none."""
    return pl.coalesce(f"{column}_{language}", f"{column}_{OTHER[language]}")
