"""`yanzhen synth` and `yanzhen clear`."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from yanzhen.cli.app import app
from yanzhen.market.large.cuda_demand import NoDevice, require_device

KEYS = {
    "seconds",
    "certificate_seconds",
    "compile_seconds",
    "peak_rss_bytes",
    "passes",
    "pairs_per_second",
    "relative_excess_demand",
    "complementary_slackness",
    "duality_gap",
    "binding_share",
    "moving_share",
    "broken_gates",
}


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synth") / "nation"
    made = CliRunner().invoke(
        app, ["synth", str(folder), "--enterprises", "1000", "--zones", "40", "--lang", "en"]
    )
    assert made.exit_code == 0, made.output
    assert "SYNTHETIC" in made.output
    return folder


def test_a_synthetic_nation_says_so(nation: Path) -> None:
    assert "SYNTHETIC" in (nation / "nation.toml").read_text(encoding="utf-8")


def test_a_nation_clears_and_says_what_it_took(nation: Path) -> None:
    found = CliRunner().invoke(app, ["clear", str(nation), "--json"])
    assert found.exit_code == 0, found.output
    record = json.loads(found.stdout)
    assert set(record) >= KEYS
    assert record["relative_excess_demand"] <= 1e-5
    assert record["complementary_slackness"] <= 1e-5


def test_the_example_clears_by_the_same_command() -> None:
    found = CliRunner().invoke(app, ["clear", "china-provinces", "--json"])
    assert found.exit_code == 0, found.output
    assert 0.05 < json.loads(found.stdout)["moving_share"] < 0.12


def test_an_existing_folder_is_not_written_over(nation: Path) -> None:
    again = CliRunner().invoke(app, ["synth", str(nation), "--lang", "en"])
    assert again.exit_code == 2
    assert "exists already" in again.output


def test_a_mistyped_example_suggests_the_right_one() -> None:
    found = CliRunner().invoke(app, ["clear", "china-provnces", "--lang", "en"])
    assert found.exit_code == 2
    assert "china-provinces" in found.output


def test_half_a_nation_is_refused(nation: Path, tmp_path: Path) -> None:
    (tmp_path / "nation.toml").write_bytes((nation / "nation.toml").read_bytes())
    found = CliRunner().invoke(app, ["clear", str(tmp_path)])
    assert found.exit_code == 2
    assert "mass.npy" in found.output


def test_enterprises_are_settled_one_by_one_when_asked(nation: Path) -> None:
    asked = ["clear", str(nation), "--integral", "--never-over", "--json"]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0, found.output
    figures = json.loads(found.stdout)
    assert figures["integral_worse_than_staying"] == 0
    assert figures["integral_largest_overshoot"] < 1e-6
    assert 0 < figures["integral_envious"] <= figures["integral_split"]
    assert figures["integral_moving"] > 0


def test_blocks_of_a_study_are_not_settled_as_enterprises() -> None:
    found = CliRunner().invoke(app, ["clear", "china-provinces", "--integral", "--lang", "en"])
    assert found.exit_code == 2
    assert "--integral needs single enterprises" in found.output


def test_never_over_goes_with_integral(nation: Path) -> None:
    found = CliRunner().invoke(app, ["clear", str(nation), "--never-over", "--lang", "en"])
    assert found.exit_code == 2
    assert "--never-over goes with --integral" in found.output


def test_without_a_graphics_processor_its_option_is_refused(nation: Path) -> None:
    try:
        require_device()
    except NoDevice as missing:
        words = {"gpu": "yanzhen[gpu]", "device": "no graphics processor"}[missing.what]
        refused = CliRunner().invoke(
            app, ["clear", str(nation), "--device", "cuda", "--lang", "en"]
        )
        assert refused.exit_code == 2
        assert words in refused.stderr
    else:
        pytest.skip("there is one")


def test_a_device_and_shards_exclude_each_other(
    nation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yanzhen.market.large.cuda_demand.require_device", lambda: None)
    asked = ["clear", str(nation), "--device", "cuda", "--memory", "1GiB", "--lang", "en"]
    refused = CliRunner().invoke(app, asked)
    assert refused.exit_code == 2
    assert "--memory" in refused.stderr


def test_a_folder_that_is_no_nation_is_not_served(tmp_path: Path) -> None:
    asked = ["serve", "--nation", str(tmp_path), "--store", str(tmp_path / "store"), "--lang", "en"]
    refused = CliRunner().invoke(app, asked)
    assert refused.exit_code == 2
    assert "nation.toml" in refused.stderr


@pytest.mark.parametrize(
    "asked", [["estimate"], ["plan", "--out", "nowhere"], ["backtest", "--train", "2012:2015"]]
)
def test_a_nation_has_no_past_and_no_plan(nation: Path, asked: list[str]) -> None:
    refused = CliRunner().invoke(app, [asked[0], str(nation), *asked[1:], "--lang", "en"])
    assert refused.exit_code == 2
    assert "is a SYNTHETIC nation" in " ".join(refused.stderr.split())


@pytest.mark.parametrize("option", [["--memory", "32GiB"], ["--memory", "34359738368"]])
def test_a_nation_clears_in_bounded_memory(
    nation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: list[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = CliRunner().invoke(app, ["clear", str(nation), "--json", *option])
    assert found.exit_code == 0, found.output
    held = CliRunner().invoke(app, ["clear", str(nation), "--json"])
    streamed, whole = json.loads(found.stdout), json.loads(held.stdout)
    for figure in ("passes", "binding_share", "moving_share"):
        assert streamed[figure] == whole[figure]
    assert list(tmp_path.glob("yanzhen/shards/*/shards.json"))


def test_a_nation_drawn_in_shards_clears_where_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "nation"
    made = CliRunner().invoke(
        app, ["synth", str(folder), "--enterprises", "1500", "--zones", "40", "--shards"]
    )
    assert made.exit_code == 0, made.output
    assert "SYNTHETIC" in (folder / "nation.toml").read_text(encoding="utf-8")
    found = CliRunner().invoke(app, ["clear", str(folder), "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["relative_excess_demand"] <= 1e-5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--memory", "4GiX"], "expected a size such as 4GiB"),
        (["--memory", "0"], "expected a size such as 4GiB"),
        (["--memory", "1MiB"], "at least"),
        (["--cluster", "local:0"], "No cluster answers: local:0"),
        (["--cluster", "local:many"], "local:many"),
        (["--memory", "3GiB", "--integral"], "--integral goes neither with --memory"),
        (["--draws", "2", "--integral"], "--integral goes neither with --memory"),
        (["--draws", "2", "--cluster", "local:1"], "does not go with --cluster"),
        (["--out", "prices.csv"], "it needs --draws"),
        (["--draws", "2", "--out", "prices.xls"], "one of .csv, .parquet"),
    ],
)
def test_what_is_wrong_with_memory_or_cluster_is_said(
    nation: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    said: str,
) -> None:
    if "--cluster" in options:
        pytest.importorskip("distributed", reason="the extra cluster is not installed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = CliRunner().invoke(app, ["clear", str(nation), "--lang", "en", *options])
    assert found.exit_code == 2
    assert said in " ".join(found.output.split())


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_draws_of_a_nation_are_cleared_and_written(
    nation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    out = tmp_path / f"prices{suffix}"
    options = ["--draws", "4", "--spread", "0.05", "--out", str(out), "--json"]
    found = CliRunner().invoke(app, ["clear", str(nation), *options])
    assert found.exit_code == 0, found.output
    record = json.loads(found.stdout)
    assert (record["draws"], record["draws_cleared"]) == (4, 4)
    assert record["moving_share_p05"] < record["moving_share_p50"] < record["moving_share_p95"]
    table = pl.read_csv(out) if suffix == ".csv" else pl.read_parquet(out)
    assert table.columns == ["site", "resource", "price", "p05", "p50", "p95", "source"]
    assert table["source"].unique().to_list() == ["SYNTHETIC"]
    assert table.filter(pl.col("p05") > pl.col("p95")).is_empty()
    assert table.filter(pl.col("p05") < pl.col("p95")).height > 20


def test_draws_of_a_study_are_those_of_its_plan() -> None:
    found = CliRunner().invoke(app, ["clear", "china-provinces", "--draws", "2", "--lang", "en"])
    assert found.exit_code == 2
    assert "yanzhen plan STUDY --draws N" in " ".join(found.output.split())
