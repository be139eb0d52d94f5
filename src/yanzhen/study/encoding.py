"""Text of whatever encoding: UTF-8, with a byte-order mark or not, UTF-16 with one, GB18030.

Every text that a user brings is decoded here. GB18030 (with GBK and GB 2312 within it) is what
Excel, WPS and Notepad write in China when they are not told otherwise. It has no mark, and bytes
of other encodings can often be decoded by it, into nonsense: so the text must also look Chinese.
What a text is made of is told apart by the plan of GB 2312-1980, which orders the 3,755 most
frequent characters first (rows 16-55) and the 3,008 less frequent ones behind them (rows 56-87).
"""

import codecs
import re
import tomllib
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

from yanzhen.study.problem import Problem, StudyError, Words
from yanzhen.study.words import words

# Beside a text's frequent characters, one in so many may be of another kind.
_ODD_ONE_IN = 4
# One byte in so many is 0 in UTF-16, or in what is no text; in a text it is a slip in a cell.
_NUL_ONE_IN = 8
# A short text, such as the name of one city, may hold so many less frequent characters.
_ODD_AT_ALL = 2

MOST_TOML = 4_000_000
MOST_DOTS = 2_000
"""Signs of a TOML text, and dots in one line of it."""


class NotText(ValueError):
    """Bytes are no text in an encoding that is read.

    Attributes
    ----------
    row : line of the first byte that is not UTF-8, None where the file as a whole is no text
    found : what they are, in both languages
    """

    def __init__(self, row: int | None, found: Words) -> None:
        self.row, self.found = row, found
        super().__init__(found[0])

    def problem(self, file: str, table: str) -> Problem:
        """Return this as a problem of a file."""
        return Problem.at(file, table, self.row, "", self.found, words("text_encodings"))


def decoded(raw: bytes) -> str:
    """Return the text that bytes stand for, without its byte-order mark.

    Raises
    ------
    NotText
        The bytes are in none of the encodings, or might be in several.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise NotText(None, words("damaged_utf_16")) from None
    if raw.count(0) * _NUL_ONE_IN >= len(raw) > 0:
        raise NotText(None, words("no_text"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
    try:
        content = raw.decode("gb18030")
    except UnicodeDecodeError:
        raise NotText(row, words("no_utf_8")) from None
    if not _looks_chinese(content):
        raise NotText(row, words("unknown_encoding"))
    return content


def text_of(path: Path, table: str = "") -> str:
    """Return the text of a file, whatever its encoding.

    Raises
    ------
    StudyError
        The file cannot be read as text.
    OSError
        There is no such file, or it cannot be opened.
    """
    try:
        return decoded(path.read_bytes())
    except NotText as error:
        raise StudyError([error.problem(path.name, table)]) from None


def marked_as_text(content: str) -> BytesIO:
    """Return a text for Polars to read, marked so that it is not taken for anything packed.

    What begins as a stream of zlib does, `x` and a control character, would be unpacked.
    """
    return BytesIO(codecs.BOM_UTF8 + content.encode())


def toml_of(content: str, file: str, table: str, lines: str) -> dict[str, Any]:
    """Return what a TOML text says.

    Parameters
    ----------
    content : the text
    file, table : what problems call it
    lines : an example of a line that is expected

    Raises
    ------
    StudyError
        The text is not TOML, with the line that is not, or is made to take all memory.
    """
    # Keys of many parts take memory by their square, lists in lists the stack.
    longest = max(content.split("\n"), key=lambda line: line.count("."), default="")
    if len(content) > MOST_TOML or longest.count(".") > MOST_DOTS:
        raise StudyError([Problem.of("much_toml", file, table, None, "", most=MOST_TOML // 10**6)])
    try:
        return tomllib.loads(content)
    except RecursionError:
        raise StudyError([Problem.of("deep_toml", file, table, None, "", lines=lines)]) from None
    except tomllib.TOMLDecodeError as error:
        rows = content.splitlines()
        named = re.search(r"line (\d+)", str(error))
        # Where the end of the text is at fault the error names no line.
        row = int(named.group(1)) if named else max(len(rows), 1)
        shown = rows[row - 1].strip() if row <= len(rows) else ""
        values = {"shown": shown, "error": error, "lines": lines}
        raise StudyError([Problem.of("no_toml", file, table, row, "", **values)]) from None


def _looks_chinese(content: str) -> bool:
    """Whether a text decoded by GB18030 is made of what Chinese texts are made of."""
    frequent = less_frequent = outside = 0
    for sign, times in Counter(content).items():
        if sign.isascii():
            continue
        row = _row_of_gb2312(sign)
        if row in (1, 3) or 16 <= row <= 55:
            frequent += times
        elif row >= 56:
            less_frequent += times
        else:
            outside += times
    few = (frequent + less_frequent + outside) / _ODD_ONE_IN
    return outside <= few and less_frequent <= _ODD_AT_ALL + few


def _row_of_gb2312(sign: str) -> int:
    """Return the row of GB 2312 in which a character stands, 0 where it is in none."""
    try:
        code = sign.encode("gb2312")
    except UnicodeEncodeError:
        return 0
    return code[0] - 0xA0 if len(code) == 2 else 0
