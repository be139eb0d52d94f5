"""Files that readers bring as they are: kept, understood, and made a study when nothing is open."""

import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath

from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal
from yanzhen.api.studies import KnownStudy, Studies
from yanzhen.api.study_archives import LARGEST_UPLOAD, too_large
from yanzhen.store.ownership.own_folder import own_folder
from yanzhen.study import StudyError, write_study
from yanzhen.study.importing.mapping import Mapped, read_mapping
from yanzhen.study.importing.questions import Answers, answered
from yanzhen.study.importing.understanding import Understanding, understood
from yanzhen.study.importing.writing import MAPPING_FILE, mapping_text, write_import

IMPORTS = "imports"
FILES, STUDY = "files", "study"


class Imports:
    """The imports in a server's store: files, what was decided of them, the study they go into.

    An import never changes: other answers make another one.
    """

    def __init__(self, store_folder: Path, studies: Studies) -> None:
        self.store_folder = store_folder
        self.studies = studies

    @property
    def folder(self) -> Path:
        """Where the imports of the organisation lie that asks."""
        return own_folder(self.store_folder) / IMPORTS

    def take(self, files: Sequence[tuple[str, bytes]], into: str = "") -> str:
        """Keep files; return the name of the import.

        A mapping among them (`.toml`) says how they are read.

        Parameters
        ----------
        files : name and content of each
        into : key of the study that they go into, empty for a new one

        Raises
        ------
        Refusal
            404 where there is no such study, 413 where the files are too large, 422 where there is
            none or two of a name, or where the mapping or the study has problems.
        """
        require("make", "imports")
        if sum(len(content) for _, content in files) > LARGEST_UPLOAD:
            raise too_large()
        named = [
            (PurePosixPath(PureWindowsPath(name).as_posix()).name, each) for name, each in files
        ]
        tables = [(name, content) for name, content in named if not _is_mapping(name)]
        is_fit = all(map(_is_file_name, (name for name, _ in named)))
        if not tables or not is_fit or len({name for name, _ in named}) < len(named):
            raise Refusal(
                422,
                "An import takes one file or several, each of a name of its own.",
                "请选择一个或多个文件，文件名不得重复。",
            )
        digest = hashlib.sha256(into.encode())
        for name, content in sorted(named):
            digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
        place = self.folder / digest.hexdigest()[:12]
        if not place.exists():
            part = _begun(place)
            for name, content in named:
                target = MAPPING_FILE if _is_mapping(name) else f"{FILES}/{name}"
                (part / target).write_bytes(content)
            self._check_mapping(part)
            if into:
                write_study(self.studies.read(into), part / STUDY)
            part.rename(place)
        return place.name

    def understanding(self, name: str) -> Understanding:
        """Return what the files of an import say.

        Raises
        ------
        Refusal
            404 where there is none of the name, 422 where a file cannot be read at all.
        """
        try:
            return _understood(self._place(name))
        except StudyError as error:
            raise _unread(error) from None

    def mapping(self, name: str) -> str:
        """Return what is decided of an import, as a mapping file."""
        path = self._place(name) / MAPPING_FILE
        return path.read_text(encoding="utf-8") if path.exists() else mapping_text(Mapped())

    def answer(self, name: str, answers: Answers) -> str:
        """Return the name of the same import with answers to what it asks."""
        decided = answered(self.understanding(name).mapped, answers)
        return self._with_mapping(name, mapping_text(decided))

    def with_mapping(self, name: str, mapping: str) -> str:
        """Return the name of the same import with another mapping file.

        Raises
        ------
        Refusal
            404 where there is no such import, 422 with everything that is wrong with the mapping.
        """
        return self._with_mapping(name, mapping)

    def write(self, name: str) -> KnownStudy:
        """Make an import a study that the server knows.

        Raises
        ------
        Refusal
            404 where there is none of the name, 422 while anything is open.
        """
        found = self.understanding(name)
        if found.problems:
            count = len(found.problems)
            said = f"{count} thing(s) must be settled first."
            raise Refusal(422, said, f"有{count}处须先说明或改正。", found.problems)
        before = self._place(name) / STUDY

        def fill(folder: Path) -> None:
            if before.exists():
                shutil.copytree(before, folder)
            write_import(replace(found, into=folder))

        first = found.sheets[0].grid.file
        return self.studies.imported(f"{PurePosixPath(first).stem}-{name}", fill)

    def _with_mapping(self, name: str, mapping: str) -> str:
        require("make", "imports")
        before = self._place(name)
        digest = hashlib.sha256(before.name.encode() + mapping.encode()).hexdigest()[:12]
        place = self.folder / digest
        if not place.exists():
            part = _begun(place)
            shutil.copytree(before / FILES, part / FILES, copy_function=os.link, dirs_exist_ok=True)
            if (before / STUDY).exists():
                shutil.copytree(before / STUDY, part / STUDY, copy_function=os.link)
            (part / MAPPING_FILE).write_text(mapping, encoding="utf-8")
            self._check_mapping(part)
            part.rename(place)
        return place.name

    def _check_mapping(self, part: Path) -> None:
        path = part / MAPPING_FILE
        if not path.exists():
            return
        try:
            read_mapping(path)
        except StudyError as error:
            shutil.rmtree(part)
            raise _unread(error) from None

    def _place(self, name: str) -> Path:
        require("read", "imports")
        place = self.folder / name
        if not re.fullmatch(r"[0-9a-f]{12}", name) or not place.is_dir():
            raise Refusal(404, f"There is no import {name!r}.", f"没有导入“{name}”。")
        return place


def _is_file_name(name: str) -> bool:
    """Whether a file can be kept under a name: not empty, no folder, printable, not too long."""
    return name not in ("", ".", "..") and name.isprintable() and len(name.encode()) <= 200


def _is_mapping(name: str) -> bool:
    return name.casefold().endswith(".toml")


def _begun(place: Path) -> Path:
    """An empty folder beside the one that it becomes when it is complete."""
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    (part / FILES).mkdir(parents=True)
    return part


def _unread(error: StudyError) -> Refusal:
    count = len(error.problems)
    said = f"The files cannot be read: {count} problem(s)."
    return Refusal(422, said, f"文件无法读取：{count}个问题。", error.problems)


@lru_cache(maxsize=8)
def _understood(place: Path) -> Understanding:
    path = place / MAPPING_FILE
    mapped = read_mapping(path) if path.exists() else Mapped()
    files = sorted((place / FILES).iterdir())
    into = place / STUDY
    # A new study is called as its first file is.
    return understood(files, into if into.exists() else place / files[0].stem, mapped)
