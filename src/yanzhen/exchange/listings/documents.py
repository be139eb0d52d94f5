"""Photographs and documents of listings: files named by their content, never by what people say."""

from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from yanzhen.exchange.files.kinds import kind_of, plain_name
from yanzhen.exchange.listings.keeping import NotNow, own, with_document
from yanzhen.exchange.listings.kinds import Document
from yanzhen.exchange.listings.searching import Listing, NoSuchListing, find_listing
from yanzhen.store.database.connection import Database
from yanzhen.store.ownership.own_folder import folder_of
from yanzhen.store.people.viewer import Viewer

FOLDER = "listings"
"""Of the files in the folder of an organisation."""
TAKEN = ("application/pdf", "image/png", "image/jpeg")
"""Photographs, and documents that nobody edits: of the kinds that the exchange takes."""
MOST = 30
"""Documents of a listing."""


def document_of(name: str, content: bytes) -> Document:
    """Return what is kept of a file, by its content.

    Raises
    ------
    yanzhen.exchange.files.kinds.Refused
        Its name or its content is none that is taken.
    """
    named = plain_name(name)
    media_type = kind_of(named, content, TAKEN)
    return Document(sha256(content).hexdigest(), named, media_type, len(content))


def add_document(
    database: Database, folder: Path, viewer: Viewer, listing: str, name: str, content: bytes
) -> Listing:
    """Add a file to a listing, which makes a version that is a draft.

    Parameters
    ----------
    folder : of the server

    Raises
    ------
    yanzhen.exchange.files.kinds.Refused
        The file is not taken.
    NotNow
        The listing has as many as it may.
    NoSuchListing
        There is none of the viewer's organisation.
    Unavailable
        The database does not answer.
    """
    document = document_of(name, content)
    with database.writing() as connection:
        held = own(connection, viewer, listing).content["documents"]
    if len(held) >= MOST:
        raise NotNow("many_documents", most=MOST)
    place = _place(folder, viewer.organisation, document.sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{document.sha256}.{token_hex(4)}")
    part.write_bytes(content)
    part.rename(place)
    return with_document(database, viewer, listing, document)


def read_document(
    database: Database, folder: Path, viewer: Viewer, listing: str, sha256: str
) -> tuple[Document, Path]:
    """Return a document of the version that a viewer is shown, and where its file is.

    Raises
    ------
    NoSuchListing
        There is no such listing or document that the viewer sees.
    Unavailable
        The database does not answer.
    """
    found = find_listing(database, viewer, listing)
    for document in found.content.documents:
        place = _place(folder, found.organisation, document.sha256)
        if document.sha256 == sha256 and place.is_file():
            return document, place
    raise NoSuchListing(listing)


def _place(folder: Path, organisation: str, sha256: str) -> Path:
    return folder_of(folder, organisation) / FOLDER / sha256
