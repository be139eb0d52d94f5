"""The studies that a server knows: embedded, named on the command line, uploaded."""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Literal

from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import digest_with, write_with
from yanzhen.pipeline.checking import Checks, check_for_all
from yanzhen.report.document.writing import write_text
from yanzhen.study import (
    TABLES,
    Problem,
    Study,
    examples,
)
from yanzhen.study.raw import table_named
from yanzhen.study.sources import OPTIONAL, SETTINGS_FILE
from yanzhen.study.table_file import TABLE_FORMS
from yanzhen.study.workbook import WORKBOOK_FORMS

_NAMED_IN_UTF_8 = 0x800
"""Bit 11 of the general-purpose flags of an entry (APPNOTE.TXT of the ZIP format, 4.4.4)."""
Origin = Literal["example", "path", "upload"]
LARGEST_UPLOAD = 200 * 1024 * 1024
SUFFIXES = (*TABLE_FORMS, ".toml")


@dataclass(frozen=True)
class KnownStudy:
    """A study that can be asked for by its key.

    Attributes
    ----------
    key : its name in addresses
    source : folder, workbook or database, or the name of an example
    origin : where it comes from
    title_zh, title_en : its own titles, its key where it cannot be read
    synthetic : whether its figures are made up
    """

    key: str
    source: str
    origin: Origin
    title_zh: str
    title_en: str
    synthetic: bool


class Studies:
    """The studies of a server.

    Parameters
    ----------
    folder : where uploads are kept
    named : studies named on the command line, examples among them

    Attributes
    ----------
    named : those studies, in their order
    """

    def __init__(self, folder: Path, named: Iterable[str] = ()) -> None:
        self.folder = folder
        embedded = {
            each.name: KnownStudy(
                each.name, each.name, "example", each.title_zh, each.title_en, each.synthetic
            )
            # Figures that were observed come before those that are made up.
            for each in sorted(examples(), key=lambda each: each.synthetic)
        }
        wanted = dict.fromkeys(named)
        self.named = [embedded.get(source) or _known(source, "path") for source in wanted]
        others = (each for name, each in embedded.items() if name not in wanted)
        self._fixed = [*self.named, *others]

    def all(self) -> list[KnownStudy]:
        """Return the studies: named ones, examples, uploads."""
        uploads = sorted(self.folder.glob("*/upload.json"))
        return [*self._fixed, *(_upload(path) for path in uploads)]

    def find(self, key: str) -> KnownStudy:
        """Return a study by its key.

        Raises
        ------
        Refusal
            404 where there is none.
        """
        for known in self.all():
            if known.key == key:
                return known
        raise Refusal(404, f"There is no study {key!r}.", f"没有研究“{key}”。")

    def read(self, key: str) -> Study:
        """Read a study.

        A study of which one command alone makes nothing is read: the others can use it.

        Raises
        ------
        Refusal
            404 where there is none, 422 with every problem where its tables cannot be read.
        """
        source = self.find(key).source
        checks = _checks(source, _stamp(source))
        if checks.study is None:
            count = len(checks.problems)
            said = f"The study has {count} problem(s)."
            raise Refusal(422, said, f"研究数据有{count}个问题。", checks.problems)
        return checks.study

    def readable(self, key: str) -> bool:
        """Whether the tables of a study can be read, so that at least one command can use it."""
        source = self.find(key).source
        return _checks(source, _stamp(source)).study is not None

    def problems(self, key: str) -> tuple[Problem, ...]:
        """Return everything that is wrong with a study, as `yanzhen check` does."""
        source = self.find(key).source
        return _checks(source, _stamp(source)).problems

    def warnings(self, key: str) -> tuple[Problem, ...]:
        """Return what refuses nothing and should be known before a study is relied on."""
        source = self.find(key).source
        return _checks(source, _stamp(source)).warnings

    def upload(self, name: str, content: bytes) -> KnownStudy:
        """Take a study: an Excel workbook, or a ZIP archive of a study's folder.

        It is taken whatever is wrong with its figures, so that its problems can be shown.

        Raises
        ------
        Refusal
            415 where it is neither, 413 where it is too large.
        """
        suffix = PurePosixPath(name).suffix.casefold()
        if len(content) > LARGEST_UPLOAD:
            raise too_large()
        digest = hashlib.sha256(content).hexdigest()[:12]
        place = self.folder / f"{_plain(PurePosixPath(name).stem)}-{digest}"
        part = self.folder / f".{place.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            if suffix in (".xlsx", ".xlsm"):
                source = f"study{suffix}"
                (part / source).write_bytes(content)
            elif suffix == ".zip":
                source = "study"
                _unpack(content, part / source)
            else:
                raise Refusal(
                    415,
                    "A study is an Excel workbook (.xlsx) or a ZIP archive of its tables.",
                    "研究应为 Excel 工作簿（.xlsx）或各表的 ZIP 压缩包。",
                )
            shutil.rmtree(place, ignore_errors=True)
            part.rename(place)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return self._taken(place, source)

    def imported(self, name: str, fill: Callable[[Path], None]) -> KnownStudy:
        """Take a study that an import makes.

        Parameters
        ----------
        name : in its key
        fill : writes the study's folder, which is not there yet
        """
        place = self.folder / _plain(name)
        part = self.folder / f".{place.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        fill(part / "study")
        shutil.rmtree(place, ignore_errors=True)
        part.rename(place)
        return self._taken(place, "study")

    def archive(self, key: str) -> bytes:
        """Return the files of a study that was uploaded or imported as a ZIP archive.

        Raises
        ------
        Refusal
            404 where there is no such study, or it is no folder of the server's own.
        """
        known = self.find(key)
        folder = Path(known.source)
        if known.origin != "upload" or not folder.is_dir():
            raise Refusal(404, f"{key!r} has no files here.", f"此处没有“{key}”的文件。")
        content = BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)
        return content.getvalue()

    def with_table(self, key: str, table: str, content: bytes) -> KnownStudy:
        """Take a table as CSV or XLSX: a new study, the same as another but for that table.

        Raises
        ------
        Refusal
            404 where there is no such study or table, 422 where the other study has problems.
        """
        if table not in TABLES:
            raise Refusal(404, f"A study has no table {table!r}.", f"研究没有表“{table}”。")
        if len(content) > LARGEST_UPLOAD:
            raise too_large()
        other = self.read(key)
        place = self.folder / f"{key}-{table}-{digest_with(other, content)}"
        part = self.folder / f".{place.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        write_with(other, table, content, part / "study")
        shutil.rmtree(place, ignore_errors=True)
        part.rename(place)
        return self._taken(place, "study")

    def _taken(self, place: Path, source: str) -> KnownStudy:
        known = _known(str(place / source), "upload", place.name)
        write_text(place / "upload.json", json.dumps(vars(known), ensure_ascii=False))
        return known


def _unpack(content: bytes, folder: Path) -> None:
    """Unpack the files of a study's folder from an archive, wherever in it that folder lies.

    What lies beside the topmost `study.toml` is the study. Of what lies in other folders, as the
    empty tables in `optional` or older versions do, a file is taken only if no table of its name
    lies beside `study.toml`. A table that is still there twice is refused with both paths.
    """
    folder.mkdir()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [
                entry
                for entry in archive.infolist()
                if not entry.is_dir() and _is_part_of_study(_path_in(entry))
            ]
            if sum(entry.file_size for entry in entries) > LARGEST_UPLOAD:
                raise too_large()
            for name, entry in _chosen(entries).items():
                # The name alone: a path in an archive could lead anywhere.
                (folder / name).write_bytes(archive.read(entry))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        said = f"The archive cannot be read: {error}"
        raise Refusal(415, said, f"压缩包无法读取：{error}") from None


def _path_in(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Return the path of an entry; names in GBK, as Windows writes them in China, are mended."""
    if entry.flag_bits & _NAMED_IN_UTF_8:
        return PurePosixPath(entry.filename)
    try:
        return PurePosixPath(entry.filename.encode("cp437").decode("gb18030"))
    except UnicodeError:
        return PurePosixPath(entry.filename)


def _is_part_of_study(path: PurePosixPath) -> bool:
    form = path.suffix.casefold()
    if path.name.startswith((".", "~$")):
        return False
    return form in SUFFIXES and (form not in WORKBOOK_FORMS or table_named(path.stem) in TABLES)


def _chosen(entries: Iterable[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the entry under each name; as `_unpack` says."""
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


def too_large() -> Refusal:
    """Return the refusal of an upload that is too large."""
    limit = LARGEST_UPLOAD // 1024**2
    return Refusal(413, f"An upload may have at most {limit} MB.", f"上传内容不得超过{limit} MB。")


def _plain(stem: str) -> str:
    """Return a name that can stand in an address and in a path."""
    return re.sub(r"[^\w-]+", "-", stem).strip("-")[:40] or "study"


def _known(source: str, origin: Origin, key: str = "") -> KnownStudy:
    path = Path(source).resolve()
    if not key:
        digest = hashlib.sha256(str(path).encode()).hexdigest()[:6]
        key = f"{_plain(path.stem)}-{digest}"
    study = _checks(source, _stamp(source)).study
    # A study that cannot be read has its key for a name until its problems are mended.
    if study is None:
        return KnownStudy(key, source, origin, key, key, False)
    about = study.about
    return KnownStudy(key, source, origin, about.title_zh, about.title_en, about.synthetic)


def _stamp(source: str) -> tuple[tuple[str, int, int], ...]:
    """Return names, sizes and times of a study's files, which change when it does."""
    path = Path(source)
    if not path.exists():
        return ()
    beside = path.with_name("study.toml")
    optional = path / OPTIONAL
    aside = sorted(optional.iterdir()) if optional.is_dir() else []
    files = [*sorted(path.iterdir()), *aside] if path.is_dir() else [path, beside]
    found = [(file, file.stat()) for file in files if file.is_file()]
    return tuple((file.name, stat.st_size, stat.st_mtime_ns) for file, stat in found)


@lru_cache(maxsize=8)
def _checks(source: str, stamp: object) -> Checks:
    """Check a study as `yanzhen check` does, once for each state of its files."""
    return check_for_all(source)


def _upload(path: Path) -> KnownStudy:
    return KnownStudy(**json.loads(path.read_text(encoding="utf-8")))
