"""A document as a folder: a page, a workbook, and files for other programs."""

from pathlib import Path

from yanzhen.report.document.document import Document
from yanzhen.report.document.frames import write_frames
from yanzhen.report.document.html import page
from yanzhen.report.document.poster import why_no_poster, write_poster
from yanzhen.report.document.workbook import workbook_of, write_book
from yanzhen.report.document.writing import write_text
from yanzhen.study.replacing import unfinished


def write_report(document: Document, folder: Path, stem: str) -> None:
    """Write `stem.html` and `stem.xlsx`, a poster as `stem.pdf`, and the frames in `tables`.

    The page and the workbook are in the document's language; the frames hold codes, as CSV and
    Parquet. The same document gives the same bytes. Where `why_no_poster` says that a poster cannot
    be set here, the rest is written without it. Until all is written the folder says so.
    """
    study = document.reader.study
    with unfinished(folder):
        write_file(document, folder / f"{stem}.html")
        write_file(document, folder / f"{stem}.xlsx")
        if document.poster is not None and why_no_poster(document.reader.lang) is None:
            write_poster(document, document.poster, folder / f"{stem}.pdf")
        write_frames(study, document.frames, document.kinds, folder / "tables", document.named_in)


def write_file(document: Document, path: Path) -> None:
    """Write a document as its file's ending says: html, xlsx, or docx.

    Raises
    ------
    ModuleNotFoundError
        For Word without the extra `office`.
    """
    match path.suffix:
        case ".html":
            write_text(path, page(document))
        case ".xlsx":
            write_book(workbook_of(document), path, document.reader.lang)
        case ".docx":
            from yanzhen.report.document.docx import write_docx

            write_docx(document, path)
        case other:
            raise ValueError(f"A report is html, xlsx or docx, not {other!r}.")
