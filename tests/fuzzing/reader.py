"""What a reader of what people bring may answer: a value, or the refusal that it declares."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Read = Callable[[bytes, Path], object]


@dataclass(frozen=True)
class Reader:
    """A way in for what people bring.

    Attributes
    ----------
    read : given bytes and an empty folder
    refusals : errors that it declares, besides which there is none
    """

    read: Read
    refusals: tuple[type[Exception], ...]


def named(name: str, content: bytes, folder: Path) -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(content)
    return path


def in_file(name: str, read: Callable[[Path], object]) -> Read:
    """Let a reader of files read bytes."""
    return lambda content, folder: read(named(name, content, folder))


def of_text(read: Callable[[str], object]) -> Read:
    """Let a reader of texts read bytes."""
    return lambda content, _: read(content.decode("utf-8", "replace"))
