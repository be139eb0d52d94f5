import json
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from tests.history.conftest import synthetic_record
from yanzhen.cli.backtest import backtest
from yanzhen.cli.estimate import estimate

app = typer.Typer()
app.command()(backtest)
app.command()(estimate)


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    record = synthetic_record(regions=36, industries=20)
    file = tmp_path_factory.mktemp("panel") / "panel.csv"
    pl.concat(
        [
            pl.DataFrame(
                {
                    "region": [region for region in record.regions for _ in record.industries],
                    "industry": list(record.industries) * len(record.regions),
                    "output": record.of_year(year).ravel(),
                }
            ).with_columns(year=pl.lit(year))
            for year in record.years
        ]
    ).write_csv(file)
    return file


def test_backtest_prints_json_with_the_model_and_every_baseline(panel: Path) -> None:
    asked = ["backtest", str(panel), "--train", "2000:2005", "--test", "2005:2010", "--json"]
    printed = json.loads(CliRunner().invoke(app, asked).stdout)
    assert {"candidates", "entries", "model", "baselines"} <= set(printed)
    assert {"exit_candidates", "exits", "exit"} <= set(printed)
    assert set(printed["baselines"]) == {
        *("ubiquity", "density", "initial_lq", "persistence", "gravity", "boosting")
    }


def test_backtest_of_a_study_with_the_market_prints_its_shares() -> None:
    asked = ["backtest", "china-provinces", "--market", "--train", "2012:2015"]
    result = CliRunner().invoke(app, [*asked, "--test", "2015:2017", "--json"])
    printed = json.loads(result.stdout)
    assert set(printed["share_error"]) == {
        *("market", "market_without_prices", "persistence", "trend")
    }
    assert printed["panel"]["candidates"] > 0


@pytest.mark.parametrize("period", ["2000", "2000-2005", "x:y"])
def test_a_period_that_cannot_be_read_is_refused_with_an_example(panel: Path, period: str) -> None:
    asked = ["backtest", str(panel), "--train", period, "--test", "2005:2010", "--lang", "en"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 2
    assert "1980:1990" in result.stderr


def test_a_year_that_is_not_there_is_refused(panel: Path) -> None:
    asked = ["backtest", str(panel), "--train", "1990:2005", "--test", "2005:2011", "--json"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 2
    problems = json.loads(result.stdout)["problems"]
    assert [(each["column"], each["found"][:4]) for each in problems] == [
        ("train", "1990"),
        ("test", "2011"),
    ]
    assert "2000, 2005, 2010" in problems[0]["expected"]


def test_without_a_test_period_the_one_learnt_from_is_foretold_in_folds(panel: Path) -> None:
    asked = ["backtest", str(panel), "--train", "2000:2005", "--json"]
    printed = json.loads(CliRunner().invoke(app, [*asked, "--folds", "regions"]).stdout)
    assert printed["test"] == [2000, 2005]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 2
    assert "folds: regions or double" in json.loads(result.stdout)["problems"][0]["expected"]


def test_the_page_and_the_tables_of_a_backtest_are_written(panel: Path, tmp_path: Path) -> None:
    asked = ["backtest", str(panel), "--train", "2000:2005", "--test", "2005:2010", "--lang", "en"]
    result = CliRunner().invoke(app, [*asked, "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert "Entries" in result.stdout and "backtest.html" in result.stdout
    assert "Largest misses" in (tmp_path / "backtest.html").read_text(encoding="utf-8")
    assert {file.stem for file in (tmp_path / "tables").iterdir()} == {
        "columns",
        "shares",
        "left_out",
        *(
            f"{event}_{table}"
            for event in ("entry", "exit")
            for table in ("cells", "by_region", "reliability", "largest_misses")
        ),
    }


def test_a_panel_named_synthetic_is_said_to_be_so(panel: Path, tmp_path: Path) -> None:
    made_up = tmp_path / "SYNTHETIC.csv"
    made_up.write_bytes(panel.read_bytes())
    asked = ["backtest", str(made_up), "--train", "2000:2005", "--test", "2005:2010"]
    assert "SYNTHETIC" in CliRunner().invoke(app, asked).stdout
    printed = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert printed["synthetic"] is True


def test_estimate_writes_a_study_that_passes_its_checks(tmp_path: Path) -> None:
    from yanzhen.study import check_study

    asked = ["estimate", "china-provinces", "--out", str(tmp_path / "study"), "--json"]
    printed = json.loads(CliRunner().invoke(app, asked).stdout)
    assert printed["parameters"]
    assert check_study(tmp_path / "study") == ()
    assert (tmp_path / "study" / "parameter_covariance.csv").is_file()
