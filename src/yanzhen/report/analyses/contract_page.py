"""What the pages on contracts of a study share: blocks of sentences, pictures and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yanzhen.report.document.exports import write_frames
from yanzhen.report.document.parts import picture, rendered, view
from yanzhen.report.document.workbook import Book, how_to_read, write_book
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures.theme import Chart
from yanzhen.report.tables.basis import Parametrised, parameter_table, source_table
from yanzhen.report.tables.table import Kind, Table
from yanzhen.report.text.names import names
from yanzhen.report.text.words import Lang, word

LIMITS = ("origins", "taxes", "payoff", "eligible", "two")


@dataclass(frozen=True)
class Block:
    """A section of a page: sentences, then pictures, then tables.

    Attributes
    ----------
    key : heading, `page.KEY` in `words.toml`
    """

    key: str
    sentences: tuple[str, ...] = ()
    pictures: tuple[tuple[str, Chart], ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Paper:
    """What a page and a workbook on contracts say.

    Attributes
    ----------
    title, lead : of the page
    year : of the workbook's date
    findings : sentences
    blocks : sections after the findings
    limits : sentences
    """

    title: str
    lead: str
    year: int
    findings: tuple[str, ...]
    blocks: tuple[Block, ...]
    limits: tuple[str, ...]


def limits(lang: Lang, keys: Sequence[str] = LIMITS) -> tuple[str, ...]:
    """Return what bounds every figure of a page on contracts."""
    return tuple(
        word(lang, "limit.origins") if key == "origins" else word(lang, f"contract_limit.{key}")
        for key in keys
    )


def page(result: Parametrised, paper: Paper, lang: Lang) -> str:
    """Return a page as HTML."""
    keys = [block.key for block in paper.blocks]
    context = {
        "lead": paper.lead,
        "sections": ["findings", *keys, "basis", "limits", "sources"],
        "findings": paper.findings,
        "blocks": [
            {
                "key": block.key,
                "sentences": block.sentences,
                "pictures": [picture(key, chart) for key, chart in block.pictures],
                "views": [view(table) for table in block.tables if table.rows],
            }
            for block in paper.blocks
        ],
        "parameters": view(parameter_table(result, lang)),
        "limits": paper.limits,
    }
    return rendered("contract_study.html", result, lang, paper.title, context)


def write_paper(
    result: Parametrised,
    frames: Mapping[str, pl.DataFrame],
    paper: Paper,
    kinds: dict[str, dict[str, Kind]],
    folder: Path,
    stem: str,
    lang: Lang,
) -> None:
    """Write a page, a workbook and the frames as files.

    Parameters
    ----------
    frames : by name of the file
    kinds : what each column of a frame holds
    folder, stem : `folder/stem.html`, `folder/stem.xlsx`, and the frames in `folder/tables`
    """
    write_text(folder / f"{stem}.html", page(result, paper, lang))
    book = Book(
        title=paper.title,
        synthetic=result.study.about.synthetic,
        year=paper.year,
        lines=[*how_to_read(result, lang), *paper.limits],
        findings=list(paper.findings),
        tables=[
            *(table for block in paper.blocks for table in block.tables if table.rows),
            parameter_table(result, lang),
            source_table(result, lang),
        ],
    )
    write_book(book, folder / f"{stem}.xlsx", lang)
    write_frames(result, frames, kinds, folder / "tables")


def study_title(result: Parametrised, lang: Lang) -> str:
    """Return the title of the study."""
    about = result.study.about
    return about.title_zh if lang == "zh" else about.title_en


def listed_industries(result: Parametrised, industries: tuple[str, ...], lang: Lang) -> str:
    """Return the names of the industries that a contract covers."""
    if not industries:
        return word(lang, "contract.all_industries")
    known = names(result, lang).industries
    return word(lang, "comma").join(known.get(code, code) for code in industries)
