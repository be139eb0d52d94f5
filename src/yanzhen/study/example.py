"""The examples that come with the package."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class Example:
    """An embedded study that can be named instead of a path."""

    name: str
    title_zh: str
    title_en: str
    synthetic: bool
    folder: Path


def examples() -> tuple[Example, ...]:
    """Return the embedded examples in the order of their names."""
    found = []
    for name, folder in _folders().items():
        said = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
        titles = said["title_zh"], said["title_en"]
        found.append(Example(name, *titles, said["synthetic"], folder))
    return tuple(found)


def example_names() -> tuple[str, ...]:
    """Return the names of the embedded examples."""
    return tuple(_folders())


def example_folder(name: str) -> Path | None:
    """Return the folder of an embedded example, or None where there is no such example."""
    return _folders().get(name)


def _folders() -> dict[str, Path]:
    found = sorted(settings.parent for settings in _FOLDER.glob("*/study.toml"))
    return {folder.name.replace("_", "-"): folder for folder in found}
