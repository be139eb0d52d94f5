"""The pages for each role: their commands run as they stand, in English and then in Chinese."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from tests.made_once import made_once
from tests.test_tutorial import REPOSITORY, Walk, assert_shown_is_said, walk

ROLES = (
    "enterprise",
    "zone",
    "province",
    "ministry",
    "technology-office",
    "fund-manager",
    "economist",
)


def page(lang: str, role: str) -> Path:
    return REPOSITORY / "docs" / lang / "how-to" / f"{role}.md"


@pytest.fixture(scope="module")
def followed() -> dict[tuple[str, str], Walk]:
    """Every page in one folder: what one makes the next finds there."""
    return made_once("roles", follow)


def follow(folder: Path) -> dict[tuple[str, str], Walk]:
    return {(lang, role): walk(page(lang, role), folder) for lang in ("en", "zh") for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_output_on_a_page_is_what_its_commands_print(
    followed: dict[tuple[str, str], Walk], lang: str, role: str
) -> None:
    assert_shown_is_said(followed[lang, role])


@pytest.mark.parametrize("role", ["technology-office", "fund-manager"])
def test_made_up_data_say_so_in_what_is_printed(
    followed: dict[tuple[str, str], Walk], role: str
) -> None:
    for lang in ("en", "zh"):
        assert any("SYNTHETIC" in said.output for said in followed[lang, role].said)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_pages_of_the_workbench_are_named_as_they_are_there(lang: str, role: str) -> None:
    words = tomllib.loads(files("yanzhen.web").joinpath("words.toml").read_text(encoding="utf-8"))
    names = {each["name"][lang] for each in words["page"].values() if "name" in each}
    text = page(lang, role).read_text(encoding="utf-8")
    (told,) = (each for each in text.split("\n\n") if "(workbench.md)" in each)
    bold = re.findall(r"\*\*(.+?)\*\*", told)
    assert bold
    assert set(bold) <= names
