"""Addresses of the statistics that are published of the exchange, by period."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.problem_details import Refusal, pointer
from yanzhen.api.responses import CONFLICT, FILE, REFUSALS, UNREAD, WORKBOOK, Spoken, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.deals.register import in_yuan
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.statistics.keeping import (
    KeptPublication,
    NewPublication,
    NoSuchPublication,
    NotPublished,
    chain_holds,
    find_published,
    list_published,
    publish_period,
)
from yanzhen.exchange.statistics.writing import csv_of, notes_on, workbook
from yanzhen.phrasebook import in_language
from yanzhen.report.text.words import Lang
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["statistics"]
ROOT = "/api/v1/exchange/statistics"
MONEY = "100 million CNY"
MOST_UNIT = 1e12
"""To which values are rounded at most."""
EXCEL_MARK = b"\xef\xbb\xbf"
"""By which Excel knows that a CSV file is in UTF-8."""
TableName = Annotated[str, Field(max_length=100)]


class EnteredPublication(BaseModel):
    """A period whose statistics are to be published."""

    model_config = ConfigDict(extra="forbid")

    period: Annotated[str, Field(max_length=10, description="A year such as 2025, or 2025Q1")]
    money: Annotated[str, Field(max_length=40, description="Unit of the values")] = MONEY
    unit: Annotated[float, Field(ge=0, le=MOST_UNIT, description="Values are rounded to it")] = 0.0
    synthetic: bool = Field(False, description="The deals are made up")


class IntervalTold(BaseModel):
    """What anybody can work out of a hidden value from the published tables."""

    low: float
    high: float


class RuleTold(BaseModel):
    """When a cell may be shown."""

    least: int = Field(description="Enterprises at least")
    largest: float = Field(description="Most that one enterprise may have, share")
    two_largest: float = Field(description="What two must have less than, share")
    closeness: float = Field(
        description="Nobody estimates the largest contribution of a cell more closely, share"
    )


class PublicationTold(BaseModel):
    """A publication."""

    number: int
    period: str
    money: str
    unit: float
    synthetic: bool
    made_at: str
    previous: str = Field(description="Hash of the publication before")
    hash: str = Field(description="Of this publication and all before it (SHA-256)")
    hidden: int = Field(description="Hidden cells")
    narrowest: IntervalTold | None = Field(
        description="The narrowest interval of a hidden value beside its upper end"
    )
    attacked_with: list[str] = Field(description="Periods that it was attacked together with")
    rule: RuleTold


class CellTold(BaseModel):
    """A cell; records and value are null where it is hidden."""

    codes: dict[str, str]
    names: dict[str, str]
    records: int | None
    value: float | None
    interval: IntervalTold | None = Field(None, description="Of a hidden value, if worked out")


class StatisticsTableTold(BaseModel):
    """A table of a publication."""

    name: str
    title: str
    cells: list[CellTold]


class WholePublicationTold(PublicationTold):
    """A publication with its tables and what has to be known of them."""

    notes: list[str]
    tables: list[StatisticsTableTold]


class ChainTold(BaseModel):
    """Whether the publications are what was given out."""

    holds: bool = Field(description="None was changed, taken out or put in")


def add_statistics(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of published statistics."""

    @app.get(ROOT, responses=REFUSALS, tags=TAGS)
    def list_statistics() -> list[PublicationTold]:
        """Return what was published, the newest first."""
        found = list_published(bench.database, current_viewer())
        return [PublicationTold(**_told(each)) for each in found]

    @app.post(ROOT, status_code=201, responses={**REFUSALS, **UNREAD, **CONFLICT}, tags=TAGS)
    def publish_statistics(asked: EnteredPublication) -> PublicationTold:
        """Publish the statistics of a period, or say which cells would tell of an enterprise."""
        with refused_by_statistics():
            return PublicationTold(**_told(publish(bench, asked)))

    @app.get(f"{ROOT}/verification", responses=REFUSALS, tags=TAGS)
    def verify_statistics() -> ChainTold:
        """Read all publications, and what they were made of, and return whether the chain holds."""
        return ChainTold(holds=chain_holds(bench.database))

    @app.get(f"{ROOT}/{{number}}", responses=REFUSALS, tags=TAGS)
    def get_statistics(number: int, lang: Spoken = "zh") -> WholePublicationTold:
        """Return a publication with its tables."""
        with refused_by_statistics():
            kept = find_published(bench.database, current_viewer(), number)
        notes = notes_on(kept.given, lang, kept.given.money)
        tables = [_table(kept, name, lang) for name in kept.given.tables]
        return WholePublicationTold(**_told(kept), notes=notes, tables=tables)

    @app.get(f"{ROOT}/{{number}}/file", responses=FILE, response_class=Response, tags=TAGS)
    def get_statistics_file(
        number: int,
        form: Literal["csv", "xlsx"] = "xlsx",
        table: TableName = "by_region_and_industry",
        lang: Spoken = "zh",
    ) -> Response:
        """Return all tables as an Excel workbook, or one of them as CSV."""
        with refused_by_statistics():
            kept = find_published(bench.database, current_viewer(), number)
        mark = "SYNTHETIC_" if kept.given.synthetic else ""
        if form == "xlsx":
            given = kept.given
            book = workbook(given, given.hierarchies, given.titles, lang, given.money)
            return _file(book, f"{mark}statistics_{given.period}_{lang}.xlsx", WORKBOOK)
        if table not in kept.given.tables:
            raise Refusal(404, f"There is no table {table!r}.", f"没有表“{table}”。")
        name = f"{mark}{table}_{kept.given.period}_{lang}.csv"
        content = EXCEL_MARK + csv_of(kept.given.tables[table], lang)
        return _file(content, name, "text/csv; charset=utf-8")


def publish(bench: Workbench, asked: EnteredPublication) -> KeptPublication:
    """Publish the statistics of a period.

    Raises
    ------
    Refusal
        422 for a period or a unit that is none.
    yanzhen.exchange.statistics.keeping.NotPublished
        An attack succeeds, or the period is not the next one.
    """
    try:
        period = Period.of(asked.period)
    except ValueError:
        raise _wrong(
            "period",
            f"{asked.period!r} is no period: give a year such as 2025 or a quarter such as 2025Q1.",
            f"“{asked.period}”不是有效时期：请填年份（如 2025）或季度（如 2025Q1）。",
        ) from None
    if asked.money not in in_yuan():
        known = ", ".join(in_yuan())
        raise _wrong(
            "money",
            f"{asked.money!r} is no unit of money here: give one of {known}.",
            f"“{asked.money}”不是可用的金额单位：请从 {known} 中选择。",
        )
    study = bench.studies.read(bench.studies.of_all.key)
    new = NewPublication(period, asked.money, asked.unit, asked.synthetic)
    return publish_period(bench.database, current_viewer(), study, new, date.today())


@contextmanager
def refused_by_statistics() -> Iterator[None]:
    """Turn what statistics refuse into problem details."""
    try:
        yield
    except NoSuchPublication as error:
        number = error.args[0]
        raise Refusal(
            404, f"There is no publication {number}.", f"没有第 {number} 期统计。"
        ) from None
    except NotPublished as error:
        raise Refusal(422 if error.problems else 409, *error.words, error.problems) from None


def _wrong(field: str, en: str, zh: str) -> Refusal:
    errors = [{"in": "body", "pointer": pointer([field]), "detail": en}]
    return Refusal(422, en, zh, errors=errors)


def _told(kept: KeptPublication) -> dict[str, Any]:
    given = kept.given
    narrowest = given.narrowest
    return {
        **{"number": kept.number, "period": given.period, "money": given.money},
        **{"unit": given.unit, "synthetic": given.synthetic, "made_at": kept.made_at},
        **{"previous": kept.previous, "hash": kept.hash, "hidden": given.hidden},
        "narrowest": narrowest and IntervalTold(low=narrowest[0], high=narrowest[1]),
        "attacked_with": list(given.attacked_with),
        "rule": RuleTold(**vars(given.rule)),
    }


def _table(kept: KeptPublication, name: str, lang: Lang) -> StatisticsTableTold:
    given = kept.given
    declared = next(each for each in given.declared if each.name == name)
    every, cells = list(given.hierarchies), []
    for *key, records, value in given.tables[name].iter_rows():
        codes = {each: code for each, code in zip(every, key, strict=True)}
        interval = (given.intervals or {}).get(tuple(key)) if value is None else None
        shown = {each: codes[each] for each in every if each in declared.levels}
        names = {each: given.hierarchies[each].name(code, lang) for each, code in shown.items()}
        told = interval and IntervalTold(low=interval[0], high=interval[1])
        cells.append(
            CellTold(codes=shown, names=names, records=records, value=value, interval=told)
        )
    title = in_language(given.titles[name], lang)
    return StatisticsTableTold(name=name, title=title, cells=cells)


def _file(content: bytes, name: str, media: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=headers)
