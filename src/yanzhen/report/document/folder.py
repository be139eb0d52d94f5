"""A document as a folder: a page, a workbook, and files for other programs."""

from pathlib import Path

import vl_convert

from yanzhen.report.document.document import Document, Drawing
from yanzhen.report.document.frames import write_frames
from yanzhen.report.document.html import page
from yanzhen.report.document.workbook import workbook_of, write_book
from yanzhen.report.document.writing import beside, write_text


def write_report(document: Document, folder: Path, stem: str) -> None:
    """Write `stem.html` and `stem.xlsx`, a poster as `stem.pdf`, and the frames in `tables`.

    The page and the workbook are in the document's language; the frames hold codes, as CSV and
    Parquet. The same document gives the same bytes, but for the PDF.
    """
    write_file(document, folder / f"{stem}.html")
    write_file(document, folder / f"{stem}.xlsx")
    if document.poster is not None:
        write_poster(document.poster, folder / f"{stem}.pdf")
    write_frames(
        document.reader.study, document.frames, document.kinds, folder / "tables", document.named_in
    )


def write_poster(poster: Drawing, path: Path) -> None:
    """Write a picture as one page of PDF, whose parts come in no fixed order."""
    drawn: bytes = vl_convert.vegalite_to_pdf(poster.chart.to_dict(validate=False))
    with beside(path) as part:
        part.write_bytes(drawn)


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
