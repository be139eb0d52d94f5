"""The SYNTHETIC study of achievements is what its script makes, and gives nothing away."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from yanzhen.modes.technology.search.evaluation import graded_set
from yanzhen.study import Study, check_study, examples, read_study

NAME = "china-technology-synthetic"


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(NAME)


def test_the_script_makes_it_byte_for_byte(repository: Path, tmp_path: Path) -> None:
    script = repository / "scripts" / "make_china_technology_synthetic.py"
    subprocess.run([sys.executable, str(script), str(tmp_path / "made")], check=True)
    embedded = next(example.folder for example in examples() if example.name == NAME)
    made = {path.name: path.read_bytes() for path in (tmp_path / "made").iterdir()}
    assert made == {path.name: path.read_bytes() for path in embedded.iterdir()}


def test_it_says_synthetic_wherever_it_is_named(study: Study) -> None:
    assert check_study(NAME) == ()
    assert study.about.synthetic
    assert "SYNTHETIC" in study.about.title_zh
    assert "SYNTHETIC" in study.about.title_en
    for table in ("technologies", "technology_needs", "incubators"):
        assert (study.tables[table]["status"] == "synthetic").all()
    assert study.tables["incubators"]["title"].str.contains("^(虚构|Invented )").all()


def test_the_held_out_needs_stay_out_of_sight(study: Study) -> None:
    shown = study.tables["technology_needs"]
    assert shown["need"].to_list() == graded_set("development").queries["query"].to_list()
    held_out = graded_set("held_out").queries
    assert shown.join(held_out, on="text", how="semi").is_empty()


def test_receiving_regions_have_incubators_and_reverse_enclaves(study: Study) -> None:
    incubators = study.tables["incubators"]
    receiving = study.tables["regions"].filter(pl.col("macro_region").is_not_null())
    macro_region = dict(receiving.select("region", "macro_region").iter_rows())
    enclaves = incubators.drop_nulls("home_region")
    assert enclaves.height >= 3
    assert {macro_region[region] for region in enclaves["region"]} == {"East"}
    homes = incubators.select(pl.coalesce("home_region", "region")).to_series()
    owners = {region for region, macro in macro_region.items() if macro != "East"}
    assert owners <= set(homes)
    assert incubators["capacity"].sum() < study.tables["technologies"].height
