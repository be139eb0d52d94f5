"""The API: what it answers, and how it refuses."""

import csv
import html
import io
import json
import math
import zipfile
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.api.people import guarded
from tests.made_store import made_store
from tests.study.small import REGIONS
from yanzhen.api import plans
from yanzhen.api.app import make_app
from yanzhen.api.models import RankedSite
from yanzhen.api.proxies import BehindProxies
from yanzhen.api.rankings import as_rows
from yanzhen.api.workbench import Workbench
from yanzhen.market.plan.moves import TERMS
from yanzhen.report.analyses.diagnosis import TABLE_OF
from yanzhen.report.figures import DIAGNOSIS_FIGURES, FIGURES
from yanzhen.report.findings.plan import findings
from yanzhen.report.tables.diagnosis import COLUMNS
from yanzhen.report.tables.plan import tables
from yanzhen.report.text.reader import Reader


def test_every_study_is_listed_with_what_has_been_made(client: TestClient, study: str) -> None:
    listed = {each["study"]: each for each in client.get("/api/v1/studies").json()["items"]}
    assert listed[study]["plan"] and listed[study]["diagnosis"] and listed[study]["synthetic"]
    assert not listed["china-provinces"]["plan"]


def test_findings_and_pictures_are_those_of_the_report(
    client: TestClient, bench: Workbench, study: str
) -> None:
    plan = bench.plans.read(study)
    said = client.get(f"/api/v1/plans/{study}/findings", params={"lang": "en"}).json()
    assert said == findings(plan, Reader(plan.study, "en"))
    for key in FIGURES:
        for lang in ("zh", "en"):
            answer = client.get(f"/api/v1/plans/{study}/figures/{key}", params={"lang": lang})
            assert answer.json()["title"], key
            assert "$schema" in answer.json()["spec"]
    for key in DIAGNOSIS_FIGURES:
        answer = client.get(
            f"/api/v1/diagnoses/{study}/figures/{key}", params={"region": REGIONS[2]}
        )
        assert answer.status_code == 200, key


def test_every_picture_has_a_table(bench: Workbench, study: str) -> None:
    assert set(plans.TABLE_OF) == set(FIGURES)
    tables = {bench.plans.table_of(study, picture) for picture in FIGURES}
    assert tables <= set(bench.plans.tables(study, "zh"))
    assert set(TABLE_OF) == set(DIAGNOSIS_FIGURES)
    assert set(TABLE_OF.values()) <= set(COLUMNS)


def test_a_table_is_the_same_as_json_csv_and_workbook(
    client: TestClient, bench: Workbench, study: str
) -> None:
    plan = bench.plans.read(study)
    shown = next(t for t in tables(plan, Reader(plan.study, "en")) if t.key == "regions")
    address = f"/api/v1/plans/{study}/tables/regions"
    plain = client.get(address, params={"lang": "en"}).json()
    assert [tuple(row) for row in plain["rows"]] == shown.rows
    file = client.get(address, params={"lang": "en", "form": "csv"})
    read = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(read) == len(shown.rows) + 1
    assert "SYNTHETIC" in read[0][0]
    assert "SYNTHETIC_regions.csv" in file.headers["content-disposition"]
    book = client.get(address, params={"form": "xlsx"})
    assert book.content[:2] == b"PK"


def test_the_whole_report_is_sent_as_a_file(client: TestClient, study: str) -> None:
    address = f"/api/v1/plans/{study}/report"
    page = client.get(address, params={"lang": "en", "form": "html"})
    assert "SYNTHETIC" in page.headers["content-disposition"]
    for said in client.get(f"/api/v1/plans/{study}/findings", params={"lang": "en"}).json():
        assert html.escape(said, quote=False).replace("'", "&#39;") in page.text
    for form in ("xlsx", "docx"):
        with zipfile.ZipFile(
            io.BytesIO(client.get(address, params={"form": form}).content)
        ) as book:
            assert book.testzip() is None


def test_the_terms_of_a_ranking_sum_to_its_gain(
    client: TestClient, bench: Workbench, study: str
) -> None:
    formulation, _ = bench.plans.market(study)
    block = formulation.blocks.row(0, named=True)
    asked = {"industry": block["industry"], "origin": block["origin"]}
    ranked = client.post(f"/api/v1/plans/{study}/rankings", json=asked).json()
    assert len(ranked) == formulation.place.size
    for row in ranked:
        assert sum(row[term] for term in TERMS) == pytest.approx(row["gain"], abs=1e-12)
    admitted = [row for row in ranked if row["rank"] is not None]
    gains = [row["gain"] for row in admitted]
    assert gains == sorted(gains, reverse=True)


def test_a_ranking_is_written_as_it_is_declared_with_null_for_what_is_no_number() -> None:
    term = TERMS[0]
    ranked = pl.DataFrame(
        {
            **{"rank": [1, None], "site": ["a", "乙"], "region": ["r", "r"]},
            **{"gain": [0.1, -math.inf], term: [1e-17, math.nan]},
            **{"probability": [0.25, 0.0], "listing": [None, "l"], "rule": [None, "r"]},
        }
    )
    rows = json.loads(as_rows(ranked))
    read = [RankedSite(**row).model_dump() for row in rows]
    assert read == rows
    assert list(rows[0]) == [*RankedSite.model_fields, term]
    said = [(row["rank"], row["site"], row["gain"], row[term]) for row in rows]
    assert said == [(1, "a", 0.1, 1e-17), (None, "乙", None, None)]


def test_a_ranking_is_what_the_plan_says_of_the_same_enterprises(
    bench: Workbench, client: TestClient, study: str
) -> None:
    """One block an industry and origin, so its chances of moving are the shares of its moves."""
    plan, (formulation, _) = bench.plans.read(study), bench.plans.market(study)
    block = formulation.blocks.row(0, named=True)
    asked = {"industry": block["industry"], "origin": block["origin"]}
    ranked = client.post(f"/api/v1/plans/{study}/rankings", json=asked).json()
    moved = plan.moves.filter(industry=block["industry"], origin=block["origin"])
    by_site = {row["site"]: row for row in ranked}
    assert moved.height > 0
    for move in moved.iter_rows(named=True):
        row = by_site[move["destination"]]
        assert row["probability"] * block["output"] == pytest.approx(move["output"], rel=1e-9)
        assert row["gain"] == pytest.approx(move["gain"], abs=1e-12)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/studies/nothing", 404),
        ("GET", "/api/v1/plans/nothing", 404),
        ("GET", "/api/v1/plans/china-provinces/findings", 404),
        ("GET", "/api/v1/diagnoses/nothing/findings", 404),
        ("GET", "/api/v1/jobs/nothing", 404),
        ("GET", "/api/v1/jobs/..%2F..", 404),
        ("GET", "/api/v1/studies?lang=fr", 200),
        ("GET", "/api/v1/plans/china-provinces/findings?lang=fr", 422),
    ],
)
def test_a_refusal_says_what_is_the_matter_in_both_languages(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    if status != 200:
        said = answer.json()
        if answer.headers["content-type"] == "application/problem+json":
            assert said["title"] and said["title_zh"] and said["status"] == status


def test_a_verdict_on_what_a_study_does_not_have_is_refused(client: TestClient) -> None:
    said = {"achievement": "A1", "partner": "P1", "verdict": "accept"}
    answer = client.post("/api/v1/technologies/china-provinces/verdicts", json=said)
    assert answer.status_code == 404 and "A1" in answer.json()["title"]


def test_another_site_may_not_start_work(client: TestClient, study: str) -> None:
    work = {"kind": "plan", "study": study}
    answer = client.post("/api/v1/jobs", json=work, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_a_study_with_problems_is_refused_with_each_of_them(empty: Workbench) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a/regions.csv", "region,name_zh\n110000,北京\n110000,北京\n")
    known = empty.studies.upload("broken.zip", content.getvalue())
    answer = TestClient(make_app(empty)).get(f"/api/v1/studies/{known.key}")
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert len(problems) > 1
    assert {"file", "table", "row", "column", "found", "expected"} <= set(problems[0])


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_api_keeps_to_its_own_description(tmp_path: Path, mode: GenerationMode) -> None:
    """Answers to made-up requests conform to OpenAPI, and none is a failure of the server."""
    # A store of its own: what other tests leave behind would change what is answered.
    given = made_store(tmp_path)
    bench = Workbench(given.store, [str(given.study)], slots=0)
    conform(make_app(bench), mode, 60, bench.studies.all()[0].key)
    bench.close()


@pytest.mark.parametrize("role", ["", "administrator", "enterprise"])
def test_with_and_without_a_login_it_keeps_to_its_description(tmp_path: Path, role: str) -> None:
    with guarded(tmp_path) as guard:
        token = guard.program(guard.person("person", role)).headers["authorization"] if role else ""
        served = BehindProxies(guard.served)
        conform(served, GenerationMode.POSITIVE, 30, "none", {"Authorization": token or "none"})


def conform(
    app: Any,
    mode: GenerationMode,
    examples: int,
    study: str,
    headers: dict[str, str] | None = None,
) -> None:
    """Ask an application what its description says can be asked."""
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    # Starting work is tested in `test_jobs`; here it would start any number.
    # What a file holds cannot be said in OpenAPI; uploads have tests of their own.
    uploads = (
        *("studies", "studies/{study}/tables/{table}", "imports", "exchange/files/{kind}"),
        *("exchange/listings/{listing}/documents", "exchange/deals/{deal}/documents"),
        "exchange/agreements/{agreement}/declared/files",
    )
    quiet = schema.exclude(path=["/api/v1/jobs", "/api/v1/jobs/{job}/events"]).exclude(
        method="POST", path=[f"/api/v1/{each}" for each in uploads]
    )

    keys = count()

    # The profile says whether examples are the same each time.
    @settings(
        max_examples=examples,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=quiet.as_strategy(generation_mode=mode), known=st.booleans())
    def conforms(case: schemathesis.Case, known: bool) -> None:
        if known and "study" in case.path_parameters:
            case.path_parameters["study"] = study
        # Which text is a cursor, and which key was used before, no description can say:
        # `test_lists_and_versions` and `test_idempotency` test what others are answered.
        if mode is GenerationMode.POSITIVE:
            (case.query or {}).pop("after", None)
        if "Idempotency-Key" in (case.headers or {}):
            case.headers["Idempotency-Key"] = f"case-{next(keys)}"
        # Nor which day is past, which parties a deal needs or what may follow what.
        ruled = [positive_data_acceptance] if case.path.startswith("/api/v1/exchange/") else []
        case.call_and_validate(headers=headers, excluded_checks=ruled)

    conforms()
