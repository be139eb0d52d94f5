"""The pages for each role: their commands run as they stand, in English and then in Chinese."""

from pathlib import Path

import pytest

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
