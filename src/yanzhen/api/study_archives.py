"""ZIP archives of studies, as people bring them."""

import zipfile
from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath

from yanzhen.api.problem_details import Refusal
from yanzhen.api.unpacked_size import require_modest
from yanzhen.study import TABLES, Problem
from yanzhen.study.raw import table_named
from yanzhen.study.sources import SETTINGS_FILE
from yanzhen.study.table_file import TABLE_FORMS
from yanzhen.study.unreadable import Unreadable, reading_file
from yanzhen.study.workbook import WORKBOOK_FORMS

_NAMED_IN_UTF_8 = 0x800
"""Bit 11 of the general-purpose flags of an entry (APPNOTE.TXT of the ZIP format, 4.4.4)."""
LARGEST_UPLOAD = 200 * 1024 * 1024
LONGEST_NAME = 200
"""Bytes of a file's name; a longer one is no table's."""
SUFFIXES = (*TABLE_FORMS, ".toml")


def unpack(content: bytes, folder: Path) -> None:
    """Unpack the files of a study's folder from an archive, wherever in it that folder lies.

    What lies beside the topmost `study.toml` is the study. Of what lies in other folders, as the
    empty tables in `optional` or older versions do, a file is taken only if no table of its name
    lies beside `study.toml`. A table that is still there twice is refused with both paths.
    """
    folder.mkdir()
    try:
        with reading_file():
            archive = zipfile.ZipFile(BytesIO(content))
        with archive:
            entries = [
                entry
                for entry in archive.infolist()
                if not entry.is_dir() and _is_part_of_study(_path_in(entry))
            ]
            if sum(entry.file_size for entry in entries) > LARGEST_UPLOAD:
                raise too_large()
            for name, entry in _chosen(entries).items():
                # The name alone: a path in an archive could lead anywhere.
                with reading_file():
                    held = archive.read(entry)
                (folder / name).write_bytes(require_modest(held))
    except Unreadable as error:
        said = f"The archive cannot be read: {error}"
        raise Refusal(415, said, f"压缩包无法读取：{error}") from None


def _path_in(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Return the path of an entry; names in GBK, as Windows writes them in China, are mended.

    Some programs of Windows write its own separator, which would lead into folders there.
    """
    name = entry.filename
    if not entry.flag_bits & _NAMED_IN_UTF_8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return PurePosixPath(PureWindowsPath(name).as_posix())


def _is_part_of_study(path: PurePosixPath) -> bool:
    form = path.suffix.casefold()
    if path.name.startswith((".", "~$")) or not path.name.isprintable():
        return False
    if len(path.name.encode()) > LONGEST_NAME:
        return False
    return form in SUFFIXES and (form not in WORKBOOK_FORMS or table_named(path.stem) in TABLES)


def _chosen(entries: Iterable[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the entry under each name; as `unpack` says."""
    alike: dict[str, list[tuple[PurePosixPath, zipfile.ZipInfo]]] = {}
    for entry in entries:
        path = _path_in(entry)
        is_text = path.suffix.casefold() == ".toml"
        alike.setdefault(path.name if is_text else table_named(path.stem), []).append((path, entry))
    settings = [path.parent for path, _ in alike.get(SETTINGS_FILE, [])]
    depth = min((len(place.parts) for place in settings), default=0)
    homes = [place for place in settings if len(place.parts) == depth]
    chosen, twice = {}, []
    for found in alike.values():
        beside = [each for each in found if each[0].parent in homes] or found
        if len(beside) > 1:
            twice.append(_twice([str(path) for path, _ in beside]))
        path, entry = beside[0]
        chosen[path.name] = entry
    if twice:
        said = "; ".join(problem.found for problem in twice)
        zh = "；".join(problem.found_zh for problem in twice)
        raise Refusal(422, f"The archive holds {said}.", f"压缩包中{zh}。", twice)
    return chosen


def _twice(paths: list[str]) -> Problem:
    listed = ", ".join(paths)
    return Problem.at(
        paths[0],
        "",
        None,
        "",
        (f"one table in several files: {listed}", f"同一表有多个文件：{listed}"),
        (
            "one file a table beside study.toml; others of its name are left out then",
            "study.toml 旁每表一个文件；其他文件夹中的同名文件将不读取",
        ),
    )


def too_large(largest: int = LARGEST_UPLOAD) -> Refusal:
    """Return the refusal of an upload that is too large."""
    limit = f"{largest // 1024**2} MB" if largest >= 1024**2 else f"{largest // 1024} kB"
    return Refusal(413, f"An upload may have at most {limit}.", f"上传内容不得超过{limit}。")
