"""A contract appraised on the embedded study: figures, page, command."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from tests.declared import undeclared
from yanzhen.cli.app import app
from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.modes.coconstruction import Given, preset
from yanzhen.modes.coconstruction.contract.consistency import ContractError
from yanzhen.modes.coconstruction.contract.terms import Contract, Terms
from yanzhen.modes.coconstruction.gains.appraisal import Appraisal, appraise
from yanzhen.modes.coconstruction.gains.contract_offer import contract_offer
from yanzhen.modes.coconstruction.gains.pair_gains import pair_gains
from yanzhen.modes.coconstruction.gains.sensitivity import with_sigma
from yanzhen.modes.coconstruction.settlement.agreements import Agreement
from yanzhen.report.analyses.contract_appraisal import appraisal_document, appraisal_findings
from yanzhen.report.document.html import page as page_of
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import read_study

GIVEN = Given(tax_kinds=("value_added_tax",))
TERMS = preset("liaoning").complete(GIVEN)
SHANGHAI, ANHUI = "310000", "340000"


def agreement(home: str, host: str, terms: Terms = TERMS) -> Agreement:
    return Agreement(Contract("own", home, host, 2018, terms), (), "liaoning")


@pytest.fixture(scope="module")
def cleared() -> ClearedStudy:
    return clear_study(study_inputs(read_study("china-provinces")))


@pytest.fixture(scope="module")
def found(cleared: ClearedStudy) -> Appraisal:
    return appraise(cleared, agreement(SHANGHAI, ANHUI))


def test_tables_are_as_declared(found: Appraisal) -> None:
    assert undeclared(found) == []


def test_the_gains_are_those_of_the_pair_among_all_pairs(
    cleared: ClearedStudy, found: Appraisal
) -> None:
    offer = contract_offer(cleared, TERMS)
    among = pair_gains(cleared, offer, (SHANGHAI,), (ANHUI,))
    assert among.home_gain[0, 0] / offer.fen == pytest.approx(found.home_gain)
    assert among.host_gain[0, 0] / offer.fen == pytest.approx(found.host_gain)


def test_parts_years_and_curve_agree_with_the_gains(found: Appraisal) -> None:
    for party, gain in (("home", found.home_gain), ("host", found.host_gain)):
        assert found.parts.filter(party=party)["amount"].sum() == pytest.approx(gain)
        assert found.yearly.filter(party=party)["cumulated"][-1] == pytest.approx(gain)
        half = found.curve.filter(pl.col("share") == 0.5)[party][0]
        assert half == pytest.approx(gain)


def test_the_stated_gain_lies_between_the_ends_of_an_assumption(found: Appraisal) -> None:
    row = found.sensitivity.filter(assumption="local_tax_share").row(0, named=True)
    ends = sorted((row["home_low"], row["home_high"]))
    assert ends[0] < found.home_gain < ends[1]
    assert {"sigma", "contract_payoff"} <= set(found.sensitivity["assumption"])


def test_a_change_of_tastes_is_that_of_the_parameter(cleared: ClearedStudy) -> None:
    changed = with_sigma(cleared.formulation, 0.06).market
    parameters = cleared.inputs.values | {"sigma": 0.06}
    size = cleared.formulation.move_terms[2] / cleared.inputs.values["sigma"] * parameters["sigma"]
    moved = size - cleared.formulation.move_terms[2]
    regions, sites = size.shape
    base = (
        np.asarray(cleared.formulation.market.base).reshape(regions, -1, sites) + moved[:, None, :]
    )
    assert changed.sigma == 0.06
    np.testing.assert_allclose(changed.base, base.reshape(-1, sites))


def test_what_is_drawn_is_more_than_without_and_divides_into_stayers_and_others(
    found: Appraisal,
) -> None:
    rows = found.projects
    assert (rows["arriving"] > rows["without"]).all()
    assert rows["diversion"].is_between(0, 1).all()
    assert found.enterprise_gain > 0


def test_a_joint_company_cannot_be_appraised_on_a_study(cleared: ClearedStudy) -> None:
    terms = preset("equity_venture").terms
    with pytest.raises(ContractError) as caught:
        appraise(cleared, agreement(SHANGHAI, ANHUI, terms))
    assert caught.value.problems[0].column == "equity"


def test_a_host_within_the_home_is_refused(cleared: ClearedStudy) -> None:
    with pytest.raises(ContractError, match="nobody"):
        appraise(cleared, agreement(SHANGHAI, SHANGHAI))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_its_findings_and_asks_nothing_of_a_network(
    found: Appraisal, lang: Lang
) -> None:
    page = page_of(appraisal_document(found, Reader(found.study, lang)))
    for sentence in appraisal_findings(found, Reader(found.study, lang)):
        assert sentence.replace("'", "&#39;").replace('"', "&#34;") in page
    assert page.count('class="chart broad"') == 4
    assert "None" not in page.split("<script", 1)[0]


def test_the_command_prints_json_alone() -> None:
    arguments = ["contract", "gains", "china-provinces", "--home", "上海", "--host", ANHUI]
    done = CliRunner().invoke(app, [*arguments, "--json", "--lang", "en"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["home"] == SHANGHAI


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--home", "Shanghay", "--host", "Anhui"], "Shanghai"),
        (["--home", "Shanghai"], "--host"),
        ([], "no agreements"),
    ],
)
def test_a_wrong_command_ends_with_two(arguments: list[str], said: str) -> None:
    command = ["contract", "gains", "china-provinces", *arguments, "--lang", "en"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_studys_own_agreements_are_checked_and_appraised(tmp_path: Path) -> None:
    folder, out = tmp_path / "study", tmp_path / "out"
    shutil.copytree(str(files("yanzhen.study") / "examples" / "china_provinces"), folder)
    (folder / "own.toml").write_text(
        'title_zh = "自拟"\ntitle_en = "own"\ntax_kinds = ["value_added_tax"]\n'
        'third_party = "province"\n[[periods]]\nyears = 5\nsplit = "50:40:10"\n',
        encoding="utf-8",
    )
    header = "agreement,home,host,industry,terms,from_year,tax_kinds\n"
    rows = [
        "A1,310000,340000,IO42-20,songjiang_luan,2018,value_added_tax",
        "A2,110000,130000,,own.toml,2019,",
    ]
    table = folder / "agreements.csv"
    table.write_text(header + "\n".join(rows), encoding="utf-8")
    done = CliRunner().invoke(
        app, ["contract", "gains", str(folder), "--json", "--out", str(out), "--lang", "zh"]
    )
    assert done.exit_code == 0, done.stderr
    first, second = json.loads(done.stdout)
    assert (first["industries"], first["scheme"]) == (["IO42-20"], "songjiang_luan")
    counted = {row["party"]: row["output"] for row in first["statistics"]}
    assert counted["home"] == pytest.approx(counted["host"] * 40 / 60)
    assert second["third_gain"] > 0
    assert {row["party"] for row in second["division"]} == {"home", "host", "third"}
    assert {path.name for path in (out / "A1").iterdir()} == {"gains.html", "gains.xlsx", "tables"}
    assert "第三方" in (out / "A2" / "gains.html").read_text("utf-8")
    table.write_text(header + rows[0].replace("songjiang", "songjang"), encoding="utf-8")
    checked = CliRunner().invoke(app, ["check", str(folder), "--json"])
    assert checked.exit_code == 2
    assert json.loads(checked.stdout)[0]["column"] == "terms"


def test_a_host_that_is_no_place_of_the_market_is_named_with_places_that_are(
    cleared: ClearedStudy,
) -> None:
    with pytest.raises(ContractError, match=r"R9, host of .* no place that receives; .*such as"):
        appraise(cleared, agreement(SHANGHAI, "R9"))
