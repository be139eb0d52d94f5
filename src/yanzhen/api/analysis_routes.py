"""The addresses of every analysis: findings, tables, pictures and the report."""

import re
from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from yanzhen.api.analyses import KeptAnalyses
from yanzhen.api.entity_tags import tagged
from yanzhen.api.models import Findings, Picture
from yanzhen.api.responses import (
    REPORT,
    RESULTS,
    TABLE,
    AskedTable,
    Responses,
    Spoken,
    TableAsked,
    sent,
    sent_file,
)
from yanzhen.report.analyses.analysis import Ask
from yanzhen.report.text.words import Lang

LANG = Parameter("lang", Parameter.KEYWORD_ONLY, default="zh", annotation=Spoken)
ASKED = Parameter("shown", Parameter.KEYWORD_ONLY, annotation=TableAsked)
DOCUMENT = Parameter(
    "form",
    Parameter.KEYWORD_ONLY,
    default="html",
    annotation=Literal["html", "xlsx", "docx"],
)


# Kept whole: four answers and how each is declared.
def add_analysis(app: FastAPI, kept: KeptAnalyses) -> None:
    """Add the addresses of an analysis; their parameters are what it can be asked."""
    analysis = kept.analysis
    of_result, of_view = analysis.served("result"), analysis.served("view")
    about = analysis.title[1]

    def findings(request: Request, study: str, lang: Lang, **asked: Any) -> Findings:
        tagged(request, kept.place_of(study, asked))
        return kept.findings(study, lang, asked)

    # Kept wide: the address, and whatever the analysis asks.
    def table(
        request: Request, study: str, table: str, shown: AskedTable, **asked: Any
    ) -> Response:
        place = kept.place_of(study, asked)
        tagged(request, place)
        found = kept.of(study, asked)
        made = kept.table(study, table, shown.lang, asked)
        return sent(request, place, made, found, analysis.work.year(found), shown)

    def figure(request: Request, study: str, figure: str, lang: Lang, **asked: Any) -> Picture:
        tagged(request, kept.place_of(study, asked))
        return Picture(**kept.picture(study, figure, lang, asked))

    def report(
        request: Request,
        study: str,
        lang: Lang,
        form: Literal["html", "xlsx", "docx"],
        **asked: Any,
    ) -> FileResponse:
        tagged(request, kept.place_of(study, asked))
        path = kept.report(study, lang, form, asked)
        return sent_file(path, kept.of(study, asked).study.about.synthetic)

    def add(
        path: str,
        answer: Callable[..., Any],
        parameters: Sequence[Parameter],
        responses: Responses,
        said: str,
    ) -> None:
        endpoint = _endpoint(answer, path, parameters)
        endpoint.__name__ = f"{analysis.name}_{answer.__name__}"
        endpoint.__doc__ = f"{about}: {said}."
        address = f"/api/v1/{analysis.results}/{{study}}/{path}"
        sent_as = FileResponse if answer is report else JSONResponse
        declared: Any = {"responses": responses, "tags": [analysis.results]}
        app.get(address, response_class=sent_as, **declared)(endpoint)

    asked = [_parameter(ask) for ask in of_result]
    every = [*asked, *(_parameter(ask) for ask in of_view)]
    add("findings", findings, [*every, LANG], RESULTS, "what was found, in sentences")
    add("tables/{table}", table, [*every, ASKED], TABLE, "a table")
    drawn = "a picture, as Vega-Lite with its texts"
    add("figures/{figure}", figure, [*every, LANG], RESULTS, drawn)
    add("report", report, [*asked, LANG, DOCUMENT], REPORT, "the report as a file")


def _endpoint(
    answer: Callable[..., Any], path: str, asked: Sequence[Parameter]
) -> Callable[..., Any]:
    """A function with the parameters of an address, which are read from its signature."""
    in_path = ["study", *re.findall(r"{(\w+)}", path)]
    parameters = [
        Parameter("request", Parameter.KEYWORD_ONLY, annotation=Request),
        *(Parameter(name, Parameter.KEYWORD_ONLY, annotation=str) for name in in_path),
        *asked,
    ]

    def endpoint(**given: Any) -> Any:
        return answer(**given)

    returns = Signature.from_callable(answer).return_annotation
    vars(endpoint)["__signature__"] = Signature(parameters, return_annotation=returns)
    return endpoint


def _parameter(ask: Ask) -> Parameter:
    """What the result depends on is empty where nothing is asked; what narrows it is null."""
    if ask.of == "result":
        return Parameter(ask.name, Parameter.KEYWORD_ONLY, default="", annotation=str)
    return Parameter(ask.name, Parameter.KEYWORD_ONLY, default=None, annotation=str | None)
