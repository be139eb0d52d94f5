"""A statement as a file: PDF, workbook, or the text that its hash is of."""

import tempfile
from pathlib import Path

from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import WORKBOOK
from yanzhen.exchange.settlement.issuing import KeptStatement
from yanzhen.exchange.settlement.printed import pdf_of, write_xlsx
from yanzhen.exchange.settlement.statement import written
from yanzhen.report.document.brief import NoChineseFont
from yanzhen.report.text.words import Lang


def statement_file(found: KeptStatement, form: str, lang: Lang) -> tuple[bytes, str, str]:
    """Return a statement as a file: content, name and type of media.

    Raises
    ------
    Refusal
        501 where no font with Chinese characters is there.
    """
    statement = found.statement
    name = f"statement_{statement.period}_{lang}.{form}"
    if form == "json":
        return written(statement).encode(), name, "application/json"
    if form == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            write_xlsx(statement, found.signatures, path, lang)
            return path.read_bytes(), name, WORKBOOK
    try:
        return pdf_of(statement, found.signatures, lang), name, "application/pdf"
    except NoChineseFont:
        raise Refusal(
            501, "The server has no font with Chinese characters.", "服务器没有中文字体。"
        ) from None
