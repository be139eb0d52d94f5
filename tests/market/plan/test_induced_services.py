"""Producer services that follow their buyers."""

import polars as pl
import pytest

from tests.study.small import small
from yanzhen.accounts.input_output import national_table
from yanzhen.market.plan.induced_services import induced_services
from yanzhen.pipeline import plan_study
from yanzhen.study import read_study


def test_services_follow_by_the_input_output_coefficients() -> None:
    study = read_study("china-provinces")
    table = national_table(study.tables["input_output"], 2017)
    k, s = table.sectors.index("IO42-34"), table.sectors.index("IO42-07")
    leaving = pl.DataFrame({"industry": ["IO42-07"], "origin": ["330000"], "output": [7.0]})
    arriving = pl.DataFrame({"industry": ["IO42-07"], "region": ["410000"], "output": [7.0]})
    found = induced_services(study, leaving, arriving, 2017).filter(service="IO42-34")
    expected = 7.0 * table.domestic[k, s] / table.output[s]
    assert expected > 0
    net = dict(found.select("region", "net").iter_rows())
    assert net == pytest.approx({"410000": expected, "330000": -expected})


def test_what_one_region_gains_others_lose() -> None:
    study = read_study("china-provinces")
    plan = plan_study(study)
    found = induced_services(study, plan.leaving, plan.arriving, plan.base_year)
    assert set(found["service"]) == {f"IO42-{k}" for k in (29, 31, 32, 34, 35, 36)}
    assert found["net"].sum() == pytest.approx(0, abs=1e-6)
    assert found["gained"].sum() > 0


def test_without_accounts_nothing_is_said() -> None:
    none = pl.DataFrame(schema={"industry": str, "origin": str, "region": str, "output": float})
    assert induced_services(small(), none, none, 2017).is_empty()
