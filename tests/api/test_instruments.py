"""Instruments that a reader supposes: where they act, what they hold, and that they come back."""

from pathlib import Path

import polars as pl
import pytest

from tests.study.small import REGIONS, small
from yanzhen.api.comparisons import MOST_DELETED, Comparisons, Instrument
from yanzhen.api.problem_details import Refusal
from yanzhen.market.counterfactuals.scenario import read_scenario
from yanzhen.pipeline import compare_study
from yanzhen.report.figures.difference_map import difference_map
from yanzhen.report.tables.scenarios import regions_beside
from yanzhen.report.text.reader import Reader
from yanzhen.study import StudyError

GROUP = (REGIONS[2], REGIONS[3])
CAP = 0.05


def supposed(folder: Path, instrument: Instrument) -> Path:
    name = Comparisons(folder).suppose("small", instrument, "题", "Title")
    return folder / "scenarios" / "small" / f"{name}.toml"


def test_an_instrument_acts_at_each_place_of_a_group(tmp_path: Path) -> None:
    asked = Instrument("subsidy_per_output", 0.05, ("West",), GROUP, "06")
    rows = read_scenario(supposed(tmp_path, asked)).policies
    assert [row.get("place") or row["macro_region"] for row in rows] == ["West", *GROUP]
    assert {row["policy"] for row in rows} == {"own-1", "own-2", "own-3"}
    assert all(row["value"] == 0.05 and row["industry"] == "06" for row in rows)
    assert read_scenario(supposed(tmp_path, Instrument("tax", 0.01))).policies[0].keys() == {
        "policy", "instrument", "value"
    }  # fmt: skip


def test_a_cap_on_emissions_holds_at_each_place_and_is_seen_on_the_map(tmp_path: Path) -> None:
    asked = Instrument("cap", CAP, (), GROUP, resource="emissions")
    path = supposed(tmp_path, asked)
    plan, compared = compare_study(small(), [str(path)])
    # Every industry of the small study emits as much for what it makes.
    cells = small().tables["activity"].filter(region=REGIONS[0], year=2017)
    emitted = float((cells["emissions"] / cells["output"]).mean())  # type: ignore[arg-type]
    at_site = compared.flows.group_by("destination").agg(pl.col("before", "after").sum())
    for _, before, after in at_site.filter(pl.col("destination").is_in(GROUP)).iter_rows():
        assert before * emitted > CAP
        assert after * emitted == pytest.approx(CAP, rel=0.02)

    reader, name = Reader(plan.study, "en"), path.stem
    datasets = difference_map(plan, compared, name, reader).to_dict()["datasets"]
    marked = [row.get("properties", row) for rows in datasets.values() for row in rows]
    values = {row["region"]: row["value"] for row in marked if "chosen" in row}
    changes = compared.regions.filter(scenario=name).select("region", "change")
    assert values == {
        region: pytest.approx(change * reader.size.factor) for region, change in changes.rows()
    }
    beside = regions_beside(compared, reader)
    after = dict(compared.regions.select("region", "after").rows())
    shown = {row[0]: row[-1] for row in beside.rows}
    assert shown == {
        region: pytest.approx(after[region] * reader.size.factor) for region in shown
    } and len(shown) == len(REGIONS)


def test_a_tax_per_emission_goes_to_the_public_purse(tmp_path: Path) -> None:
    asked = Instrument("tax_per_emission", 5.0, (), GROUP)
    _, compared = compare_study(small(), [str(supposed(tmp_path, asked))])
    arriving = compared.flows.filter(pl.col("destination").is_in(GROUP))["after"].sum()
    cells = small().tables["activity"].filter(region=REGIONS[0], year=2017)
    emitted = float((cells["emissions"] / cells["output"]).mean())  # type: ignore[arg-type]
    taxed = compared.totals.filter(measure="tax")["after"].item()
    assert taxed == pytest.approx(5.0 * emitted * arriving, rel=0.02) and taxed > 0
    effects = compared.macro_regions.select("before", "after").sum()
    assert effects.row(0) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_what_was_deleted_comes_back(tmp_path: Path) -> None:
    kept = Comparisons(tmp_path)
    names = [
        kept.suppose("small", Instrument("tax", 0.01 * place), "题", "Title")
        for place in range(1, MOST_DELETED + 2)
    ]
    for name in names:
        kept.drop("small", name)
    assert kept.own("small") == []
    assert [each.name for each in kept.deleted("small")] == names[:0:-1]
    with pytest.raises(Refusal):
        kept.restore("small", names[0])
    for name in names[1:3]:
        kept.restore("small", name)
    assert kept.own("small") == sorted(names[1:3])
    assert [each.name for each in kept.deleted("small")] == names[:2:-1]
    with pytest.raises(Refusal):
        kept.restore("small", names[1])


def test_an_instrument_that_cannot_act_is_refused_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(StudyError):
        Comparisons(tmp_path).suppose("small", Instrument("cap", 0.0), "题", "Title")
    assert Comparisons(tmp_path).own("small") == []
