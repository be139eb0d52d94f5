"""Documents lie under the hash of their content; what is of another type is refused."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.exchange.files.test_kinds import PDF, PNG
from tests.exchange.listings.offers import PROJECT, SITE, list_published
from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.exchange.files.kinds import Refused
from yanzhen.exchange.listings import documents
from yanzhen.exchange.listings.documents import add_document, document_of, read_document
from yanzhen.exchange.listings.keeping import NotNow, publish_listing, submit_listing
from yanzhen.exchange.listings.searching import NoSuchListing
from yanzhen.store.database.connection import Database


@pytest.fixture
def store(database: Database) -> Database:
    add_organisations(database)
    return database


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("picture.svg", b"<svg onload='alert(1)'/>", "kind"),
        ("notes.txt", b"SYNTHETIC", "kind"),
        ("plan.html", PDF, "other"),
        ("../plan.pdf", PDF, "name"),
    ],
)
def test_photographs_and_documents_alone_are_taken(name: str, content: bytes, key: str) -> None:
    with pytest.raises(Refused) as caught:
        document_of(name, content)
    assert caught.value.key == key


def test_a_listing_has_only_so_many(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list_published(store, OURS, SITE)
    monkeypatch.setattr(documents, "MOST", 1)
    add_document(store, tmp_path, OURS, made, "a.pdf", PDF)
    with pytest.raises(NotNow):
        add_document(store, tmp_path, OURS, made, "b.png", PNG)


def test_a_file_lies_under_the_hash_of_its_content(store: Database, tmp_path: Path) -> None:
    made, folder = list_published(store, OURS, SITE), tmp_path / "files"
    add_document(store, folder, OURS, made, "a.pdf", PDF)
    place = folder / "organisations" / "ours" / "listings" / sha256(PDF).hexdigest()
    assert [path for path in folder.rglob("*") if path.is_file()] == [place]
    assert place.read_bytes() == PDF


def test_others_get_a_document_once_it_was_published(store: Database, tmp_path: Path) -> None:
    made, hidden = (list_published(store, OURS, each) for each in (SITE, PROJECT))
    digest = sha256(PNG).hexdigest()
    for listing in (made, hidden):
        assert add_document(store, tmp_path, OURS, listing, "a.png", PNG).state == "draft"
        with pytest.raises(NoSuchListing):
            read_document(store, tmp_path, OTHERS, listing, digest)
        submit_listing(store, OURS, listing)
        publish_listing(store, OURS, listing)
    document, place = read_document(store, tmp_path, OTHERS, made, digest)
    assert (document.media_type, place.read_bytes()) == ("image/png", PNG)
    with pytest.raises(NoSuchListing):
        read_document(store, tmp_path, OTHERS, hidden, digest)
    with pytest.raises(NoSuchListing):
        add_document(store, tmp_path, OTHERS, made, "a.png", PNG)
