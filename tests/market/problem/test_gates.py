"""Gates written by hand: which pair is closed, and which rule says so."""

from dataclasses import dataclass, field, replace

import polars as pl
import pytest

from tests.market.problem.test_formulation import room, with_table
from tests.market.stages import stages
from tests.study.small import small
from yanzhen.market.problem.gates import admitted_unevaluated
from yanzhen.pipeline import plan_study
from yanzhen.report.findings.why import why
from yanzhen.report.text.reader import Reader
from yanzhen.study import Study, StudyError

CLEAN = "class = energy: clean_energy_share >= 0.4"
LABOUR, ENERGY, TECHNOLOGY = "06", "13", "20"
SOUTHWEST = "500000"
BEIJING, JIANGSU, HENAN, GUIZHOU, SHAANXI = "110000", "320000", "410000", "520000", "610000"


@dataclass(frozen=True)
class Case:
    """A pair, the rules it meets, and the rule expected to refuse it (None: open)."""

    says: str
    pair: tuple[str, str]
    refused_by: str | None
    catalogue: tuple[tuple[str, str, str, str], ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    figures: tuple[tuple[str, int, str, float], ...] = ()
    valid: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    state: str = "open"


CASES = (
    Case(
        "restricted by the catalogue",
        (ENERGY, BEIJING),
        "C1",
        catalogue=((BEIJING, ENERGY, "restricted", "C1"),),
    ),
    Case(
        "no longer undertaken",
        (LABOUR, BEIJING),
        "C1",
        catalogue=((BEIJING, LABOUR, "no_longer_undertaken", "C1"),),
    ),
    Case(
        "a priority closes nothing",
        (LABOUR, HENAN),
        None,
        catalogue=((HENAN, LABOUR, "priority", "C1"),),
    ),
    Case(
        "a listing is for its industry alone",
        (TECHNOLOGY, BEIJING),
        None,
        catalogue=((BEIJING, ENERGY, "restricted", "C1"),),
    ),
    Case(
        "a listing is for its place alone",
        (ENERGY, JIANGSU),
        None,
        catalogue=((BEIJING, ENERGY, "restricted", "C1"),),
    ),
    Case(
        "a listing of the region above holds below",
        (ENERGY, GUIZHOU),
        "C1",
        catalogue=((SOUTHWEST, ENERGY, "restricted", "C1"),),
    ),
    Case(
        "a priority below does not lift a restriction above",
        (ENERGY, GUIZHOU),
        "C1",
        catalogue=(
            (SOUTHWEST, ENERGY, "restricted", "C1"),
            (GUIZHOU, ENERGY, "priority", "C2"),
        ),
    ),
    Case(
        "too little clean energy",
        (ENERGY, HENAN),
        "G1",
        conditions=(("G1", CLEAN),),
        figures=((HENAN, 2017, "clean_energy_share", 0.39),),
    ),
    Case(
        "enough clean energy",
        (ENERGY, GUIZHOU),
        None,
        conditions=(("G1", CLEAN),),
        figures=((GUIZHOU, 2017, "clean_energy_share", 0.4),),
    ),
    Case(
        "labour-intensive industry needs no clean energy",
        (LABOUR, HENAN),
        None,
        conditions=(("G1", CLEAN),),
        figures=((HENAN, 2017, "clean_energy_share", 0.1),),
    ),
    Case(
        "no figure is not evaluated",
        (ENERGY, HENAN),
        None,
        conditions=(("G1", CLEAN),),
        figures=((GUIZHOU, 2017, "clean_energy_share", 0.9),),
        state="not_evaluated",
    ),
    Case(
        "the figure of the region above serves",
        (ENERGY, GUIZHOU),
        "G1",
        conditions=(("G1", CLEAN),),
        figures=((SOUTHWEST, 2017, "clean_energy_share", 0.2),),
    ),
    Case(
        "the nearest figure comes first",
        (ENERGY, GUIZHOU),
        None,
        conditions=(("G1", CLEAN),),
        figures=(
            (SOUTHWEST, 2017, "clean_energy_share", 0.2),
            (GUIZHOU, 2015, "clean_energy_share", 0.5),
        ),
    ),
    Case(
        "the latest figure decides",
        (ENERGY, GUIZHOU),
        "G1",
        conditions=(("G1", CLEAN),),
        figures=(
            (GUIZHOU, 2012, "clean_energy_share", 0.5),
            (GUIZHOU, 2017, "clean_energy_share", 0.3),
        ),
    ),
    Case(
        "every requirement must hold",
        (ENERGY, GUIZHOU),
        "G1",
        conditions=(("G1", f"{CLEAN} and eco_zone_open >= 1"),),
        figures=(
            (GUIZHOU, 2017, "clean_energy_share", 0.5),
            (GUIZHOU, 2017, "eco_zone_open", 0.0),
        ),
    ),
    Case(
        "one that fails refuses although another is not known",
        (ENERGY, GUIZHOU),
        "G1",
        conditions=(("G1", f"{CLEAN} and safety_index >= 1"),),
        figures=((GUIZHOU, 2017, "clean_energy_share", 0.1),),
    ),
    Case(
        "the second rule refuses where the first holds",
        (ENERGY, GUIZHOU),
        "G2",
        conditions=(("G1", CLEAN), ("G2", "class = energy: capacity_replacement >= 1.25")),
        figures=(
            (GUIZHOU, 2017, "clean_energy_share", 0.6),
            (GUIZHOU, 2017, "capacity_replacement", 1.0),
        ),
    ),
    Case(
        "a rule for the West concerns the West alone",
        (ENERGY, HENAN),
        None,
        conditions=(("G1", f"macro_region = West and {CLEAN}"),),
        figures=((HENAN, 2017, "clean_energy_share", 0.1),),
    ),
    Case(
        "a rule that ended before the plan refuses nobody",
        (ENERGY, HENAN),
        None,
        conditions=(("G1", CLEAN),),
        figures=((HENAN, 2017, "clean_energy_share", 0.1),),
        valid={"G1": ("2010-01-01", "2017-12-31")},
    ),
    Case(
        "a rule that begins during the plan refuses",
        (ENERGY, HENAN),
        "G1",
        conditions=(("G1", CLEAN),),
        figures=((HENAN, 2017, "clean_energy_share", 0.1),),
        valid={"G1": ("2022-01-14", None)},
    ),
    Case(
        "an expired rule's listing refuses nobody",
        (ENERGY, BEIJING),
        None,
        catalogue=((BEIJING, ENERGY, "restricted", "C1"),),
        valid={"C1": (None, "2016-01-01")},
    ),
    Case(
        "an upper bound refuses above it",
        (TECHNOLOGY, JIANGSU),
        "G1",
        conditions=(("G1", "industry = 20|06: land_development_intensity <= 0.3"),),
        figures=((JIANGSU, 2017, "land_development_intensity", 0.31),),
    ),
)


def study_of(case: Case) -> Study:
    """The small study with the tables of a case, and a region between nation and province."""
    conditions = dict(case.conditions)
    names = sorted({*conditions, *(rule for *_, rule in case.catalogue)})
    regions = small().tables["regions"].to_dicts()
    for row in regions:
        row["parent"] = SOUTHWEST if row["region"] == GUIZHOU else row["parent"]
    between = {"region": SOUTHWEST, "name_zh": "合成", "name_en": "SYNTHETIC", "parent": "100000"}
    study = with_table(small(), "regions", [*regions, between])
    study = with_table(study, "resources", room(1e5))
    study = with_table(
        study,
        "rules",
        [
            {
                "rule": name,
                "title_en": f"SYNTHETIC rule {name}",
                "article": "1",
                "source": "made up",
                "condition": conditions.get(name),
                "valid_from": case.valid.get(name, (None, None))[0],
                "valid_to": case.valid.get(name, (None, None))[1],
            }
            for name in names
        ],
    )
    columns = ("place", "industry", "listing", "rule")
    study = with_table(
        study, "catalogue", [dict(zip(columns, row, strict=True)) for row in case.catalogue]
    )
    figures = ("region", "year", "indicator", "value")
    return with_table(
        study, "indicators", [dict(zip(figures, row, strict=True)) for row in case.figures]
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_the_pair_is_refused_by_its_rule_or_open(case: Case) -> None:
    industry, site = case.pair
    found = stages(study_of(case)).formulation.gates
    reasons = found.filter(industry=industry, site=site, state="refused")
    assert reasons["rule"].to_list() == ([] if case.refused_by is None else [case.refused_by])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_a_refused_pair_has_no_move_and_the_report_names_rule_article_and_source(
    case: Case,
) -> None:
    industry, site = case.pair
    plan = plan_study(study_of(case))
    arriving = plan.moves.filter(pl.col("industry") == industry, pl.col("destination") == site)
    assert arriving.is_empty() == (case.refused_by is not None)
    rows = plan.refused.filter(industry=case.pair[0], site=case.pair[1])
    expected = [] if case.refused_by is None else [(case.refused_by, "1", "made up")]
    assert rows.select("rule", "article", "source").rows() == expected
    told = " ".join(why(plan, *case.pair, None, Reader(plan.study, "en")))
    if case.refused_by is None:
        assert "may not come" not in told
    else:
        assert f"SYNTHETIC rule {case.refused_by} 1 (source: made up)" in told
    if case.state == "not_evaluated":
        assert "Not evaluated" in told


def unevaluated() -> Study:
    return study_of(next(case for case in CASES if case.state == "not_evaluated"))


def test_a_requirement_without_data_is_listed_as_not_evaluated() -> None:
    found = stages(unevaluated()).formulation.gates
    pair = found.filter(pl.col("industry") == ENERGY, pl.col("site") == HENAN)
    assert pair["state"].to_list() == ["not_evaluated"]
    assert pair["found"].to_list() == [None]


def test_output_through_a_gate_that_was_not_evaluated_is_shown() -> None:
    plan, found = plan_study(unevaluated()), stages(unevaluated()).formulation.gates
    passed = admitted_unevaluated(found, plan.moves)
    arriving = plan.moves.filter(pl.col("industry") == ENERGY, pl.col("destination") != GUIZHOU)
    assert passed["output"].sum() == pytest.approx(arriving["output"].sum())
    assert set(passed["rule"]) == {"G1"}
    shown = plan.unevaluated.row(0, named=True)
    assert (shown["rule"], shown["article"], shown["source"]) == ("G1", "1", "made up")
    assert shown["output"] == pytest.approx(passed["output"].sum())
    open_pairs = found.filter(pl.col("state") == "not_evaluated")
    assert shown["pairs"] == open_pairs.height


def test_the_plan_names_the_data_that_a_gate_needs() -> None:
    needs = plan_study(unevaluated()).not_evaluated
    assert ("G1", "indicators (clean_energy_share)") in needs.rows()


def test_a_met_requirement_shows_the_figure_it_rests_on() -> None:
    case = next(case for case in CASES if case.says == "the nearest figure comes first")
    found = stages(study_of(case)).formulation.gates
    row = found.filter(pl.col("industry") == ENERGY, pl.col("site") == GUIZHOU).row(0, named=True)
    assert (row["state"], row["found"], row["found_in"], row["found_year"]) == (
        "open",
        0.5,
        GUIZHOU,
        2015,
    )


def test_conditions_that_cannot_be_read_are_all_named() -> None:
    study = study_of(
        replace(CASES[0], conditions=(("G1", "clean energy enough"), ("G2", "x >= many")))
    )
    with pytest.raises(StudyError) as raised:
        stages(study)
    assert [(problem.row, problem.column) for problem in raised.value.problems] == [
        (2, "condition"),
        (3, "condition"),
    ]
