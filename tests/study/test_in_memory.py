"""Studies in memory: checked where they enter, once, with rows as a frame counts them."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import yanzhen
from tests.study.small import NATION, small, small_study
from yanzhen.advantage.diagnosis import diagnose
from yanzhen.pipeline import plan_study
from yanzhen.study import Study, StudyError, Units, read_study, require_checked, study_from_frames

NAMES = ("regions", "industries", "activity")


def given() -> dict[str, pl.DataFrame]:
    return {name: small().tables[name] for name in NAMES}


def with_activity(study: Study, activity: pl.DataFrame) -> Study:
    return replace(study, tables={**study.tables, "activity": activity})


def test_frames_make_the_study_that_their_files_make() -> None:
    study = study_from_frames(small().about, given())
    assert study.is_checked
    assert all(study.tables[name].equals(small().tables[name]) for name in study.tables)


def test_tables_and_columns_that_are_not_needed_may_be_absent() -> None:
    frames = given()
    frames["activity"] = frames["activity"].select("region", "industry", "year", "output")
    study = study_from_frames(small().about, frames)
    assert study.tables["activity"]["employment"].null_count() == frames["activity"].height
    assert study.tables["sites"].is_empty()


def test_frames_alone_are_read_in_the_usual_units_from_their_last_year() -> None:
    study = yanzhen.read_frames(given())
    assert study.is_checked
    assert study.about.units == Units()
    assert study.about.base_year == small().about.base_year
    assert study.tables["activity"].equals(small().tables["activity"])


def test_frames_are_refused_as_files_are() -> None:
    frames: dict[str, Any] = dict(given())
    frames["activity"] = given()["activity"].to_dict(as_series=False)
    assert yanzhen.read_frames(frames).is_checked
    frames["activity"]["region"][0] = "nowhere"
    frames["activty"] = given()["activity"]
    with pytest.raises(StudyError) as refused:
        yanzhen.read_frames(frames)
    places = [(each.table, each.row, each.column) for each in refused.value.problems]
    assert ("activity", 1, "region") in places
    assert any(table == "activty" for table, _, _ in places)


def test_pandas_frames_are_read_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas")
    frames = {
        name: pandas.DataFrame(frame.to_dict(as_series=False)) for name, frame in given().items()
    }
    frames["regions"]["macro_region"] = frames["regions"]["macro_region"].astype("category")
    frames["activity"].index += 7
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    read = yanzhen.read_frames(frames)
    for name, frame in yanzhen.read_frames(given()).tables.items():
        assert read.tables[name].equals(frame), name


def test_a_column_of_pandas_that_stands_twice_is_refused() -> None:
    pandas = pytest.importorskip("pandas")
    activity = pandas.DataFrame(given()["activity"].to_dict(as_series=False))
    twice = pandas.concat([activity, activity[["output"]]], axis=1)
    with pytest.raises(pl.exceptions.DuplicateError, match="output"):
        yanzhen.read_frames({**given(), "activity": twice})


def test_everything_wrong_with_frames_is_said_with_rows_from_1() -> None:
    frames = given()
    activity = frames["activity"]
    first = pl.int_range(pl.len()) == 0
    region = pl.when(first).then(pl.lit("999999")).otherwise("region")
    frames["activity"] = pl.concat([activity.with_columns(region=region), activity.tail(1)])
    frames["activty"] = activity
    with pytest.raises(StudyError) as raised:
        study_from_frames(small().about, frames)
    said = {(problem.table, problem.row) for problem in raised.value.problems}
    assert said == {("activty", None), ("activity", 1), ("activity", activity.height + 1)}
    again = next(p for p in raised.value.problems if p.row == activity.height + 1)
    assert again.found.endswith(f"again, as in row {activity.height}")


def test_a_study_that_was_read_is_not_checked_again() -> None:
    study = read_study("china-provinces")
    assert study.is_checked
    assert require_checked(study) is study


@pytest.mark.parametrize("enter", [plan_study, diagnose])
def test_a_replaced_table_is_checked_where_it_enters(enter: object) -> None:
    assert callable(enter)
    study = study_from_frames(small().about, given())
    activity = study.tables["activity"]
    twice = with_activity(study, pl.concat([activity, activity]))
    assert not twice.is_checked
    with pytest.raises(StudyError, match="again, as in row 1"):
        enter(twice)
    unknown = activity.with_columns(region=pl.col("region").replace({"110000": "119999"}))
    with pytest.raises(StudyError, match="119999"):
        enter(with_activity(study, unknown))


def test_other_settings_are_checked_as_well() -> None:
    study = study_from_frames(small().about, given())
    other = replace(study, about=replace(study.about, base_year=1999))
    with pytest.raises(StudyError, match="1999"):
        require_checked(other)


def test_a_sound_replacement_passes() -> None:
    study = study_from_frames(small().about, given())
    more = study.tables["activity"].with_columns(
        emissions=pl.when(pl.col("region") == NATION).then(None).otherwise("emissions")
    )
    found = require_checked(with_activity(study, more))
    assert found.is_checked
    assert found.tables["activity"].equals(more)


def test_rows_are_those_of_the_file_and_of_a_frame_from_one(tmp_path: Path) -> None:
    read = read_study(small_study(tmp_path / "study"))
    assert read.numbered("industries")["row"].to_list() == [2, 3, 4, 5]
    changed = replace(read, tables={**read.tables, "industries": read.tables["industries"].head(2)})
    assert changed.numbered("industries")["row"].to_list() == [1, 2]
    assert require_checked(small()).numbered("industries")["row"].to_list() == [1, 2, 3, 4]
    assert small().numbered("industries")["row"].to_list() == [1, 2, 3, 4]
