"""What a plan says to each reader, as the API answers it."""

from dataclasses import asdict
from typing import Any

import pytest
from fastapi.testclient import TestClient

from yanzhen.api.workbench import Workbench
from yanzhen.report.findings.asker import ROLES, asker
from yanzhen.report.findings.roles import answer_of
from yanzhen.report.text.reader import Reader


@pytest.mark.parametrize("role", ROLES)
def test_the_answer_to_a_role_is_that_of_the_report(
    client: TestClient, bench: Workbench, study: str, role: str
) -> None:
    plan = bench.plans.read(study)
    root = f"/api/v1/plans/{study}/roles/{role}"
    said = client.get(root, params={"lang": "en"}).json()
    expected: Any = asdict(answer_of(plan, asker(plan, role), Reader(plan.study, "en")))
    assert said == {**expected, **{k: list(expected[k]) for k in ("figures", "rests_on")}}
    drawn = client.get(f"{root}/map", params={"lang": "en"}).json()
    assert drawn["key"] == "role_map" and drawn["spec"]["layer"]


def test_a_role_that_there_is_not_is_refused(client: TestClient, study: str) -> None:
    answer = client.get(f"/api/v1/plans/{study}/roles/nobody")
    assert answer.status_code == 404
    assert "nobody" in answer.json()["title"]
