"""What the answers of the API have in common: forms, refusals as declared, tables as sent."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from yanzhen.api.downloads import as_csv, as_json, as_workbook, file_name
from yanzhen.api.models import TableShown
from yanzhen.api.pagination import Cursor, cursor_of, key_of, link_to
from yanzhen.api.problem_details import MEDIA_TYPE, Refusal
from yanzhen.report.tables.table import Table
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.words import Lang

Responses = dict[int | str, dict[str, Any]]
Tags = list[str | Enum]
Form = Literal["json", "csv", "xlsx"]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOLD_ONCE = {"Cache-Control": "no-store"}
"""Header of an answer that holds a secret."""
MOST_ROWS = 10_000
"""Rows of a table that are sent at once as JSON; the files hold all."""


def refused(status: int, description: str) -> Responses:
    """Declare a refusal of an address."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {status: {"description": description, "content": content}}


REFUSALS: Responses = {
    **refused(404, "There is no such thing."),
    **refused(422, "Wrong parameters, or a study with problems."),
}
UNMADE: Responses = {304: {"description": "The reader has this version (If-None-Match)."}}
RESULTS: Responses = {**REFUSALS, **UNMADE}
"""Of addresses whose answers are of a version of a result."""
UNREAD = refused(400, "The body cannot be read.")
UNUSABLE: Responses = {
    **refused(413, "The file is too large."),
    **refused(415, "The file is no study."),
}
LACKING = refused(501, "An extra is not installed.")
CONFLICT = refused(409, "What is asked contradicts what there is.")
FILE: Responses = {200: {"content": {"application/octet-stream": {}}}, **REFUSALS}
REPORT: Responses = {**FILE, **UNMADE, **LACKING}
TABLE: Responses = {
    200: {"model": TableShown, "content": {"text/csv": {}, WORKBOOK: {}}},
    **RESULTS,
    **CONFLICT,
}
Spoken = Annotated[Lang, Query(description="Language of texts")]
MostRows = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most rows of a page of JSON")]


@dataclass(frozen=True)
class AskedTable:
    """How a table is asked for.

    Attributes
    ----------
    lang : of its words
    form : json, or a file that holds all rows
    limit, after : the page of rows, of JSON
    """

    lang: Spoken = "zh"
    form: Form = "json"
    limit: MostRows = MOST_ROWS
    after: Cursor = ""


TableAsked = Annotated[AskedTable, Depends()]


# Kept wide: the table, what it is of, and how it is asked for.
def sent(
    request: Request, place: Path, table: Table, result: Result, year: int, asked: AskedTable
) -> Response:
    """Send a table as JSON, a page at a time, or as a file to save.

    Parameters
    ----------
    place : folder of the result, whose name says its version

    Raises
    ------
    Refusal
        409 where the result was made anew since the page before, 422 where `after` is no cursor.
    """
    if asked.form == "json":
        return _page(request, place.name, table, asked)
    name = file_name(table, result, asked.form)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if asked.form == "csv":
        content = as_csv(table, result.study.about.synthetic, asked.lang)
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
    content = as_workbook(table, result, year, asked.lang)
    return Response(content, media_type=WORKBOOK, headers=headers)


def _page(request: Request, version: str, table: Table, asked: AskedTable) -> Response:
    key = key_of(asked.after, (str, int))
    if key is not None and key[0] != version:
        raise Refusal(
            409,
            "The result was made anew since the page before; begin with the first page.",
            "上一页之后结果已重新生成，请从第一页开始。",
        )
    begins = int(key[1]) if key is not None else 0
    ends = begins + asked.limit
    after = cursor_of((version, ends)) if ends < len(table.rows) else None
    headers = {} if after is None else {"Link": link_to(request, after)}
    return JSONResponse(as_json(table, begins, ends) | {"next": after}, headers=headers)


def sent_file(path: Path, synthetic: bool) -> FileResponse:
    """Send a report to save; one on made-up figures says so in its name."""
    name = f"{'SYNTHETIC_' if synthetic else ''}{path.name}"
    return FileResponse(path, filename=name, media_type="application/octet-stream")
