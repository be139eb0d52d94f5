"""Chains, docking lists and matched achievements: what is kept, answered and refused."""

import csv
import io
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import quietly
from tests.study.small import INDUSTRIES, NATION, REGIONS
from tests.study.small_modes import small_modes
from yanzhen.api import technologies
from yanzhen.api.analyses import make_analysis
from yanzhen.api.technologies import make_technology
from yanzhen.api.versions import publish
from yanzhen.api.workbench import Workbench
from yanzhen.modes.chain import chain_analysis
from yanzhen.report.analyses.chain import CHAIN_FIGURES, TABLE_OF
from yanzhen.report.analyses.registry import CHAIN
from yanzhen.report.findings.chain import chain_findings
from yanzhen.report.tables.chain import COLUMNS
from yanzhen.report.tables.docking import COLUMNS as LISTS
from yanzhen.report.tables.technology import KEYS
from yanzhen.report.text.focus import Focus
from yanzhen.report.text.reader import Reader
from yanzhen.study import write_study


def test_a_kept_chain_says_what_the_analysis_says(client: TestClient, study: str) -> None:
    found = chain_analysis(small_modes())
    root = f"/api/v1/chains/{study}"
    for asked, focus in (({}, Focus()), ({"region": REGIONS[2]}, Focus(REGIONS[2]))):
        said = client.get(f"{root}/findings", params={"lang": "en", **asked}).json()
        assert said == chain_findings(found, Reader(found.study, "en"), focus)
    for key in CHAIN_FIGURES:
        drawn = client.get(f"{root}/figures/{key}", params={"lang": "zh"}).json()
        assert drawn["title"] and "$schema" in drawn["spec"], key
    for key in COLUMNS:
        table = client.get(f"{root}/tables/{key}").json()
        assert len(table["rows"]) == getattr(found, key).height, key
    assert set(TABLE_OF) == set(CHAIN_FIGURES)
    # A region that others lie in has no rows of its own.
    for nowhere in (NATION, "nowhere"):
        assert client.get(f"{root}/findings", params={"region": nowhere}).status_code == 404


def test_a_chain_of_another_industry_is_kept_beside_the_largest(
    bench: Workbench, client: TestClient, study: str
) -> None:
    address = f"/api/v1/chains/{study}/tables/chain"
    assert client.get(address, params={"industry": INDUSTRIES[0]}).status_code == 404
    source = bench.studies.find(study).source
    subject = {"study": study, "source": source, "industry": INDUSTRIES[0]}
    publish(make_analysis(CHAIN, bench.folder, subject, quietly))
    largest = client.get(address).json()["rows"]
    of_first = client.get(address, params={"industry": INDUSTRIES[0]}).json()["rows"]
    assert len(of_first) == len(largest) and of_first != largest
    asked = {"kind": "chain", "study": study, "industry": "nothing"}
    assert client.post("/api/v1/jobs", json=asked).status_code == 404


def test_docking_lists_are_narrowed_and_sent_as_files(client: TestClient, study: str) -> None:
    root = f"/api/v1/dockings/{study}"
    whole = client.get(f"{root}/tables/pairs").json()["rows"]
    asked = {"region": REGIONS[1], "form": "csv"}
    sent = client.get(f"{root}/tables/pairs", params=asked)
    rows = list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"))))[1:]
    assert 0 < len(rows) < len(whole)
    assert all(row[0].startswith("合成区乙") for row in rows)
    for key in (*LISTS, "certificate"):
        assert client.get(f"{root}/tables/{key}").json()["rows"], key
    assert client.get(f"{root}/figures/docking").json()["spec"]
    assert client.get(f"{root}/findings", params={"lang": "en"}).json()


def test_matches_are_narrowed_by_region_and_text(client: TestClient, study: str) -> None:
    root = f"/api/v1/technologies/{study}/incubators"
    for key in KEYS:
        assert client.get(f"{root}/tables/{key}").status_code == 200, key
    matches = client.get(f"{root}/tables/matches").json()
    heads = [column["name"] for column in matches["columns"]]
    by_value = [dict(zip(heads, row, strict=True)) for row in matches["rows"]]
    for row in by_value:
        terms = [row[name] for name in heads if name.startswith("term_")]
        assert sum(terms) == pytest.approx(row["value"], abs=1e-12)
    asked = {"region": REGIONS[1], "holding": "sLUDGE"}
    narrowed = client.get(f"{root}/tables/matches", params=asked).json()["rows"]
    assert 0 < len(narrowed) < len(by_value)
    for key in technologies.FIGURES:
        assert client.get(f"{root}/figures/{key}").json()["spec"]
    report = client.get(f"{root}/report", params={"lang": "en"})
    assert report.status_code == 200 and "SYNTHETIC" in report.text


def test_a_rejected_match_is_not_proposed_again(empty: Workbench) -> None:
    folder = empty.folder / "small"
    write_study(small_modes(), folder)
    study, subject = small_modes(), {"study": "s", "source": str(folder), "partner": "incubators"}
    publish(make_technology(empty.folder, subject, quietly))
    before = empty.technologies.read("s", "incubators").pairs
    pair = before.row(0, named=True)
    assert empty.technologies.heeds(study, "s", "incubators")
    empty.technologies.judge(
        study, "s", pair["achievement"], pair["partner"], "reject", '甲, "乙"\n丙'
    )
    assert not empty.technologies.heeds(study, "s", "incubators")
    publish(make_technology(empty.folder, subject, quietly))
    assert empty.technologies.heeds(study, "s", "incubators")
    after = empty.technologies.read("s", "incubators")
    left = after.pairs.filter(achievement=pair["achievement"], partner=pair["partner"])
    assert left.is_empty()
    assert after.rejected["reason"].to_list() == ['甲, "乙"\n丙']


def test_a_verdict_on_what_is_not_there_is_refused(client: TestClient, study: str) -> None:
    said = {"achievement": "T1", "partner": "nobody", "verdict": "accept"}
    answer = client.post(f"/api/v1/technologies/{study}/verdicts", json=said)
    assert answer.status_code == 404 and "nobody" in answer.json()["title_zh"]
    assert client.get(f"/api/v1/technologies/{study}/verdicts").json()["items"] == []


def test_a_study_that_lacks_the_table_is_not_prepared(empty: Workbench) -> None:
    folder = empty.folder / "plain"
    without = {
        name: table.clear() if name == "input_output" else table
        for name, table in small_modes().tables.items()
    }
    write_study(replace(small_modes(), tables=without), folder)
    bench = Workbench(empty.folder / "other", [str(folder)])
    bench.prepare()
    assert {job.kind for job in bench.jobs.all()} == {"plan", "diagnosis"}
    bench.close()


def test_a_list_of_enterprises_is_checked_and_ranked(client: TestClient, study: str) -> None:
    head = "enterprise,industry,origin,count,output,jobs,status"
    rows = [
        f"E1,{INDUSTRIES[0]},{REGIONS[0]},1,100,5,synthetic",
        f"E2,{INDUSTRIES[3]},{REGIONS[0]},1,100,,synthetic",
    ]

    def send(*lines: str) -> str:
        content = "\n".join([head, *lines]).encode()
        sent = client.post(f"/api/v1/plans/{study}/enterprises", files={"file": ("l.csv", content)})
        assert sent.status_code == 201 and sent.json()["study"] == study
        name: str = sent.json()["list"]
        return name

    found = client.get(f"/api/v1/plans/{study}/enterprises/{send(*rows)}").json()
    asked = {"industry": INDUSTRIES[0], "origin": REGIONS[0], "needs": {"jobs": 0.05}}
    best = client.post(f"/api/v1/plans/{study}/rankings", json=asked).json()
    assert (found[0]["site"], found[0]["gain"]) == (best[0]["site"], best[0]["gain"])
    assert found[0]["second"] == best[1]["site"]
    # Producer services do not move in the plan.
    assert found[1]["site"] is None and INDUSTRIES[3] in found[1]["lacking"]
    refused = client.get(f"/api/v1/plans/{study}/enterprises/{send(rows[0], rows[0])}")
    assert refused.status_code == 422
    assert {problem["table"] for problem in refused.json()["problems"]} == {"enterprises"}
    assert client.get(f"/api/v1/plans/{study}/enterprises/nothing").status_code == 404
