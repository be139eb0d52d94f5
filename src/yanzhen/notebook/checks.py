"""Everything that is wrong with a study, and what is worth a look, in a notebook."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from markupsafe import Markup

from yanzhen.notebook.words import word
from yanzhen.phrasebook import Language, language_of
from yanzhen.pipeline.checking import check_for_all
from yanzhen.study import Problem, Study

HEADS = ("severity", "file", "table", "row", "column", "found", "expected")


@dataclass(frozen=True, repr=False)
class CheckResult:
    """What `check` says of a study.

    Attributes
    ----------
    study : None where its tables cannot be read
    problems, warnings : what refuses the study, and what refuses nothing and should be known
    lang : language of the sentences
    """

    study: Study | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    lang: Language

    @property
    def frame(self) -> pl.DataFrame:
        """Problems, then warnings, one a row: where, what was found and what was expected."""
        schema = {**dict.fromkeys(HEADS, pl.String), "row": pl.Int64}
        rows = [self._row(each) for each in (*self.problems, *self.warnings)]
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _row(self, problem: Problem) -> tuple[str | int | None, ...]:
        where = (problem.severity, problem.file, problem.table, problem.row, problem.column)
        if self.lang == "zh":
            return (*where, problem.found_zh, problem.expected_zh)
        return (*where, problem.found, problem.expected)

    @property
    def findings(self) -> list[str]:
        """How many problems and warnings there are, then each in a sentence."""
        counts = {"problems": len(self.problems), "warnings": len(self.warnings)}
        said = [word(self.lang, "checked.problems" if self.problems else "checked.sound", **counts)]
        return said + [each.text(self.lang) for each in (*self.problems, *self.warnings)]

    def __repr__(self) -> str:
        return "\n".join([*self.findings[:9], word(self.lang, "checked.further")])

    def _repr_html_(self) -> str:
        first, *rest = self.findings
        rows = Markup("").join(Markup("<li>{}</li>").format(each) for each in rest)
        return str(Markup("<p><strong>{}</strong></p><ul>{}</ul>").format(first, rows))


def check(study: str | Path, lang: Language | None = None) -> CheckResult:
    """Say everything that is wrong with a study, and which commands it lacks data for.

    Parameters
    ----------
    study : folder, workbook, database or name of an example
    lang : zh or en; that of the locale without it

    Examples
    --------
    >>> import yanzhen as yz
    >>> found = yz.check("synthetic-docking", lang="en")
    >>> len(found.problems), found.frame.columns[:3]
    (0, ['severity', 'file', 'table'])
    """
    found = check_for_all(study)
    return CheckResult(found.study, found.problems, found.warnings, lang or language_of())
