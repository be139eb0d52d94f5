"""What an archive unpacks to, measured before anything reads it: a small one may hold very much.

Workbooks are archives too. What an entry says of its own size is not believed. A Parquet file is
taken at its word about its rows.
"""

import zipfile
from io import BytesIO

import polars as pl

from yanzhen.api.problem_details import Refusal
from yanzhen.study.unreadable import Unreadable, reading_file

LARGEST_UNPACKED = 1024 * 1024 * 1024
MOST_ENTRIES = 10_000
AT_ONCE = 1024 * 1024
BELIEVED = 1 << 62
"""Size up to which an entry is read, whatever it says of itself."""
MOST_CELLS = 200_000_000
PARQUET = b"PAR1"
ARCHIVE = b"PK\x03\x04"


def require_modest(
    content: bytes, largest: int = LARGEST_UNPACKED, cells: int = MOST_CELLS
) -> bytes:
    """Return a file that was brought, unless it unpacks to too much.

    What cannot be opened at all is left to whoever reads it.

    Parameters
    ----------
    content : of the file
    largest : bytes of everything in an archive
    cells : of a Parquet file

    Raises
    ------
    Refusal
        413 where it holds more, 415 where an entry cannot be unpacked.
    """
    if content.startswith(PARQUET) and _cells(content) > cells:
        raise Refusal(
            413,
            f"A Parquet file may have at most {cells // 10**6} million cells.",
            f"Parquet 文件不得超过{cells // 10**4}万个单元格。",
        )
    if not content.startswith(ARCHIVE):
        return content
    try:
        with reading_file():
            archive = zipfile.ZipFile(BytesIO(content))
    except (Unreadable, OSError):
        return content
    with archive:
        entries = archive.infolist()
        left = largest
        for entry in entries if len(entries) <= MOST_ENTRIES else ():
            left -= _unpacked(archive, entry, left)
        if left < 0 or len(entries) > MOST_ENTRIES:
            raise _too_much(largest)
    return content


def _cells(content: bytes) -> int:
    """Return how many cells a Parquet file says that it has; none where it cannot be opened."""
    try:
        with reading_file():
            table = pl.scan_parquet(BytesIO(content))
            rows: int = table.select(pl.len()).collect().item()
            return rows * len(table.collect_schema())
    except (Unreadable, OSError):
        return 0


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    """Return how many bytes an entry unpacks to, or one more than there is room for."""
    if room < 0:
        return 0
    said, entry.file_size = entry.file_size, BELIEVED
    size = 0
    try:
        with reading_file(), archive.open(entry) as opened:
            while size <= room and (part := opened.read(AT_ONCE)):
                size += len(part)
    except (Unreadable, OSError) as error:
        told = f"The archive cannot be read: {error}"
        raise Refusal(415, told, f"压缩包无法读取：{error}") from None
    if size <= room and size != said:
        raise Refusal(
            415,
            f"The archive says that {entry.filename!r} has {said} bytes; it has {size}.",
            f"压缩包称“{entry.filename}”有{said}字节，实为{size}字节。",
        )
    return size


def _too_much(largest: int) -> Refusal:
    limit = largest // 1024**2
    return Refusal(
        413,
        f"An archive or workbook may unpack to at most {limit} MB in {MOST_ENTRIES} files.",
        f"压缩包或工作簿解压后不得超过{limit} MB、{MOST_ENTRIES}个文件。",
    )
