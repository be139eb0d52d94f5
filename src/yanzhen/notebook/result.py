"""What all results of a notebook share: they show themselves, and are written to files."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined

from yanzhen.notebook.pictures import Pictures, picture_address, title_of
from yanzhen.notebook.words import NOTEBOOK, message, word
from yanzhen.phrasebook import Language
from yanzhen.report.document.document import Document
from yanzhen.report.document.folder import write_file, write_report
from yanzhen.report.document.frames import described_columns
from yanzhen.report.document.parts import sources, view
from yanzhen.report.tables.table import Table, frames_of
from yanzhen.report.text.reader import Reader
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.problem import nearest, with_nearest
from yanzhen.study.result_columns import Kind, columns_of
from yanzhen.study.words import same

WIDTH = {"zh": 60, "en": 110}
"""Characters of a line; Chinese ones are twice as wide."""
FINDINGS = 3
"""Findings that the text shows."""
FIRST = 5
"""Findings that stand on the card before its picture; the others unfold."""


@dataclass(frozen=True, repr=False, eq=False)
class ShownResult(ABC):
    """A result as a notebook shows it.

    The tables of what was found are attributes, each a Polars frame.

    Attributes
    ----------
    found : what was computed, a frozen dataclass of frames and numbers
    lang : language of the sentences, pictures and files, zh or en
    """

    found: Any
    lang: Language

    name: ClassVar[str]
    """Of its page and workbook in a folder."""
    leading: ClassVar[str] = ""
    """Name of the picture that the result shows of itself; none where empty."""
    named_in: ClassVar[tuple[str, ...]] = ("column",)
    """Groups of the reports' words that name the columns of the tables."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "found":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.found, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *vars(self.found)})

    @property
    def study(self) -> Study:
        """The study that the result is of."""
        study: Study = self.found.study
        return study

    @cached_property
    def reader(self) -> Reader:
        """Words, names and units of the study in the result's language."""
        return Reader(self.study, self.lang)

    @property
    @abstractmethod
    def heading(self) -> str:
        """What the result is, and of which study and year."""

    @property
    @abstractmethod
    def findings(self) -> list[str]:
        """What was found, in sentences, the most important first."""

    @property
    @abstractmethod
    def figures(self) -> Pictures:
        """Pictures by name, each an Altair chart."""

    @property
    def numbers(self) -> tuple[tuple[str, str], ...]:
        """Headline figures under their names; none for most results."""
        return ()

    @property
    def proof(self) -> Table | None:
        """The certificate's checks as shown; None where the result has none of its own."""
        return None

    @property
    def passed(self) -> bool:
        """Whether every check of the certificate holds; true where there is none."""
        return True

    @abstractmethod
    def document(self) -> Document:
        """Return the report, as the command of the same name writes it."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Every table by name, each an attribute as well."""
        return frames_of(self.found)

    def columns_of(self, table: str) -> pl.DataFrame:
        """Return the dictionary of a table's columns: column, type, unit, description.

        Raises
        ------
        StudyError
            When there is no such table.
        """
        tables = self.tables
        if table not in tables:
            expected = (", ".join(tables), "、".join(tables))
            wanted = with_nearest(expected, nearest(table, tables))
            raise StudyError([Problem.at(self.study.path, "", None, "", same(table), wanted)])
        kinds: Mapping[str, Kind] = columns_of(type(self.found)).get(table, {})
        names = {name: name for name in tables[table].columns}
        said = described_columns(self.study, tables[table], kinds, names, self.named_in)
        return said.select("column", "type", "unit", description=f"description_{self.lang}")

    def in_language(self, lang: Language) -> Self:
        """Return the same result told in the other language, zh or en."""
        return replace(self, lang=lang)

    def to_html(self, path: str | Path) -> Path:
        """Write the report as one page that asks nothing of any network; the path ends in .html."""
        return self._write(path, ".html")

    def to_excel(self, path: str | Path) -> Path:
        """Write every table, with units and notes, as a workbook; the path ends in .xlsx."""
        return self._write(path, ".xlsx")

    def to_folder(self, folder: str | Path) -> Path:
        """Write page, workbook and the tables as CSV and Parquet into a folder."""
        folder = Path(folder)
        write_report(self.document(), folder, self.name)
        return folder

    def _write(self, path: str | Path, ending: str) -> Path:
        path = Path(path)
        if path.suffix != ending:
            words = message("other_ending", name=path.name, ending=ending)
            raise StudyError([Problem.at(str(path), "", None, "", *words)])
        write_file(self.document(), path)
        return path

    def __repr__(self) -> str:
        return _text(self)

    def _repr_html_(self) -> str:
        return _html(self)


def _text(result: ShownResult) -> str:
    """Return at most ten lines: what it is, what it finds first, and what can be asked of it."""
    lang, findings = result.lang, result.findings
    filled = ", ".join(name for name, frame in result.tables.items() if frame.height)
    lines = [_marked(result), *(f"- {_short(each, lang)}" for each in findings[:FINDINGS])]
    if result.proof is not None:
        lines.append(word(lang, "proof.passed" if result.passed else "proof.failed"))
    lines.append(word(lang, "text.tables", listed=_short(filled, lang)))
    if result.figures:
        lines.append(word(lang, "text.figures", listed=_short(", ".join(result.figures), lang)))
    return "\n".join([*lines, word(lang, "text.further", count=len(findings))])


def _html(result: ShownResult) -> str:
    """Return the result as HTML that needs no script and no network."""
    about = result.study.about
    chart = result.figures[result.leading] if result.leading else None
    proof = result.proof
    said: dict[str, object] = {
        "w": lambda key, **values: word(result.lang, key, **values),
        "heading": result.heading,
        "study": result.reader.study_title,
        "synthetic": about.synthetic,
        "numbers": result.numbers,
        "findings": result.findings,
        "first": FIRST,
        "picture": None if chart is None else picture_address(chart),
        "picture_title": "" if chart is None else title_of(chart),
        "proof": None if proof is None else view(proof),
        "passed": result.passed,
        "tables": [(name, frame.height) for name, frame in result.tables.items() if frame.height],
        "figures": list(result.figures),
        "sources": list(dict.fromkeys(each["title"] for each in sources(result.reader))),
        "licence": about.licence,
        "lang": "zh-CN" if result.lang == "zh" else "en",
    }
    return _environment().get_template("result.html").render(said)


def _marked(result: ShownResult) -> str:
    if not result.study.about.synthetic:
        return result.heading
    return f"[{word(result.lang, 'synthetic')}] {result.heading}"


def _short(text: str, lang: Language) -> str:
    return text if len(text) <= WIDTH[lang] else f"{text[: WIDTH[lang] - 1]}…"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(NOTEBOOK.package, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
