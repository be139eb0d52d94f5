"""The addresses of every analysis: findings, tables, pictures and the report."""

import re
from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import Any, Literal

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse

from yanzhen.api.analyses import KeptAnalyses
from yanzhen.api.responses import FILE, LACKING, REFUSALS, Form, Spoken, sent, sent_file
from yanzhen.report.analyses.analysis import Ask
from yanzhen.report.text.words import Lang

LANG = Parameter("lang", Parameter.KEYWORD_ONLY, default="zh", annotation=Spoken)
FORM = Parameter("form", Parameter.KEYWORD_ONLY, default="json", annotation=Form)
DOCUMENT = FORM.replace(default="html", annotation=Literal["html", "xlsx", "docx"])


def add_analysis(app: FastAPI, kept: KeptAnalyses) -> None:
    """Add the addresses of an analysis; their parameters are what it can be asked."""
    analysis = kept.analysis
    of_result, of_view = analysis.served("result"), analysis.served("view")
    about = analysis.title[1]

    def findings(study: str, lang: Lang, **asked: Any) -> list[str]:
        return kept.findings(study, lang, asked)

    def table(study: str, table: str, lang: Lang, form: Form, **asked: Any) -> Response:
        shown, found = kept.table(study, table, lang, asked), kept.of(study, asked)
        return sent(shown, found, analysis.work.year(found), lang, form)

    def figure(study: str, figure: str, lang: Lang, **asked: Any) -> dict[str, Any]:
        return kept.picture(study, figure, lang, asked)

    def report(
        study: str, lang: Lang, form: Literal["html", "xlsx", "docx"], **asked: Any
    ) -> FileResponse:
        path = kept.report(study, lang, form, asked)
        return sent_file(path, kept.of(study, asked).study.about.synthetic)

    def add(
        path: str,
        answer: Callable[..., Any],
        asks: Sequence[Ask],
        last: Sequence[Parameter],
        responses: dict[int | str, dict[str, Any]],
        said: str,
    ) -> None:
        endpoint = _endpoint(answer, path, asks, last)
        endpoint.__name__ = f"{analysis.name}_{answer.__name__}"
        endpoint.__doc__ = f"{about}: {said}."
        app.get(f"/api/{analysis.results}/{{study}}/{path}", responses=responses)(endpoint)

    every = (*of_result, *of_view)
    add("findings", findings, every, [LANG], REFUSALS, "what was found, in sentences")
    add("tables/{table}", table, every, [LANG, FORM], REFUSALS, "a table")
    add(
        "figures/{figure}",
        figure,
        every,
        [LANG],
        REFUSALS,
        "a picture, as Vega-Lite with its texts",
    )
    add("report", report, of_result, [LANG, DOCUMENT], {**FILE, **LACKING}, "the report as a file")


def _endpoint(
    answer: Callable[..., Any], path: str, asks: Sequence[Ask], last: Sequence[Parameter]
) -> Callable[..., Any]:
    """A function with the parameters of an address, which are read from its signature."""
    in_path = ["study", *re.findall(r"{(\w+)}", path)]
    parameters = [
        *(Parameter(name, Parameter.KEYWORD_ONLY, annotation=str) for name in in_path),
        *(_parameter(ask) for ask in asks),
        *last,
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
