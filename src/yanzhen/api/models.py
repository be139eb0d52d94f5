"""What answers hold, as the description of the API says it."""

from typing import Annotated, Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from yanzhen.market.plan.plan import Plan
from yanzhen.report.tables.enterprise import BEST_SITES
from yanzhen.study import Problem
from yanzhen.study.about import About
from yanzhen.study.importing.telling import SheetTold
from yanzhen.study.result_columns import Columns, columns_of

Cell = str | int | float | bool | None
Rows = list[dict[str, Cell]]
"""Rows of a frame, by the names of its columns."""
Findings = Annotated[list[str], Field(description="Sentences")]
OF_PLAN = columns_of(Plan)
INTEGERS, TRUTHS = (pl.Int64, pl.Int32, pl.UInt32), (pl.Boolean,)


def rows_of(columns: Columns) -> WithJsonSchema:
    """Describe rows by the columns that are declared of them."""
    described = {name: {"type": [_type(kind), "null"]} for name, kind in columns.types.items()}
    row = {"type": "object", "properties": described, "required": list(described)}
    return WithJsonSchema({"type": "array", "items": row})


def _type(kind: Any) -> str:
    if kind in TRUTHS:
        return "boolean"
    if kind in INTEGERS:
        return "integer"
    return "number" if kind == pl.Float64 else "string"


class Taken(BaseModel):
    """A study that was taken."""

    study: str = Field(description="Its key in addresses")


class ListedStudy(BaseModel):
    """A study and what has been made of it."""

    study: str
    origin: Literal["example", "path", "upload"]
    title_zh: str
    title_en: str
    synthetic: bool = Field(description="Whether its figures are made up")
    plan: bool
    diagnosis: bool


class StudyTold(BaseModel):
    """What a study says about itself."""

    about: About
    rows: dict[str, int] = Field(description="Rows of each table")


class ColumnShown(BaseModel):
    """A column of a table."""

    name: str
    head: str
    unit: str = Field(description="1 for shares, which are fractions")
    kind: str


class TableShown(BaseModel):
    """A table in the units and words that a reader sees."""

    key: str
    title: str
    note: str
    columns: list[ColumnShown]
    rows: list[list[Cell]]
    estimated: list[Annotated[list[int], Field(min_length=2, max_length=2)]] = Field(
        description="Row of this page and column of each cell that is an estimate"
    )
    total: int = Field(description="Rows of the whole table")
    next: str | None = Field(description="Where the next page of rows begins, null at the last")


class TableNamed(BaseModel):
    """A table that can be asked for."""

    key: str
    title: str
    rows: int


class Picture(BaseModel):
    """A picture as a Vega-Lite specification with its texts."""

    key: str
    title: str
    reading: str
    aspect: str = Field(description="Breadth / height where it is fixed, otherwise empty")
    spec: dict[str, Any]


class Sizes(BaseModel):
    """What the size of a plan's cells is measured by."""

    measure: str
    unit: str


class Draws(BaseModel):
    """Draws of the parameters."""

    made: int
    cleared: int


class PlanHeadlines(BaseModel):
    """The headline figures of a plan."""

    model_config = ConfigDict(extra="allow")

    study: str
    study_zh: str
    synthetic: bool
    period: list[int]
    money_unit: str
    size: Sizes
    moving_output: float
    moving_share: float | None
    draws: Draws
    macro_regions: Annotated[Rows, rows_of(OF_PLAN["macro_regions"])]
    macro_flows: Annotated[Rows, rows_of(OF_PLAN["macro_flows"])]
    largest_moves: Annotated[Rows, rows_of(OF_PLAN["moves"])]
    scarce_sites: Annotated[Rows, rows_of(OF_PLAN["prices"])]
    site_ranks: Rows
    without_site: list[str]
    distances_assumed: list[str]
    certificate: dict[str, float | int | bool]
    certificate_passed: bool


class RankedSite(BaseModel):
    """A site as an enterprise sees it; the gain is the sum of the terms, shares of its output."""

    model_config = ConfigDict(extra="allow")

    rank: int | None = Field(description="Null where the site is closed to the enterprise")
    site: str
    region: str
    gain: float | None
    probability: float
    listing: str | None
    rule: str | None


class ListTaken(BaseModel):
    """A list of enterprises that was taken."""

    study: str
    list: str


class ListedScenario(BaseModel):
    """A scenario that can be set beside a plan."""

    name: str
    title_zh: str
    title_en: str
    own: bool = Field(description="Whether it was supposed by readers of the study")


class Question(BaseModel):
    """Something that an import asks."""

    section: str
    key: str
    asked: str
    choices: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = Field(
        description="Value and what it means; empty where any value may be"
    )


class Understood(BaseModel):
    """What was understood of files, what is wrong and what is asked."""

    sheets: list[SheetTold]
    regions: list[tuple[str, str, str]] = Field(description="Label, code with name, how found")
    industries: list[tuple[str, str, str]]
    totals: list[str]
    changes: list[str]
    problems: list[Problem]
    questions: list[Question]


class ImportTaken(BaseModel):
    """An import that was taken."""

    name: str = Field(serialization_alias="import")


class JudgedMatch(BaseModel):
    """A reader's verdict on a match."""

    achievement: str
    partner: str
    verdict: str
    reason: str | None
    day: str | None = None


class WrongField(BaseModel):
    """What of a request is wrong."""

    in_: str = Field(alias="in", description="path, query, header or body")
    pointer: str = Field(description="Where in it (RFC 6901)")
    detail: str


class ProblemDetails(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    type: str = Field(description="Address of a page about such problems")
    title: str
    title_zh: str
    status: int
    errors: list[WrongField] = []
    problems: list[Problem] = Field([], description="Every problem of a study, list or terms")


BestSites = Annotated[Rows, rows_of(BEST_SITES)]
