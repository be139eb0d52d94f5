"""A sound study to be damaged."""

from pathlib import Path

import pytest

from tests.study.small import small_study

pytest.register_assert_rewrite("tests.study.damage.damaging")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return small_study(tmp_path / "study")
