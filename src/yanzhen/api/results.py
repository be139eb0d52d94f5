"""Results of one kind in a server's store, found by their study and what else they are asked for.

The versions of a result begin with the digest of its study, so that one can say without computing
anything whether it is up to date.
"""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Generic, TypeVar

from yanzhen.api.permission import require
from yanzhen.api.pictures import kept_picture
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import current, digest_of, kept
from yanzhen.report.text.words import Lang
from yanzhen.store.ownership.own_folder import own_folder
from yanzhen.study import Study

T = TypeVar("T")


class Results(ABC, Generic[T]):
    """Results of one kind.

    Parameters
    ----------
    store_folder : of the server
    name : of the folder of all of them, in that of an organisation
    kind : what is read back
    """

    def __init__(self, store_folder: Path, name: str, kind: type[T]) -> None:
        self.store_folder = store_folder
        self.name = name
        self.kind = kind

    @property
    def folder(self) -> Path:
        """Where those of the organisation lie that asks."""
        return own_folder(self.store_folder) / self.name

    @abstractmethod
    def missing(self, study: str, asked: str) -> Refusal:
        """Return what is said where a result has not been made."""

    def versions(self, study: str, asked: str) -> Path:
        """Return the folder of all versions of a result."""
        return self.folder / study

    def exists(self, study: str, asked: str = "") -> bool:
        return current(self.versions(study, asked)) is not None

    def place(self, study: str, asked: str = "") -> Path:
        """Return the folder of a result.

        Raises
        ------
        Refusal
            404 where it has not been made.
        """
        require("read", "results")
        found = current(self.versions(study, asked))
        if found is None:
            raise self.missing(study, asked)
        return found

    def read(self, study: str, asked: str = "") -> T:
        """Return a result."""
        return kept(self.kind, self.place(study, asked))

    def is_of(self, read: Study, study: str, asked: str = "") -> bool:
        """Whether a result is there that was made of just these figures."""
        return self.exists(study, asked) and self.place(study, asked).name.startswith(
            digest_of(read)
        )

    def kept_picture(self, study: str, figure: str, lang: Lang, asked: str = "") -> dict[str, Any]:
        """Return a picture that was kept with a result: title, reading, aspect, spec."""
        return kept_picture(self.place(study, asked), figure, lang)
