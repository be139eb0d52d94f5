"""Whose the studies are that people bring; their files lie in the folder of their organisation.

The key of a study is made of its content, so that the same brought again is the same. What lies in
its folder is known by one hash, against which it can be held.
"""

from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import delete, select, update

from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.inserting import insert_if_new
from yanzhen.store.database.tables import studies
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

STUDIES = "studies"
"""The folder of studies in the folder of an organisation."""
NOTE = "upload.json"
"""What the server notes of a study beside its files."""
AT_ONCE = 1 << 20
"""Bytes of a file read together."""


@dataclass(frozen=True)
class OwnedStudy:
    """A study that an organisation brought.

    Attributes
    ----------
    key : the name of its folder
    title_zh, title_en : its own titles
    files_hash : of all its files, by `hash_of_files`
    """

    key: str
    title_zh: str
    title_en: str
    files_hash: str


def keep_study(database: Database, viewer: Viewer, study: OwnedStudy) -> None:
    """Note that a study, whose files are in their place, belongs to the viewer's organisation.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    row = {
        **asdict(study),
        "organisation": viewer.organisation,
        "made_by": viewer.person,
        "made_at": now(),
    }
    files = {"files_hash": study.files_hash}
    this = (studies.c.key == study.key) & visible(studies, viewer)
    others = this & (studies.c.files_hash != study.files_hash)
    with database.writing() as connection:
        if insert_if_new(connection, studies, row):
            action = "make"
        elif connection.execute(update(studies).where(others).values(files)).rowcount:
            action = "change"
        else:
            return
        record(connection, viewer.actor, action, "study", study.key, files)


def drop_study(database: Database, viewer: Viewer, key: str) -> bool:
    """Take a study from the viewer's organisation; return whether it was theirs.

    Its files are the caller's to remove, afterwards.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    theirs = (studies.c.key == key) & visible(studies, viewer)
    with database.writing() as connection:
        if connection.execute(delete(studies).where(theirs)).rowcount == 0:
            return False
        record(connection, viewer.actor, "remove", "study", key, {})
    return True


def studies_of(database: Database, viewer: Viewer) -> tuple[str, ...]:
    """Return the keys of the studies that the viewer sees, sorted.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    seen = select(studies.c.key).where(visible(studies, viewer)).order_by(studies.c.key)
    with database.asking() as connection:
        return tuple(connection.scalars(seen))


def may_read_study(database: Database, viewer: Viewer, key: str) -> bool:
    """Whether the viewer sees a study that somebody brought.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    if "\0" in key:
        return False
    seen = select(studies.c.key).where(studies.c.key == key, visible(studies, viewer))
    with database.asking() as connection:
        return connection.execute(seen).first() is not None


def hash_of_files(folder: Path) -> str:
    """Return the hash of a study's files, by name and content (SHA-256, hexadecimal)."""
    whole = sha256()
    files = (each for each in folder.rglob("*") if each.is_file() and each != folder / NOTE)
    for path in sorted(files):
        name = path.relative_to(folder).as_posix()
        whole.update(f"{hash_of_file(path)} {name}\n".encode())
    return whole.hexdigest()


def hash_of_file(path: Path) -> str:
    """Return the hash of a file (SHA-256, hexadecimal)."""
    whole = sha256()
    with path.open("rb") as file:
        while part := file.read(AT_ONCE):
            whole.update(part)
    return whole.hexdigest()
