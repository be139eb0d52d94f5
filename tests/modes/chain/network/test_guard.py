"""A plan that breaks the guard is refused or repaired, and it is said where."""

import json
from html import unescape
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from tests.market.stages import Stages, stages
from tests.modes.chain.webs import example_web, small_web
from tests.study.small import small_study
from yanzhen import pipeline
from yanzhen.cli.app import app
from yanzhen.modes.chain import Guard, chain_analysis
from yanzhen.modes.chain.network.after_plan import Guarded, guarded, moves_of, web_after
from yanzhen.modes.chain.network.caps import Scope, moving, with_caps
from yanzhen.modes.chain.network.guard import GRACE, breaches
from yanzhen.modes.chain.network.multiregional_flows import SupplyWeb, with_output
from yanzhen.modes.chain.network.security import concentration_table, exposure_table, security
from yanzhen.report.analyses.chain import chain_document
from yanzhen.report.document.folder import write_report
from yanzhen.report.findings.chain import chain_findings
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.reader import Reader
from yanzhen.study import read_study


@pytest.fixture(scope="module")
def example() -> Stages:
    return stages(read_study("china-provinces"))


def held(example: Stages, guard: Guard, repair: bool) -> Guarded:
    web, nearness = example_web(example)
    observed = np.nansum(example.advantage.output, axis=0)
    return guarded(guard, repair, example.cleared, web, security(web), observed, nearness)


def broken_by(guard: Guard, web: SupplyWeb, web_after: SupplyWeb) -> pl.DataFrame:
    before, after = security(web), security(web_after)
    concentration = concentration_table(web, before, web_after, after)
    return breaches(guard, concentration, exposure_table(web, before, after))


def test_without_limits_nothing_breaks(example):
    assert held(example, Guard(), repair=True).broken.is_empty()


def test_a_broken_guard_names_where(example):
    found = held(example, Guard(most_worsening=0.02), repair=False)
    assert found.broken.height > 0
    assert (found.broken["after"] > found.broken["limit"]).all()
    assert found.caps.is_empty()
    assert found.cleared.clearing is example.clearing


@pytest.mark.parametrize("guard", [Guard(most_worsening=0.01), Guard(most_exposure=0.1)])
def test_a_repaired_plan_keeps_the_guard_and_clears(example, guard):
    found = held(example, guard, repair=True)
    assert found.broken.height > 0
    assert found.left.is_empty()
    assert found.caps.height > 0
    assert (found.caps["moving_after"] <= found.caps["cap"] * (1 + 1e-6)).all()
    assert found.cleared.clearing.certificate.passed
    web, nearness = example_web(example)
    observed = np.nansum(example.advantage.output, axis=0)
    again = web_after(web, moves_of(found.cleared, web), observed, nearness)
    assert broken_by(guard, web, again).is_empty()


def test_a_cap_leaves_what_it_is_not_on(example):
    scope = Scope("370000", None, "IO42-06")
    before = moving(example.cleared, scope)
    capped = with_caps(example.cleared, {scope: before / 2})
    assert moving(capped, scope) == pytest.approx(before / 2, rel=1e-6)
    loose = with_caps(example.cleared, {scope: before * 2})
    np.testing.assert_allclose(
        loose.clearing.choice.probability, example.clearing.choice.probability, atol=1e-9
    )


def test_what_was_over_a_limit_may_stay_but_not_become_worse():
    case = small_web()
    web, before = case.web, security(case.web)
    most = float(before.exposure.max()) / 2
    assert broken_by(Guard(most_exposure=most), web, web).is_empty()
    output = web.output.copy()
    output[1], output[0] = output[1] + 0.5 * output[0], 0.5 * output[0]
    after_web = with_output(web, output, case.nearness)
    after = security(after_web)
    found = broken_by(Guard(most_exposure=most), web, after_web)
    over = (after.exposure > np.where(before.exposure >= most, before.exposure + GRACE, most)).sum()
    assert found.height == over > 0


def test_the_command_refuses_and_says_which():
    refused = CliRunner().invoke(
        app, ["chain", "china-provinces", "--worsen-by", "0.02", "--lang", "en", "--json"]
    )
    assert refused.exit_code == 1
    said = json.loads(refused.stdout)
    assert said["guard_holds"] is False
    assert {row["region"] for row in said["tables"]["broken"]} == {"110000", "210000", "220000"}
    assert "Non-metallic mineral products in Liaoning" in refused.stderr


def test_the_command_repairs_when_asked(tmp_path):
    repaired = CliRunner().invoke(
        app,
        ["chain", "china-provinces", "--worsen-by", "0.02", "--repair", "--lang", "en",
         "--region", "210000", "--out", str(tmp_path)],
    )  # fmt: skip
    assert repaired.exit_code == 0, repaired.output
    assert "meets all limits" in " ".join(repaired.stdout.split())
    assert {path.name for path in tmp_path.iterdir()} == {"chain.html", "chain.xlsx", "tables"}


def test_a_plan_that_breaks_the_guard_is_refused_and_written_all_the_same(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(
        pipeline, "write_plan", lambda plan, out, lang, chapters: written.append(chapters)
    )
    refused = CliRunner().invoke(
        app,
        ["plan", "china-provinces", "--draws", "0", "--worsen-by", "0.02", "--lang", "en", "--json",
         "--out", str(tmp_path / "plan")],
    )  # fmt: skip
    assert refused.exit_code == 1
    said = json.loads(refused.stdout)["chains"]
    assert said["guard_holds"] is False
    assert {row["region"] for row in said["broken"]} == {"110000", "210000", "220000"}
    assert "Non-metallic mineral products in Liaoning" in refused.stderr
    assert "Non-metallic mineral products in Liaoning" in written[0][0].findings[0]


@pytest.mark.parametrize("command", [["chain"], ["plan", "--worsen-by", "0.1", "--out", "plan"]])
def test_a_study_without_accounts_is_wrong_input(command, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name, *rest = command
    said = CliRunner().invoke(app, [name, str(small_study(tmp_path / "s")), *rest, "--lang", "zh"])
    assert said.exit_code == 2
    assert "input_output" in said.stderr


def test_findings_of_a_region_leave_out_what_is_of_others_alone():
    found = chain_analysis(read_study("china-provinces"), guard=Guard(most_worsening=0.02))
    broken = "Non-metallic mineral products in Liaoning"
    whole = " ".join(chain_findings(found, Reader(found.study, "en"), Focus()))
    assert broken in whole
    sichuan = chain_findings(found, Reader(found.study, "en"), Focus("510000"))
    assert broken not in " ".join(sichuan)
    assert broken in " ".join(chain_findings(found, Reader(found.study, "en"), Focus("210000")))
    told = "Demand for producer services that follows"
    assert any(told in each for each in chain_findings(found, Reader(found.study, "en"), Focus()))
    assert not any(told in each for each in sichuan)


def test_pages_are_written_alike_twice_in_both_languages(tmp_path: Path):
    found = chain_analysis(read_study("china-provinces"), "IO42-18")
    focus = Focus("510000", "IO42-18")
    for folder, lang in (("a", "zh"), ("b", "zh"), ("c", "en")):
        write_report(
            chain_document(found, Reader(found.study, lang), focus), tmp_path / folder, "chain"
        )
    for name in ("chain.html", "chain.xlsx", "tables/gaps.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    said = unescape((tmp_path / "c" / "chain.html").read_text(encoding="utf-8"))
    for sentence in (
        *chain_findings(found, Reader(found.study, "en"), focus)[:3],
        "ESTIMATED",
        "upper bound",
    ):
        assert sentence in said
