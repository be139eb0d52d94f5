"""`yanzhen why`: the rule of a refusal, and the reasons of a move."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.market.problem.test_formulation import with_table
from tests.study.small import REGIONS, small
from yanzhen.cli.app import app
from yanzhen.study import write_study

INDUSTRY = "13"


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["why", *arguments])


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> str:
    rule = {"rule": "R1", "title_en": "Made-up rule", "article": "Article 3", "source": "made up"}
    listed = {"place": REGIONS[1], "industry": INDUSTRY, "listing": "restricted", "rule": "R1"}
    made = with_table(with_table(small(), "rules", [rule]), "catalogue", [listed])
    folder: Path = tmp_path_factory.mktemp("why") / "study"
    write_study(made, folder)
    return str(folder)


def test_a_refused_pair_names_its_rule_article_and_source(study: str) -> None:
    said = invoke(study, "--industry", INDUSTRY, "--to", REGIONS[1], "--lang", "en")
    assert said.exit_code == 0
    assert "may not come" in said.stdout
    assert "Made-up rule Article 3 (source: made up)" in " ".join(said.stdout.split())


def test_an_open_pair_tells_the_reasons_that_sum_to_the_gain(study: str) -> None:
    said = invoke(study, "--industry", INDUSTRY, "--to", REGIONS[2], "--from", REGIONS[0], "--json")
    answer = json.loads(said.stdout)
    assert answer["refused"] is False
    [move] = answer["moves"]
    assert sum(row["size"] for row in answer["reasons"]) == pytest.approx(move["gain"])


def test_a_place_that_is_not_there_ends_with_2(study: str) -> None:
    said = invoke(study, "--industry", INDUSTRY, "--to", "nowhere", "--lang", "en")
    assert said.exit_code == 2
    assert "no region nowhere" in said.stderr
