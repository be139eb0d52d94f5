"""What readers were given while they were fuzzed, a ZIP file for each reader."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
MADE = (2022, 1, 1, 0, 0, 0)


def read_corpus(name: str) -> dict[str, bytes]:
    """Return the inputs of a reader by their names; what once was a fault is named so."""
    path = FOLDER / f"{name}.zip"
    if not path.is_file():
        return {}
    with zipfile.ZipFile(path) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def write_corpus(name: str, inputs: Mapping[str, bytes]) -> None:
    """Write the inputs of a reader; the same give the same bytes."""
    FOLDER.mkdir(exist_ok=True)
    with zipfile.ZipFile(FOLDER / f"{name}.zip", "w", zipfile.ZIP_LZMA) as archive:
        for each, content in sorted(inputs.items()):
            info = zipfile.ZipInfo(each, MADE)
            info.compress_type = zipfile.ZIP_LZMA
            archive.writestr(info, content)
