"""Photographs and documents of listings: files named by their content, never by what people say.

The type is found in the content; what is none of those taken, or is another than its ending says,
is refused.
"""

from hashlib import sha256
from pathlib import Path, PurePath
from secrets import token_hex

from yanzhen.exchange.listings.checking import UNFIT
from yanzhen.exchange.listings.keeping import own, with_document
from yanzhen.exchange.listings.kinds import Document
from yanzhen.exchange.listings.searching import Listing, NoSuchListing, find_listing
from yanzhen.exchange.listings.wording import PHRASES
from yanzhen.store.database.connection import Database
from yanzhen.store.ownership.own_folder import folder_of
from yanzhen.store.people.viewer import Viewer

FOLDER = "listings"
"""Of the files in the folder of an organisation."""
LARGEST = 10 * 1024**2
MOST = 30
"""Documents of a listing."""
LONGEST_NAME = 200
BEGINNINGS = {
    "application/pdf": (b"%PDF-", (".pdf",)),
    "image/png": (b"\x89PNG\r\n\x1a\n", (".png",)),
    "image/jpeg": (b"\xff\xd8\xff", (".jpg", ".jpeg")),
}
"""How the content of each type begins, and how its name may end."""


class Refused(ValueError):
    """A file that is not taken.

    Attributes
    ----------
    words : why, in English and Chinese
    too_large : whether its size is the reason
    """

    def __init__(self, key: str, too_large: bool = False, **values: object) -> None:
        self.words = PHRASES.words(key, **values)
        self.too_large = too_large
        super().__init__(self.words[0])


def document_of(name: str, content: bytes) -> Document:
    """Return what is kept of a file, by its content.

    Raises
    ------
    Refused
        It is too large, of no type that is taken, or not what its name says.
    """
    if len(content) > LARGEST:
        raise Refused("file.large", too_large=True, most=LARGEST // 1024**2)
    plain = UNFIT.sub("", PurePath(name.replace("\\", "/")).name)[:LONGEST_NAME].strip()
    for media_type, (beginning, endings) in BEGINNINGS.items():
        if content.startswith(beginning):
            if not plain.casefold().endswith(endings):
                raise Refused("file.other", name=plain, type=media_type)
            return Document(sha256(content).hexdigest(), plain, media_type, len(content))
    raise Refused("file.type")


def add_document(
    database: Database, folder: Path, viewer: Viewer, listing: str, name: str, content: bytes
) -> Listing:
    """Add a file to a listing, which makes a version that is a draft.

    Parameters
    ----------
    folder : of the server

    Raises
    ------
    Refused
        The file is not taken, or the listing has as many as it may.
    NoSuchListing
        There is none of the viewer's organisation.
    Unavailable
        The database does not answer.
    """
    document = document_of(name, content)
    with database.writing() as connection:
        held = own(connection, viewer, listing).content["documents"]
    if len(held) >= MOST:
        raise Refused("file.many", most=MOST)
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
