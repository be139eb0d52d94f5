"""What sizes are measured by is declared once, and what that measure cannot weigh is refused."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.study.small import REGIONS, complete, small, small_in
from yanzhen.accounts.panel import base_year, output_panel, require_output
from yanzhen.pipeline import plan_study
from yanzhen.study import (
    Study,
    WantOfData,
    check_study,
    read_frames,
    read_study,
    write_study,
)
from yanzhen.study.checking import checked_frames
from yanzhen.study.size import SIZES


def with_rows(study: Study, table: str, row: dict[str, object]) -> Study:
    frame = complete(table, pl.DataFrame([row]))
    return replace(study, tables={**study.tables, table: frame})


def problems(study: Study) -> list[str]:
    return [str(each) for each in checked_frames(study.about, study.tables, "frames").problems]


def test_output_is_what_a_study_is_measured_by_unless_it_says_otherwise(tmp_path: Path) -> None:
    write_study(small(), tmp_path)
    assert "size" not in (tmp_path / "study.toml").read_text(encoding="utf-8").split()
    assert read_study(tmp_path).about.size == "output"
    assert read_study(tmp_path).about.size_unit == "100 million CNY"


@pytest.mark.parametrize("size", sorted(set(SIZES) - {"output"}))
def test_a_measure_of_size_is_written_and_read_and_panels_hold_it(
    size: str, tmp_path: Path
) -> None:
    write_study(small_in(size), tmp_path)
    study = read_study(tmp_path)
    assert study.about.size == size
    panel, usual = output_panel(study), output_panel(small())
    assert panel.output == pytest.approx(usual.output / 100)
    assert panel.totals == pytest.approx(usual.totals / 100)
    assert base_year(study) == panel.base_year == 2017


def test_a_measure_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    write_study(small(), tmp_path)
    settings = tmp_path / "study.toml"
    settings.write_text('size = "employmnet"\n' + settings.read_text(encoding="utf-8"))
    (found,) = check_study(tmp_path)
    assert (found.row, found.column) == (1, "size")
    assert "employment" in found.expected


def test_a_study_without_its_measure_is_told_how_to_name_another() -> None:
    study = small_in("employment")
    asked = replace(study, about=replace(study.about, size="output"))
    with pytest.raises(WantOfData, match='size = "employment"'):
        require_output(asked, output_panel(asked))
    with pytest.raises(WantOfData, match='size = "employment"'):
        plan_study(asked)


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        (
            "resources",
            {"place": REGIONS[0], "resource": "land", "capacity": 5.0, "posted_price": 2.0},
            "without output a price is no margin",
        ),
        (
            "resources",
            {"place": REGIONS[0], "resource": "output", "capacity": 5.0},
            "jobs, for this study measures sizes by employment",
        ),
        (
            "policies",
            {"policy": "P", "instrument": "subsidy_per_job", "value": 1.0},
            "an instrument that is a share of output",
        ),
    ],
)
def test_money_for_a_unit_of_a_resource_takes_output(
    table: str, row: dict[str, object], said: str
) -> None:
    found = problems(with_rows(small_in("employment"), table, row))
    assert any(said in each for each in found), found
    assert not any(said in each for each in problems(with_rows(small(), table, row)))


def test_emissions_are_taxed_only_where_output_is_known() -> None:
    row = {"policy": "P", "instrument": "tax_per_emission", "value": 1.0}
    (found,) = problems(with_rows(small_in("emissions"), "policies", row))
    assert "an instrument that is a share of output" in found
    assert problems(with_rows(small(), "policies", row)) == []


def test_room_for_jobs_and_shares_of_output_are_taken() -> None:
    study = small_in("employment")
    room = {"place": REGIONS[0], "resource": "jobs", "capacity": 5.0}
    paid = {"policy": "P", "instrument": "subsidy_per_output", "value": 0.01}
    assert problems(with_rows(with_rows(study, "resources", room), "policies", paid)) == []


def test_frames_without_output_are_measured_by_what_they_hold() -> None:
    study = small_in("emissions")
    tables = {name: study.tables[name] for name in ("regions", "industries", "activity")}
    observed = tables["activity"].with_columns(emissions_status=pl.lit(None, pl.String))
    found = read_frames({**tables, "activity": observed})
    assert (found.about.size, found.about.base_year) == ("emissions", 2017)
