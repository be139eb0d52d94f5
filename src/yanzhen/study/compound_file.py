"""Old workbooks (.xls), looked through before a library reads them.

An .xls file is a compound file ([MS-CFB]): sectors in chains, which a table (FAT) tells. A chain
that comes back to itself, or a table that names more sectors than there are, makes readers take
all memory; so does a single cell far away from the others, since they hold whole rectangles.
"""

import struct
from collections.abc import Iterator, Sequence

from yanzhen.study.sheet_extent import Extent, require_modest_extents

_FREE = 0xFFFFFFFA
"""From here on numbers stand for no sector."""
_END = 0xFFFFFFFE
_IN_HEADER = 109
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_WORKBOOKS = ("Workbook", "Book")
_BEGIN_SHEET = (0x0809, 0x0409, 0x0209, 0x0009)
_CELLS = frozenset(
    (0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205,
     0x0206, 0x027E, 0x0406)
)  # fmt: skip
"""Records of filled cells ([MS-XLS] and what came before), which begin with row and column."""
_SEVERAL = 0x00BD
"""That of several cells, which ends with the last column."""


class DamagedCompound(ValueError):
    """A compound file whose sectors cannot be followed."""


def require_modest_workbook(content: bytes) -> None:
    """Refuse an .xls file that takes all memory to be read.

    Raises
    ------
    DamagedCompound
        Its chains come back to themselves or lead out of the file.
    yanzhen.study.sheet_extent.TooFar
        Its cells lie too far apart.
    """
    size = _sector_size(content)
    count = max(len(content) // size - 1, 0)
    numbers = _fat_sectors(content, size, count)
    fat = _numbers(b"".join(_sector(content, size, each) for each in numbers))
    _require_ends(fat)
    (first_of_minis,) = struct.unpack_from("<I", content, 60)
    mini_fat = _numbers(_chained(content, size, fat, first_of_minis))
    _require_ends(mini_fat)
    (first,) = struct.unpack_from("<I", content, 48)
    entries = _chained(content, size, fat, first)
    small, of_root = b"", entries[:_ENTRY]
    if len(of_root) == _ENTRY and of_root[66] == _ROOT:
        small = _chained(content, size, fat, struct.unpack_from("<I", of_root, 116)[0])
    (cutoff,) = struct.unpack_from("<I", content, 56)
    extents: list[Extent] = []
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        entry = entries[at : at + _ENTRY]
        named = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)]
        if entry[66] != _STREAM or named.decode("utf-16-le", "replace") not in _WORKBOOKS:
            continue
        start, length = struct.unpack_from("<II", entry, 116)
        if length < cutoff:
            parts = _followed(mini_fat, start)
            held = b"".join(small[64 * each : 64 * each + 64] for each in parts)
        else:
            held = _chained(content, size, fat, start)
        extents += _extents(held)
    require_modest_extents(extents)


def _sector_size(content: bytes) -> int:
    if len(content) < 512:
        raise DamagedCompound("shorter than its header")
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in (9, 12):
        raise DamagedCompound("no known size of sectors")
    return 1 << int(shift)


def _sector(content: bytes, size: int, number: int) -> bytes:
    return content[(number + 1) * size : (number + 2) * size]


def _numbers(content: bytes) -> Sequence[int]:
    whole = len(content) - len(content) % 4
    return [number for (number,) in struct.iter_unpack("<I", content[:whole])]


def _fat_sectors(content: bytes, size: int, count: int) -> list[int]:
    """Sectors that hold the table: the first stand in the header, the others in a chain."""
    numbers = list(struct.unpack_from(f"<{_IN_HEADER}I", content, 76))
    (at,) = struct.unpack_from("<I", content, 68)
    seen = set()
    while at < _FREE:
        if at in seen or at >= count:
            raise DamagedCompound("a chain of sectors without end")
        seen.add(at)
        *more, at = _numbers(_sector(content, size, at)) or (_END,)
        numbers += more
    numbers = [number for number in numbers if number < _FREE]
    if len(numbers) > count or any(number >= count + 1 for number in numbers):
        raise DamagedCompound("more sectors than there are")
    return numbers


def _require_ends(table: Sequence[int]) -> None:
    """Refuse a table in which some chain comes back to itself."""
    ended = bytearray(len(table))
    for start in range(len(table)):
        at, way = start, []
        while at < len(table) and not ended[at]:
            ended[at] = 2
            way.append(at)
            at = table[at]
        if at < len(table) and ended[at] == 2:
            raise DamagedCompound("a chain of sectors without end")
        for each in way:
            ended[each] = 1


def _followed(table: Sequence[int], start: int) -> Iterator[int]:
    at = start
    while at < len(table):
        yield at
        at = table[at]


def _chained(content: bytes, size: int, fat: Sequence[int], start: int) -> bytes:
    return b"".join(_sector(content, size, each) for each in _followed(fat, start))


def _extents(stream: bytes) -> list[Extent]:
    """How far the cells of each sheet of a workbook's stream reach."""
    extents = [Extent()]
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind in _BEGIN_SHEET:
            extents.append(Extent())
        elif kind in _CELLS and length >= 4 and at + 8 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at + 4)
            extents[-1].add(row, column)
            if kind == _SEVERAL and at + 4 + length <= len(stream):
                (last,) = struct.unpack_from("<H", stream, at + 2 + length)
                extents[-1].add(row, last)
        at += 4 + length
    return extents
