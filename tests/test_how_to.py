"""The pages for each role: their commands run as they stand, in English and then in Chinese."""

import re
from pathlib import Path

import pytest

from tests.test_tutorial import FENCE, REPOSITORY, Walk, assert_shown_is_said, walk

ROLES = (
    "enterprise",
    "zone",
    "province",
    "ministry",
    "technology-office",
    "fund-manager",
    "economist",
)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
TABLE_ROW = re.compile(r"^\|", re.MULTILINE)
PICTURE = re.compile(r"^!\[.+\]\((.+)\)", re.MULTILINE)


def page(lang: str, role: str) -> Path:
    return REPOSITORY / "docs" / lang / "how-to" / f"{role}.md"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Walk]:
    """Every page in one folder: what one makes the next finds there."""
    folder = tmp_path_factory.mktemp("roles")
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
def test_both_languages_have_the_same_headings_blocks_tables_and_pictures(role: str) -> None:
    english, chinese = (shape(page(lang, role)) for lang in ("en", "zh"))
    assert chinese == english


def shape(file: Path) -> dict[str, list[str] | int]:
    text = file.read_text(encoding="utf-8")
    prose = FENCE.sub("", text)
    return {
        "headings": HEADING.findall(prose),
        "rows": len(TABLE_ROW.findall(prose)),
        "pictures": PICTURE.findall(prose),
        "blocks": [
            f"{fence['language']} {fence['file']}" + " ".join(commands(fence["body"]))
            for fence in FENCE.finditer(text)
        ],
    }


def commands(body: str) -> list[str]:
    """The commands of a block, without what differs between languages."""
    return [" ".join(line.split()[:3]) for line in body.splitlines() if line.startswith("yanzhen ")]
