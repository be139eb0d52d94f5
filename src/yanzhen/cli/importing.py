"""`yanzhen import`: files as offices have them, into a study."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import WRONG_INPUT, honest_exit, reject
from yanzhen.cli.screen import print_json, print_list, print_problems, refuse, stdout, warn, working

if TYPE_CHECKING:
    from yanzhen.study.importing.understanding import Understanding

MOST_NAMES = 40


Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", show_default=False, help=help_of("files"))
]
Into = Annotated[Path, typer.Option(metavar="STUDY", help=help_of("into"))]
MappingFile = Annotated[
    Path | None, typer.Option(metavar="FILE", show_default=False, help=help_of("mapping"))
]
TableName = Annotated[
    str | None, typer.Option(metavar="NAME", show_default=False, help=help_of("table"))
]
Write = Annotated[bool, typer.Option("--write", help=help_of("write"))]


def import_files(
    files: Files,
    into: Into,
    mapping: MappingFile = None,
    table: TableName = None,
    write: Write = False,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Bring files as offices have them into a study, and show first what was understood.
    把手头的文件导入研究；先显示读懂的内容，再写入。

    Years as sheets, rows or columns; headings of several lines; units in headings and corners;
    totals, notes and marks of missing; names of places and industries in place of codes. What is
    not clear is asked, never guessed.

    年份作工作表、行或列，多行表头，写在表头或角标中的单位，合计、注释与缺失标记，以名称代替
    代码，均可读取。不清楚之处逐项询问，绝不猜测。
    """
    language = lang or language_of()
    with honest_exit(language, as_json):
        from yanzhen.study.importing.mapping import Mapped, read_mapping
        from yanzhen.study.importing.understanding import understood
        from yanzhen.study.importing.writing import write_import
        from yanzhen.study.problem import nearest
        from yanzhen.study.tables import TABLES

        if table is not None and table not in TABLES:
            close = nearest(table, TABLES) or ", ".join(TABLES)
            reject(word(language, "no_table", table=table, close=close))
        with working(word(language, "reading_files")):
            mapped = Mapped() if mapping is None else read_mapping(mapping)
            found = understood(files, into, mapped, table)
        if not as_json:
            _tell(found, language)
        written = write_import(found) if write and not found.problems else ()
    if as_json:
        print_json(_plain(found, written, language))
    else:
        _conclude(found, written, language)
    if found.problems:
        raise typer.Exit(WRONG_INPUT)


def _tell(found: "Understanding", language: Language) -> None:
    """Print what was understood: each sheet, the names, the totals, what the study gains."""
    from rich.table import Table
    from rich.text import Text

    from yanzhen.study.importing.telling import (
        changes_told,
        names_told,
        sheets_told,
        totals_told,
    )

    for sheet in sheets_told(found, language):
        stdout().print(Text(sheet.headline, style="bold"), soft_wrap=True)
        if sheet.columns:
            table = Table(header_style="bold")
            for heading in word(language, "headings.import_columns").split():
                table.add_column(heading, overflow="fold")
            for row in sheet.columns:
                table.add_row(*map(Text, row))
            stdout().print(table)
        print_list(sheet.left_out)
    for axis in (found.regions, found.industries):
        names = names_told(axis.found, language)
        if not names:
            continue
        table = Table(header_style="bold")
        for heading in word(language, "headings.import_names").split():
            table.add_column(heading, overflow="fold")
        for name in names[:MOST_NAMES]:
            table.add_row(*map(Text, name))
        stdout().print(table)
        if len(names) > MOST_NAMES:
            more = len(names) - MOST_NAMES
            print_list([word(language, "more_names", count=more)])
    print_list(totals_told(found.totals, language))
    print_list(changes_told(found, language))


def _conclude(found: "Understanding", written: tuple[Path, ...], language: Language) -> None:
    """Print what is worth a look, what must be settled first, or what was written."""
    if found.notes:
        warn(word(language, "warnings", count=len(found.notes)))
        print_problems(found.notes, stdout(), language)
    if found.problems:
        print_problems(found.problems, stdout(), language)
        refuse(word(language, "import_open", count=len(found.problems)))
        return
    if written:
        print_list(str(path) for path in written)
        said = word(language, "import_written", study=found.into)
    else:
        said = word(language, "import_not_written")
    stdout().print(said, soft_wrap=True, markup=False)


def _plain(
    found: "Understanding", written: tuple[Path, ...], language: Language
) -> dict[str, object]:
    """What was understood and written, as plain values."""
    from yanzhen.study.importing.telling import told

    return {
        "into": str(found.into),
        **told(found, language),
        "written": [str(path) for path in written],
    }
