"""A file is taken by its content, where its suffix says the same and its name is a plain one."""

import io
import struct
import zipfile

import pytest

from yanzhen.exchange.files.kinds import KINDS, LARGEST, OFFICE, Refused, kind_of, plain_name

PDF = b"%PDF-1.7 SYNTHETIC"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13)


def office(*parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in parts:
            archive.writestr(part, "SYNTHETIC")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("plan.PDF", PDF, "application/pdf"),
        ("plan.png", PNG, "image/png"),
        ("plan.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("协议.docx", office("word/document.xml"), f"{OFFICE}wordprocessingml.document"),
        ("book.xlsx", office("xl/workbook.xml"), f"{OFFICE}spreadsheetml.sheet"),
        ("notes.csv", "甲,1\n".encode(), "text/plain"),
    ],
)
def test_a_file_is_what_it_holds(name: str, content: bytes, kind: str) -> None:
    assert kind_of(name, content) == kind
    with pytest.raises(Refused) as caught:
        kind_of(name, content, set(KINDS) - {kind})
    assert caught.value.key == "kind"


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("plan.exe", b"MZ\x90", "kind"),
        ("page.txt", b"\0\1\2", "kind"),
        ("fake.docx", b"PK\x03\x04 no archive", "kind"),
        ("macros.docx", office("word/document.xml", "word/vbaProject.bin"), "kind"),
        ("page.pdf", b"<html>%PDF-", "other"),
        ("plan.pdf", PNG, "other"),
        ("plan", PDF, "other"),
        ("plan.pdf", b"", "empty"),
        ("plan.pdf", PDF + bytes(LARGEST), "large"),
    ],
)
def test_what_is_none_of_those_taken_is_refused(name: str, content: bytes, key: str) -> None:
    with pytest.raises(Refused) as caught:
        kind_of(name, content)
    assert caught.value.key == key and all(caught.value.words)


@pytest.mark.parametrize(
    "said",
    [
        *("", " ", "../规划.pdf", "..\\规划.pdf", "/规划.pdf", "\0规划.pdf", ".pdf", "<b>.pdf"),
        *("fdp\u202e.exe.pdf", "\ud800.pdf", "a" * 201),
    ],
)
def test_a_name_is_no_path_and_turns_no_text(said: str) -> None:
    with pytest.raises(Refused) as caught:
        plain_name(said)
    assert caught.value.key == "name"


def test_a_name_is_kept_in_one_form_of_its_characters() -> None:
    assert plain_name(" cafe\u0301.pdf ") == "caf\u00e9.pdf"
