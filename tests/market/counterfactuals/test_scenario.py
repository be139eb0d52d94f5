"""Scenario files: what they may say, and what is said of their mistakes."""

from pathlib import Path

import pytest

from yanzhen.market.counterfactuals.options import Branch, Options
from yanzhen.market.counterfactuals.scenario import Competition, example_scenarios, read_scenario
from yanzhen.market.counterfactuals.scenario_rows import table_rows
from yanzhen.study import StudyError


def written(folder: Path, text: str) -> Path:
    path = folder / "other.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", example_scenarios())
def test_the_scenarios_that_come_along_are_read_in_both_languages(name: str) -> None:
    found = read_scenario(name)
    assert found.name == name
    assert all((found.title_zh, found.title_en, found.note_zh, found.note_en))


def test_everything_a_file_may_say_is_read(tmp_path: Path) -> None:
    found = read_scenario(
        written(
            tmp_path,
            """
            title_en = "Cheaper moves"
            no_place_may_pay = true
            without = ["P1"]
            [parameters]
            moving_cost = 0
            [[policies]]
            policy = "t"
            instrument = "tax"
            value = 0.01
            [race]
            regime = "nash"
            [options]
            abroad = -0.05
            branch = { share = 0.3, cost = 0.01 }
            """,
        )
    )
    assert found.name == "other"
    assert (found.title_en, found.title_zh) == ("Cheaper moves", "other")
    assert found.parameters == {"moving_cost": 0.0}
    assert table_rows("policies", found.policies)["instrument"].to_list() == ["tax"]
    assert found.without == ("P1",)
    assert found.no_place_may_pay
    assert found.race == Competition("nash", None)
    assert found.options == Options(branch=Branch(0.3, 0.01), abroad=-0.05)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[paramters]\nx = 1", "expected 'parameters'"),
        ("title_en = 3", "title_en: found another kind of value; expected text"),
        ("no_place_may_pay = 'yes'", "expected true or false"),
        ("[parameters]\nsigma = 'small'", "parameters.sigma.*expected a number"),
        ("[race]\nregime = 'nahs'", "expected 'nash'"),
        ("[race]\nregime = 'nash'\nplace = 'x'", "found 'place'"),
        ("[[policies]]\npolicy = 'p'\ninstrumnt = 'tax'", "expected 'instrument'"),
        ("[[policies]]\ninstrument = 'tax'", "row 1, column policy: found nothing"),
        (
            "[[policies]]\npolicy = 'p'\nvalue = 'much'",
            "column value: found 'much', which is not a number",
        ),
        ("[[policies]]\npolicy = 'p'\nplace = 'a'\nmacro_region = 'W'", "expected one of them"),
        ("title_en = ", "row 1: found .*not TOML"),
        ("[[rules]]\nrule = 'G'\ncondition = 'clean enough'", "found 'clean enough'"),
        ("[[catalogue]]\nlisting = 'restricted'", "column rule: found nothing"),
        ("without_rules = 'G'", "expected a list"),
        ("[options]\nabrod = 1", "expected 'abroad'"),
        ("[options]\nexit = 'soon'", "options.exit.*expected a number"),
        (
            "[options]\nbranch = { share = 2, cost = 0 }",
            "share = 2; expected a number above 0 and below 1",
        ),
        ("[options]\nabroad = -20", "abroad = -20"),
        ("[parameters]\nsigma = -0.1", "sigma = -0.1; expected a number above 0"),
        ("[parameters]\nannualisation_years = 0", "annualisation_years = 0"),
        (
            "[[policies]]\npolicy = 'p'\ninstrument = 'tax'\nfrom_year = 2027\nto_year = 2025",
            "expected from_year not after to_year",
        ),
        ("\n[[policies]]\npolicy = 'p'\ninstrument = 'gift'\nvalue = 1", "row 2.*found gift"),
        (
            "[[policies]]\npolicy = 'p'\ninstrument = 'subsidy_per_output'\nvalue = -0.02",
            "found -0.02; expected a number of at least 0",
        ),
        ("[[policies]]\npolicy = 'p'\ninstrument = 'tax'\nvalue = 5", "a share of output"),
        ("[[policies]]\n", "a row without anything in it"),
        ("[[policies]]\nmacro_region = 'West'", "a row without anything in it"),
        ("[[rules]]\nrule = 'G'\ncondition = 'class = energyy: a >= 1'", "class = energy"),
        ("[[rules]]\nrule = 'G'\nvalid_from = '2027-13-01'", "valid_from"),
        ("without = [3]", "expected text"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        read_scenario(written(tmp_path, text))


def test_all_mistakes_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as raised:
        read_scenario(written(tmp_path, "colour = 1\nwithout = 2\n"))
    assert len(raised.value.problems) == 2


def test_a_missing_file_suggests_what_there_is() -> None:
    with pytest.raises(StudyError, match="west_subsidy"):
        read_scenario("nowhere.toml")


def test_the_scenario_in_the_documentation_is_read(repository: Path, tmp_path: Path) -> None:
    page = (repository / "docs/en/how-to/government.md").read_text(encoding="utf-8")
    block = page.split("```toml\n")[1].split("```")[0]
    found = read_scenario(written(tmp_path, block))
    assert found.title_en == "A cap in the Central region"
    assert found.options == Options(Branch(0.3, 0.01), -0.10, -0.12, 0.0)
    assert found.without_rules == ("G1",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_scenario_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes('title_zh = "西部承接更多产业"\n'.encode(encoding))
    assert read_scenario(path).title_zh == "西部承接更多产业"
