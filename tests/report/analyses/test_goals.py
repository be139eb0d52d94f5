"""Scoreboard and tracked projects as reports: words, pictures, tables, files of both languages."""

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.goals.made_up import tracked
from tests.study.small import complete
from yanzhen.goals.scoreboard import Goals, goals
from yanzhen.goals.tracking import Tracking, tracking
from yanzhen.report.analyses import goals as of_goals
from yanzhen.report.analyses import track as of_track
from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.report.document.folder import write_report
from yanzhen.report.document.html import page
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import Study

CODE = re.compile(r"\b(in_production|at_capacity|moved_away|too_few|no_library|layout|goals\.)\b")


@pytest.fixture(scope="module")
def study() -> Study:
    """Projects, a target and an indicator of one's own."""
    made = tracked(400, seed=3)
    target = pl.DataFrame(
        {"target": ["t"], "indicator": ["west_share"], "year": [2025], "value": [60.0]}
    ).with_columns(source=pl.lit("SYNTHETIC document"))
    own = pl.DataFrame(
        {"indicator": ["mine"], "family": ["layout"], "formula": ["west_share / 2"]}
    ).with_columns(
        name_en=pl.lit("Mine"), name_zh=pl.lit("我的指标"), body=pl.lit("SYNTHETIC body")
    )
    added = {"targets": complete("targets", target)}
    added["goal_indicators"] = complete("goal_indicators", own)
    return replace(made, tables={**made.tables, **added})


@pytest.fixture(scope="module")
def board(study: Study) -> Goals:
    return goals(study, 2)


@pytest.fixture(scope="module")
def projects(study: Study) -> Tracking:
    return tracking(study)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_is_said_in_words(board: Goals, projects: Tracking, lang: Lang) -> None:
    reader = Reader(board.study, lang)
    for work, found in ((of_goals.WORK, board), (of_track.WORK, projects)):
        for key in work.tables:
            shown = work.table(found, key, {}, reader)
            cells = [c for row in shown.rows for c in row if isinstance(c, str)]
            if key != "goal_definitions":
                assert not [cell for cell in cells if CODE.search(cell)], key
            assert shown.title and shown.note and all(column.head for column in shown.columns)
        assert not [said for said in work.findings(found, {}, reader) if CODE.search(said)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_is_drawn_also_of_nothing(
    board: Goals, projects: Tracking, lang: Lang
) -> None:
    reader = Reader(board.study, lang)
    nobody = projects.projects.clear()
    empty = replace(
        projects,
        board=projects.board.clear(),
        incidence=projects.incidence.clear(),
        funnel=projects.funnel.clear(),
        projects=nobody,
    )
    for found in (projects, empty):
        for figure in of_track.FIGURES.values():
            assert "SYNTHETIC" in str(figure(found, {}, reader).to_dict()["title"])
    assert of_goals.WORK.figures["scoreboard"](board, {}, reader).to_dict()["title"]


def test_the_page_shows_own_indicator_target_missing_data_and_who_is_responsible(
    board: Goals,
) -> None:
    reader = Reader(board.study, "en")
    text = page(of_goals.goals_document(board, reader, {}))
    drawn = str(of_goals.WORK.figures["scoreboard"](board, {}, reader).to_dict())
    for part in ("Mine", "no data; needs policies", "SYNTHETIC body"):
        assert part in text + drawn, part
    assert "target 2025: 60" in drawn
    assert "is met" in text or "are met" in text


def test_a_later_scoreboard_reads_the_files_of_an_earlier_one(board: Goals, tmp_path: Path) -> None:
    reader = Reader(board.study, "en")
    document = replace(of_goals.goals_document(board, reader, {}), poster=None)
    write_report(document, tmp_path, "goals")
    activity = board.study.tables["activity"].with_columns(pl.col("output") * 1.5)
    west = board.study.tables["regions"].filter(macro_region="West")["region"].implode()
    activity = activity.with_columns(
        output=pl.when(pl.col("region").is_in(west)).then("output").otherwise(pl.col("output") / 2)
    )
    changed = replace(board.study, tables={**board.study.tables, "activity": activity})
    again = of_goals.run_goals(changed, {"before": str(tmp_path), "draws": 2}, lambda *_: None)
    revised = again.revisions.filter(indicator="west_share")
    assert revised["year"].to_list() == [2012, 2017] and (revised["revised"] > 0).all()
    assert any("are not what they were" in said for said in of_goals.goal_findings(again, reader))


def test_projects_are_narrowed_to_a_region_and_told_as_values(projects: Tracking) -> None:
    told = of_track.track_json(projects, {"region": "110000"})
    assert {row["region"] for row in told["tables"]["tracked_projects"]} == {"110000"}
    assert told["synthetic"] and told["last_day"] <= "2020-12-31"
    document = of_track.track_document(projects, Reader(projects.study, "zh"), {})
    assert "哪些项目有风险" in page(document)


def test_both_are_registered_once() -> None:
    assert {"goals", "track"} <= set(ANALYSES) and ANALYSES["track"].needs == ("transitions",)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_of_a_region_are_of_its_own_projects(projects: Tracking, lang: Lang) -> None:
    reader = Reader(projects.study, lang)
    of_region = projects.projects.group_by("region").agg(pl.col("project"))
    for region, own in of_region.drop_nulls("region").iter_rows():
        found = of_track.track_document(projects, reader, {"region": region}).findings
        assert reader.names.regions[region] in found[0] and str(len(own)) in found[0]
        told = " ".join(found)
        named = set(re.findall(r"SYNTHETIC-\d+", told))
        assert named <= set(own)
        other = [name for code, name in reader.names.regions.items() if code != region]
        assert not [name for name in other if name in told]
