"""Documents of deals: kept under the hash of their content, seen by the parties alone."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, insert

from yanzhen.exchange.deals.deal import Made, NoSuchDeal
from yanzhen.exchange.deals.finding import seen, with_person
from yanzhen.exchange.files.kinds import kind_of, plain_name
from yanzhen.report.document.writing import beside
from yanzhen.store.audit.chain import record
from yanzhen.store.backup.contents import DOCUMENTS
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deal_documents
from yanzhen.store.database.texts import IDENTITY
from yanzhen.store.people.viewer import Viewer


class DocumentLost(LookupError):
    """The content of a document is not there, or not what was kept."""


@dataclass(frozen=True)
class Document(Made):
    """A document of a deal.

    Attributes
    ----------
    id : random
    name : of the file
    media_type : by its content
    size : bytes
    sha256 : of its content (hexadecimal)
    """

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


# Kept wide: where it lies, whose it is, and the file.
def add_document(
    database: Database, folder: Path, viewer: Viewer, deal: str, name: str, content: bytes
) -> Document:
    """Keep a document of a deal.

    Parameters
    ----------
    folder : of the store

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    yanzhen.exchange.files.kinds.Refused
        The name or the content is none that is taken.
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        seen(connection, viewer, deal)
    named = plain_name(name)
    kind = kind_of(named, content)
    hashed = sha256(content).hexdigest()
    place = place_of(folder, hashed)
    if not place.is_file() or sha256(place.read_bytes()).hexdigest() != hashed:
        with beside(place) as part:
            part.write_bytes(content)
    with database.writing() as connection:
        seen(connection, viewer, deal)
        row = {"id": token_hex(16), "deal": deal, "name": named, "media_type": kind}
        of_content = {"size": len(content), "sha256": hashed}
        made = {"organisation": viewer.organisation, "made_by": viewer.person, "made_at": now()}
        connection.execute(insert(deal_documents).values(**row, **of_content, **made))
        change = {"deal": deal, "name": named, "sha256": hashed}
        record(connection, viewer.actor, "make", "document", row["id"], change)
        added = with_person(deal_documents, viewer).where(deal_documents.c.id == row["id"])
        return _document(connection.execute(added).one())


def documents_of(database: Database, viewer: Viewer, deal: str) -> tuple[Document, ...]:
    """Return the documents of a deal, the newest first.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        seen(connection, viewer, deal)
        listed = with_person(deal_documents, viewer).where(deal_documents.c.deal == deal)
        ordered = listed.order_by(deal_documents.c.number.desc())
        return tuple(map(_document, connection.execute(ordered)))


def read_document(
    database: Database, folder: Path, viewer: Viewer, deal: str, document: str
) -> tuple[Document, bytes]:
    """Return a document of a deal with its content.

    Raises
    ------
    NoSuchDeal
        There is no such document that the viewer sees.
    DocumentLost
        Its content is not there, or not what was kept.
    Unavailable
        The database does not answer.
    """
    this = with_person(deal_documents, viewer).where(
        deal_documents.c.id == document, deal_documents.c.deal == deal
    )
    with database.reading() as connection:
        row = connection.execute(this).first() if IDENTITY.fullmatch(document) else None
    if row is None:
        raise NoSuchDeal(document)
    place = place_of(folder, row.sha256)
    content = place.read_bytes() if place.is_file() else b""
    if sha256(content).hexdigest() != row.sha256:
        raise DocumentLost(document)
    return _document(row), content


def place_of(folder: Path, hashed: str) -> Path:
    """Return where the content of a hash lies in the folder of a store."""
    return folder / DOCUMENTS / hashed[:2] / hashed


def _document(row: Row[Any]) -> Document:
    names = ("organisation", "made_at", "id", "name", "media_type", "size", "sha256")
    return Document(**{name: getattr(row, name) for name in names}, person=row.person or "")
