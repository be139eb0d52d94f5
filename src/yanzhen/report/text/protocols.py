"""What every result that the report shows has: the study that it is about."""

from typing import Protocol

import polars as pl

from yanzhen.study import Study


class Result(Protocol):
    """A plan, a diagnosis."""

    @property
    def study(self) -> Study: ...


class RegionalResult(Result, Protocol):
    """A result that says which regions it is about, in the column `region` of a frame."""

    @property
    def regions(self) -> pl.DataFrame: ...
