"""A command for every analysis: its options are what the analysis can be asked."""

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yanzhen.cli.language import Language, language_of, word
from yanzhen.cli.naming import code_of, require_study, study_of
from yanzhen.cli.options import AsJson, Folder, Spoken, StudyName, option_of
from yanzhen.cli.outcome import FAILED, honest_exit, reject
from yanzhen.cli.screen import (
    point_to,
    print_json,
    print_list,
    refuse,
    stderr,
    warn,
    warn_of_synthetic,
    working,
)
from yanzhen.cli.settings import numbers_of
from yanzhen.phrasebook import in_language
from yanzhen.report.analyses.analysis import Analysis, Ask, NotThere, Tell

if TYPE_CHECKING:
    from rich.status import Status

    from yanzhen.study import Study

TYPES: Mapping[str, Any] = {
    "integer": int,
    "number": float,
    "flag": bool,
    "settings": list[str],
}


def command_of(analysis: Analysis) -> Callable[..., None]:
    """Return the command of an analysis."""
    parameters = [
        _parameter("study", StudyName, Parameter.empty),
        *(_parameter(ask.name, _annotation(ask), ask.usual) for ask in analysis.asks),
        _parameter("out", Folder, None),
        _parameter("lang", Spoken, None),
        _parameter("as_json", AsJson, False),
    ]

    def command(**given: Any) -> None:
        _carry_out(analysis, given)

    command.__name__ = analysis.command or analysis.name
    command.__doc__ = analysis.help
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    vars(command)["__signature__"] = Signature(parameters)
    return command


def _parameter(name: str, annotation: Any, usual: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=usual)


def _annotation(ask: Ask) -> Any:
    kind = TYPES.get(ask.kind, str)
    return Annotated[kind if ask.usual is not None else kind | None, option_of(ask)]


def _carry_out(analysis: Analysis, given: Mapping[str, Any]) -> None:
    language: Language = given["lang"] or language_of()
    name, out, as_json = study_of(given["study"]), given["out"], given["as_json"]
    require_study(name, language)
    with honest_exit(language, as_json):
        from yanzhen.report.text.reader import Reader
        from yanzhen.study import read_study

        work = analysis.work
        asked = {ask.name: given[ask.name] for ask in analysis.asks}
        for ask in analysis.asks:
            if ask.kind == "settings":
                asked[ask.name] = numbers_of(asked[ask.name] or [], language)
        with working(word(language, "reading")):
            study = read_study(name)
        asked |= _codes(analysis, asked, study, language)
        try:
            with working(in_language(analysis.working[::-1], language)) as status:
                found = work.run(study, asked, _told(status, language))
            reader = Reader(study, language)
            said = (work.told or work.findings)(found, asked, reader)
            if out is not None:
                from yanzhen.report.document.folder import write_report
                from yanzhen.report.document.poster import why_no_poster

                with working(word(language, "writing_report")):
                    document = work.document(found, asked, reader)
                    write_report(document, out, analysis.name)
                lacking = None if document.poster is None else why_no_poster(language)
                if lacking is not None:
                    warn(word(language, f"without_poster.{lacking}"))
            values = work.values(found, asked) if as_json else {}
        except NotThere as error:
            reject(in_language(error.words, language))
    if as_json:
        print_json({"study": name, **values})
    else:
        warn_of_synthetic(study.about, language)
        print_list(said)
        if out is not None:
            point_to(out / f"{analysis.name}.html", language)
    why = None if work.refused is None else work.refused(found, reader)
    if why is not None:
        refuse(why)
        raise typer.Exit(FAILED)


def _codes(
    analysis: Analysis, asked: Mapping[str, Any], study: "Study", language: Language
) -> dict[str, str]:
    """The codes of the regions and industries asked for by code or name."""
    from yanzhen.report.analyses.asked import askable, what_is_asked

    return {
        ask.name: code_of(asked[ask.name], askable(study, ask.kind), what, language)
        for ask in analysis.asks
        if asked[ask.name] is not None and (what := what_is_asked(ask.kind)) is not None
    }


def _told(status: "Status", language: Language) -> Tell:
    """Say on stderr what there is to say, on a terminal in its one moving line."""
    console = stderr()

    def told(_: float, line: tuple[str, str] | None) -> None:
        if line is None:
            return
        text = in_language(line, language)
        if console.is_terminal:
            status.update(text)
        else:
            console.print(text, soft_wrap=True)

    return told
