"""Documents lie under the hash of their content; what is of another type is refused."""

import struct
from hashlib import sha256
from pathlib import Path

import pytest

from tests.exchange.listings.offers import PROJECT, SITE, list_published
from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.exchange.listings.documents import (
    LARGEST,
    Refused,
    add_document,
    document_of,
    read_document,
)
from yanzhen.exchange.listings.keeping import publish_listing, submit_listing
from yanzhen.exchange.listings.searching import NoSuchListing
from yanzhen.store.database.connection import Database

PDF = b"%PDF-1.7 SYNTHETIC"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13)


@pytest.fixture
def store(database: Database) -> Database:
    add_organisations(database)
    return database


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.exe", b"MZ\x90"),
        ("page.pdf", b"<html>%PDF-"),
        ("picture.svg", b"<svg onload='alert(1)'/>"),
        ("plan.pdf", PNG),
        ("plan.html", PDF),
        ("plan.pdf", b""),
        ("plan.pdf", PDF + bytes(LARGEST)),
    ],
)
def test_what_is_none_of_those_taken_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        document_of(name, content)
    assert all(caught.value.words)
    assert caught.value.too_large == (len(content) > LARGEST)


@pytest.mark.parametrize(
    "name", ["../../etc/规划.pdf", "..\\..\\规划.pdf", "/规划.pdf", "\0规划.pdf"]
)
def test_a_name_is_no_path(name: str) -> None:
    assert document_of(name, PDF).name == "规划.pdf"


def test_a_file_lies_under_the_hash_of_its_content(store: Database, tmp_path: Path) -> None:
    made, folder = list_published(store, OURS, SITE), tmp_path / "files"
    add_document(store, folder, OURS, made, "../a.pdf", PDF)
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
