from pathlib import Path

import pytest

from yanzhen.cli.naming import missing_study

EXAMPLES = ("china-provinces",)


@pytest.mark.parametrize("typed", ["china-province", "China-Provinces", "chinaprovinces"])
def test_a_mistyped_example_suggests_the_right_one(typed: str) -> None:
    message = missing_study(typed, EXAMPLES, "en")
    assert message is not None
    assert "Did you mean china-provinces?" in message


def test_a_mistyped_path_suggests_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "river-delta.xlsx").touch()
    message = missing_study(str(tmp_path / "rivr-delta.xlsx"), EXAMPLES, "zh")
    assert message is not None
    assert f"是否指 {tmp_path / 'river-delta.xlsx'}？" in message


def test_a_name_like_nothing_is_told_what_there_is(tmp_path: Path) -> None:
    message = missing_study(str(tmp_path / "no" / "where"), EXAMPLES, "en")
    assert message is not None
    assert "Examples: china-provinces." in message
    assert "yanzhen new FOLDER" in message


def test_an_example_and_a_folder_are_not_missing(tmp_path: Path) -> None:
    assert missing_study("china-provinces", EXAMPLES, "en") is None
    assert missing_study(str(tmp_path), EXAMPLES, "en") is None


def test_what_can_be_no_study_is_not_suggested(tmp_path: Path) -> None:
    (tmp_path / "river-delta.py").touch()
    message = missing_study(str(tmp_path / "river-delt"), ["china-provinces"], "en")
    assert message is not None and "river-delta.py" not in message
    (tmp_path / "river-deltas").mkdir()
    message = missing_study(str(tmp_path / "river-delt"), ["china-provinces"], "en")
    assert message is not None and str(tmp_path / "river-deltas") in message
