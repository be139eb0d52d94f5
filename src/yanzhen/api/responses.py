"""What the answers of the API have in common: forms, refusals as declared, tables as sent."""

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from fastapi.responses import FileResponse, JSONResponse

from yanzhen.api.downloads import as_csv, as_json, as_workbook, file_name
from yanzhen.report.tables.table import Table
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.words import Lang

Form = Literal["json", "csv", "xlsx"]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEM = {
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such thing.", **PROBLEM},
    422: {"description": "Wrong parameters, or a study with problems.", **PROBLEM},
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}},
    **REFUSALS,
}
UNREAD: dict[int | str, dict[str, Any]] = {
    400: {"description": "The body cannot be read.", **PROBLEM},
}
UNUSABLE: dict[int | str, dict[str, Any]] = {
    413: {"description": "The file is too large.", **PROBLEM},
    415: {"description": "The file is no study.", **PROBLEM},
}
LACKING: dict[int | str, dict[str, Any]] = {
    501: {"description": "An extra is not installed.", **PROBLEM},
}
Spoken = Annotated[Lang, Query(description="Language of texts")]


def sent(table: Table, result: Result, year: int, lang: Lang, form: Form) -> Response:
    """Send a table as JSON, or as a file to save."""
    if form == "json":
        return JSONResponse(as_json(table))
    name = file_name(table, result, form)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "csv":
        content = as_csv(table, result.study.about.synthetic, lang)
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
    content = as_workbook(table, result, year, lang)
    return Response(content, media_type=WORKBOOK, headers=headers)


def sent_file(path: Path, synthetic: bool) -> FileResponse:
    """Send a report to save; one on made-up figures says so in its name."""
    name = f"{'SYNTHETIC_' if synthetic else ''}{path.name}"
    return FileResponse(path, filename=name, media_type="application/octet-stream")
