"""Places and industries by the codes or names that users give them."""

from collections.abc import Iterable, Mapping

import polars as pl

from yanzhen.notebook.words import message
from yanzhen.report.analyses.analysis import Kind
from yanzhen.report.analyses.asked import askable, what_is_asked
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.problem import nearest


def code_among(asked: str, named: Mapping[str, str], what: str, study: Study) -> str:
    """Return the code of a place or industry given by code or name.

    Parameters
    ----------
    named : codes by code and by name
    what : how the argument is called

    Raises
    ------
    StudyError
        When there is none such; it says which are most like it.
    """
    if asked in named:
        return named[asked]
    near = nearest(asked, named)
    some = ", ".join(list(dict.fromkeys(named.values()))[:8])
    key = "no_such_code" if near is None else "another_code"
    words = message(key, asked=asked, near=near, some=some, count=len(set(named.values())))
    raise StudyError([Problem.at(study.path, "", None, what, *words)])


def codes_among(
    asked: Iterable[str], named: Mapping[str, str], what: str, study: Study
) -> tuple[str, ...]:
    """Return the codes of places or industries, each once; as `code_among`."""
    return tuple(dict.fromkeys(code_among(each, named, what, study) for each in asked))


def asked_code(asked: str | None, kind: Kind, what: str, study: Study) -> str | None:
    """Return the code of what an analysis is asked about; None where nothing is asked."""
    key = what_is_asked(kind)
    if asked is None or key is None:
        return asked
    return code_among(asked, by_name(askable(study, kind), key), what, study)


def places(study: Study) -> dict[str, str]:
    """Return the codes of regions and sites by code and name."""
    return by_name(study.tables["regions"], "region") | by_name(study.tables["sites"], "site")


def by_name(table: pl.DataFrame, key: str) -> dict[str, str]:
    """Return the codes of a table by code and by both names."""
    return {
        name: code
        for code, *names in table.select(key, "name_zh", "name_en").iter_rows()
        for name in (code, *names)
        if name
    }
