"""The studies that a server knows: embedded, named on the command line, uploaded."""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Literal

from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import digest_with, write_with
from yanzhen.api.study_archives import LARGEST_UPLOAD, too_large, unpack
from yanzhen.pipeline.checking import Checks, check_for_all
from yanzhen.report.document.writing import write_text
from yanzhen.store.database.connection import Database
from yanzhen.store.ownership.own_folder import folder_of, own_folder
from yanzhen.store.ownership.studies import (
    NOTE,
    STUDIES,
    OwnedStudy,
    hash_of_files,
    keep_study,
    may_read_study,
    studies_of,
)
from yanzhen.store.people.viewer import LOCAL
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study import (
    TABLES,
    Problem,
    Study,
    examples,
)
from yanzhen.study.sources import OPTIONAL

Origin = Literal["example", "path", "upload"]
LONGEST_TITLE = 300
"""Characters that the store keeps of a title."""


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
    store_folder : of the server
    named : studies named on the command line, examples among them
    open_database : gives the store's database, the same each time

    Attributes
    ----------
    named : those studies, in their order
    """

    def __init__(
        self, store_folder: Path, named: Iterable[str], open_database: Callable[[], Database]
    ) -> None:
        self.store_folder = store_folder
        self._open_database = open_database
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

    @property
    def folder(self) -> Path:
        """Where the uploads of the organisation lie that asks."""
        return own_folder(self.store_folder) / STUDIES

    @property
    def of_all(self) -> KnownStudy:
        """The first study that everybody sees, whose market the exchange clears."""
        return self._fixed[0]

    def all(self) -> list[KnownStudy]:
        """Return the studies that one may ask for: named ones, examples, one's own uploads."""
        uploads = (self.folder / key for key in studies_of(self._database, current_viewer()))
        return [*self._fixed, *(_upload(place) for place in uploads if _is_there(place))]

    @cached_property
    def _database(self) -> Database:
        """The store's database, in which uploads from before there was one are the local user's."""
        database = self._open_database()
        owned = set(studies_of(database, LOCAL))
        for note in sorted(
            (folder_of(self.store_folder, LOCAL.organisation) / STUDIES).glob(f"*/{NOTE}")
        ):
            if note.parent.name not in owned:
                keep_study(database, LOCAL, _owned(_upload(note.parent), note.parent))
        return database

    def find(self, key: str) -> KnownStudy:
        """Return a study by its key.

        Raises
        ------
        Refusal
            404 where there is none.
        """
        for known in self._fixed:
            if known.key == key:
                return known
        place = self.folder / key
        if may_read_study(self._database, current_viewer(), key) and _is_there(place):
            return _upload(place)
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
        require("make", "studies")
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
                unpack(content, part / source)
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
        require("make", "studies")
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
        require("make", "studies")
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
        write_text(place / NOTE, json.dumps(vars(known), ensure_ascii=False))
        keep_study(self._database, current_viewer(), _owned(known, place))
        return known


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


def _is_there(place: Path) -> bool:
    return (place / NOTE).is_file()


def _upload(place: Path) -> KnownStudy:
    """Read what a study in a folder is, wherever that folder was moved to."""
    noted = json.loads((place / NOTE).read_text(encoding="utf-8"))
    source = place / Path(noted["source"]).name
    return KnownStudy(**{**noted, "source": str(source.resolve())})


def _owned(known: KnownStudy, place: Path) -> OwnedStudy:
    titles = known.title_zh[:LONGEST_TITLE], known.title_en[:LONGEST_TITLE]
    return OwnedStudy(known.key, *titles, hash_of_files(place))
