"""`check` announces what contracts put to the market of a study lack."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.study.small import REGIONS, complete, small
from tests.study.small_modes import small_modes
from yanzhen.modes.coconstruction.gains.market_wants import require_for_contracts
from yanzhen.pipeline import formulated
from yanzhen.pipeline.checking import check_for_all
from yanzhen.study import Problem, Study, WantOfData, write_study

COMMANDS = "(so `yanzhen contract gains|pair|trust|mode` cannot be carried out)"


def with_agreement(study: Study, **values: Any) -> Study:
    row = {"agreement": "A1", "home": REGIONS[0], "host": REGIONS[4], "from_year": 2018}
    row |= {"terms": "liaoning", "tax_kinds": "value_added_tax"} | values
    table = complete("agreements", pl.DataFrame([row]))
    return replace(study, tables={**study.tables, "agreements": table})


def warned(study: Study, folder: Path, command: str) -> list[Problem]:
    write_study(study, folder / "study")
    checks = check_for_all(folder / "study")
    assert checks.problems == ()
    return [each for each in checks.warnings if f"yanzhen {command}" in each.found]


def test_a_study_without_taxes_is_warned_of_the_contracts_it_cannot_appraise(
    tmp_path: Path,
) -> None:
    study = small()
    (said,) = warned(study, tmp_path, "contract gains|")
    assert said.found == f"no taxes of 06, 13, 20 {COMMANDS}"
    assert (said.table, said.column, said.severity) == ("input_output", "supplier", "warning")
    with pytest.raises(WantOfData, match="no taxes of 06, 13, 20;"):
        require_for_contracts(study, formulated(study))


def test_a_study_with_taxes_is_not(tmp_path: Path) -> None:
    assert warned(with_agreement(small_modes()), tmp_path, "contract") == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"host": "100000"}, "100000, host of A1, which is no place that receives"),
        ({"home": REGIONS[0], "industry": "30"}, f"nobody from {REGIONS[0]} who may go"),
    ],
)
def test_an_agreement_outside_the_market_is_warned_of_in_its_row(
    tmp_path: Path, changed: dict[str, str], expected: str
) -> None:
    (said,) = warned(with_agreement(small_modes(), **changed), tmp_path, "contract gains`")
    assert said.found.startswith(expected)
    assert (said.table, said.row, said.column) == ("agreements", 2, "host")


def test_a_market_in_which_nobody_may_move_is_warned_of(tmp_path: Path) -> None:
    study = small_modes()
    last = pl.when(pl.col("year") == 2012, pl.col("region") != REGIONS[0]).then(None)
    gaps = study.tables["activity"].with_columns(output=last.otherwise(pl.col("output")))
    (said,) = warned(
        replace(study, tables={**study.tables, "activity": gaps}), tmp_path, "contract gains|"
    )
    assert said.found.endswith(f"nobody may move {COMMANDS}")


def test_what_the_plan_lacks_the_contracts_lack_too(tmp_path: Path) -> None:
    study = small()
    none = study.tables["activity"].with_columns(output=pl.lit(None, pl.Float64))
    empty = replace(study, tables={**study.tables, "activity": none})
    (said,) = warned(empty, tmp_path, "plan")
    commands = (
        "`yanzhen plan`, `yanzhen chain`, `yanzhen effects`, "
        "`yanzhen contract gains|pair|trust|mode`"
    )
    assert said.found.endswith(f"(so {commands} cannot be carried out)")
