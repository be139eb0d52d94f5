"""Which files are taken: by their content, and a suffix that says the same."""

import io
import unicodedata
import zipfile
from collections.abc import Collection, Mapping
from types import MappingProxyType

from yanzhen.phrasebook import BilingualError, Phrasebook

PHRASES = Phrasebook("yanzhen.exchange.files")
MEGABYTE = 1024**2
LARGEST = 10 * MEGABYTE
"""Bytes of a file."""
LONGEST_NAME = 200
OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "application/pdf": ("pdf",),
        "image/png": ("png",),
        "image/jpeg": ("jpg", "jpeg"),
        f"{OFFICE}wordprocessingml.document": ("docx",),
        f"{OFFICE}spreadsheetml.sheet": ("xlsx",),
        "text/plain": ("txt", "csv", "md", "toml"),
    }
)
"""Suffixes of each kind."""
BEGINNINGS: Mapping[bytes, str] = MappingProxyType(
    {
        b"%PDF-": "application/pdf",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
    }
)
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "word/document.xml": f"{OFFICE}wordprocessingml.document",
        "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    }
)
"""What a file of an office suite holds, by which it is known."""
MACROS = ("vbaProject.bin",)


class Refused(BilingualError):
    """A file that is not taken.

    Attributes
    ----------
    key : large, empty, name, kind or other
    words : why, in English and Chinese
    """

    phrases = PHRASES


def kind_of(name: str, content: bytes, taken: Collection[str] = tuple(KINDS)) -> str:
    """Return the media type of a file, by its content.

    Parameters
    ----------
    name : whose suffix is to say the same
    taken : media types, of `KINDS`

    Raises
    ------
    Refused
        It is empty, too large, of no kind that is taken, or not what its suffix says.
    """
    if not content:
        raise Refused("empty")
    if len(content) > LARGEST:
        raise Refused("large", most=LARGEST // MEGABYTE)
    found = _kind(content)
    if found is None or found not in taken:
        listed = ", ".join(suffix for kind in taken for suffix in KINDS[kind])
        raise Refused("kind", listed=listed)
    if name.rpartition(".")[2].casefold() not in KINDS[found]:
        raise Refused("other", name=name, type=found)
    return found


def plain_name(said: str) -> str:
    """Return the name of a file as it is kept: one form of its characters, no space around.

    Raises
    ------
    Refused
        It is empty or too long, begins with a dot, leads into a folder, or holds what controls or
        turns the text.
    """
    name = unicodedata.normalize("NFC", said).strip()
    turned = any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") for each in name)
    hostile = turned or name.startswith(".") or set(name) & set('/\\"<>|:*?')
    if not 0 < len(name) <= LONGEST_NAME or hostile:
        raise Refused("name", longest=LONGEST_NAME)
    return name


def _kind(content: bytes) -> str | None:
    for beginning, kind in BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    try:
        said = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    shown = all(each in "\t\r\n" or unicodedata.category(each) != "Cc" for each in said)
    return "text/plain" if shown else None


def _office_kind(content: bytes) -> str | None:
    """The kind of a file of an office suite, without programs in it; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if any(name.endswith(MACROS) for name in names):
        return None
    return next((kind for part, kind in PARTS.items() if part in names), None)
