"""Chains in the report of a plan: the page, the workbook, the files, the Word document."""

import re
from collections import Counter
from dataclasses import replace
from html import unescape
from pathlib import Path

import polars as pl
import pytest
from docx import Document

from tests.declared import undeclared
from yanzhen.modes.chain import ChainAnalysis
from yanzhen.pipeline import PlanRun
from yanzhen.pipeline.headlines import in_chains
from yanzhen.report.analyses import plan as plan_report
from yanzhen.report.analyses.chain_chapter import chain_chapter, chain_lacking
from yanzhen.report.analyses.plan import plan_document, plan_in_word
from yanzhen.report.document.docx import write_docx
from yanzhen.report.document.folder import write_file
from yanzhen.report.document.frames import write_frames
from yanzhen.report.document.html import page
from yanzhen.report.document.official import numbered
from yanzhen.report.document.sheets import sheet_names
from yanzhen.report.tables.chain import chain_frames, chain_table
from yanzhen.report.text.focus import WHOLE
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang, word
from yanzhen.study import Problem


@pytest.fixture(scope="module")
def chains(example_run: PlanRun) -> ChainAnalysis:
    assert example_run.chains is not None
    return example_run.chains


def test_the_frames_have_the_declared_columns(chains: ChainAnalysis) -> None:
    assert undeclared(chains) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_has_a_chapter_with_what_was_found(
    example_run: PlanRun, chains: ChainAnalysis, lang: Lang
) -> None:
    chapter = chain_chapter(chains, Reader(chains.study, lang))
    written = unescape(
        page(plan_document(example_run.plan, Reader(example_run.plan.study, lang), [chapter]))
    )
    part = written.split('<section id="chain">')[1].split("</section>")[0]
    for sentence in (*chapter.findings, *chapter.limits):
        assert sentence in part
    for drawing in chapter.drawings[:2]:
        assert f'id="figure-{drawing.key}"' in part
    assert f'<a href="#chain">{word(lang, "page.chain")}</a>' in written
    ids = Counter(re.findall(r'\bid="([^"]+)"', re.sub(r"<script\b.*?</script>", "", written)))
    assert [name for name, count in ids.items() if count > 1] == []


def test_the_workbook_and_the_files_hold_every_table(
    example_run: PlanRun, chains: ChainAnalysis, tmp_path: Path
) -> None:
    chapter = chain_chapter(chains, Reader(chains.study, "en"))
    said = plan_document(example_run.plan, Reader(example_run.plan.study, "en"), [chapter])
    write_file(said, tmp_path / "plan.xlsx")
    titles = pl.read_excel(tmp_path / "plan.xlsx", sheet_id=0)
    first = pl.read_excel(tmp_path / "plan.xlsx", sheet_id=1, has_header=False)
    assert set(chapter.findings) <= set(first.to_series(0))
    told = dict(first.select(first.columns[0], first.columns[2]).iter_rows())
    for shown in chapter.tables:
        if len(shown.rows) > 1_000:
            name = shown.key.removeprefix("chain_")
            assert f"tables/chain_{name}.csv" in told[shown.title] and name in chapter.frames
            continue
        (stem,) = sheet_names([(shown.title, shown.key)], "")
        assert any(name.startswith(stem[:25].strip()) for name in titles), shown.title
    write_frames(example_run.plan.study, said.frames, said.kinds, tmp_path / "tables")
    gaps = pl.read_parquet(tmp_path / "tables" / "chain_gaps.parquet")
    assert gaps.equals(chains.gaps)
    explained = pl.read_csv(tmp_path / "tables" / "columns.csv")
    assert explained.filter(table="chain_gaps", column="gap")["unit"].item()


def test_cohorts_bear_the_names_of_their_leads(chains: ChainAnalysis) -> None:
    """Also where two leads are of one industry and place: these are numbered."""
    twice = chains.cohorts.with_columns(origin=pl.lit("320000"), industry=pl.lit("IO42-18"))
    alike = replace(chains, cohorts=twice)
    codes = twice["cohort"].to_list()
    frame = pl.DataFrame({"cohort": codes[:2], "site": ["340000"] * 2}).with_columns(
        value=pl.lit(1.0), alone=pl.lit(0.0), beyond=pl.lit(1.0)
    )
    shown = chain_table(alike, "cohort_sites", frame, Reader(alike.study, "en")).rows
    lead = "Jiangsu: Transport equipment"
    assert [row[0] for row in shown] == [lead, f"{lead} 2"]
    for key in ("cohorts", "cohort_members", "cohort_sites"):
        rows = chain_table(
            chains, key, chain_frames(chains, WHOLE)[key], Reader(chains.study, "zh")
        ).rows
        assert rows and not any(":" in str(row[0]) for row in rows)


def test_the_word_document_has_its_findings_and_pictures(
    example_run: PlanRun, chains: ChainAnalysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The plan's own pictures are looked at with the document.
    monkeypatch.setattr(plan_report, "_sections", lambda plan, reader: [])
    monkeypatch.setattr(plan_report, "_proof", lambda plan, reader: [])
    chapter = chain_chapter(chains, Reader(chains.study, "en"))
    kept = replace(chapter, drawings=chapter.drawings[:1])
    write_docx(
        plan_in_word(example_run.plan, Reader(example_run.plan.study, "en"), [kept]),
        tmp_path / "plan.docx",
    )
    written = Document(str(tmp_path / "plan.docx"))
    texts = {paragraph.text for paragraph in written.paragraphs}
    assert {*chapter.findings, numbered("en", 2, word("en", "page.chain"))} <= texts
    # The first page's map, and the chapter's own.
    assert len(written.inline_shapes) == 2


def test_the_analysis_is_that_of_the_plans_own_market(
    example_run: PlanRun, chains: ChainAnalysis
) -> None:
    arriving = chains.fillers.group_by("region").agg(pl.col("arrivals").sum())
    of_plan = example_run.plan.regions.select("region", total="arrivals")
    joined = arriving.join(of_plan, on="region")
    assert joined.height > 10
    assert (joined["arrivals"] <= joined["total"] * (1 + 1e-6) + 1e-6).all()
    services = example_run.plan.services.sort("service", "region")
    found = chains.services.sort("service", "region")
    assert (found["net"] - services["net"]).abs().max() < 1e-6 * services["net"].abs().max()
    assert example_run.summary["chains"] == in_chains(chains)


def test_a_study_without_accounts_is_told_what_it_lacks(chains: ChainAnalysis) -> None:
    lacking = Problem.at("s", "input_output", None, "", ("no row", "没有"), ("a table", "一张表"))
    assert (
        "input_output (a table)" in chain_lacking([lacking], Reader(chains.study, "en")).findings[0]
    )
    assert (
        "input_output (一张表)" in chain_lacking([lacking], Reader(chains.study, "zh")).findings[0]
    )
