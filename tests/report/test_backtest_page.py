"""The page of a backtest: what it draws and says is what the backtest holds."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import vl_convert

from tests.history.conftest import synthetic_record
from yanzhen.history.backtest import BacktestReport, backtest
from yanzhen.history.market_backtest import MarketBacktest, market_backtest
from yanzhen.history.record import read_record
from yanzhen.report.analyses.backtest import backtest_document
from yanzhen.report.document.folder import write_report
from yanzhen.report.document.html import page as page_of
from yanzhen.report.document.packing import unpacked
from yanzhen.report.figures.foresight_map import hits, share_misses
from yanzhen.report.figures.net_shifts import net_shifts
from yanzhen.report.figures.reliability import reliability
from yanzhen.report.findings.backtest import backtest_findings
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang
from yanzhen.study import read_study

PERIODS = (2012, 2015), (2015, 2017)


@pytest.fixture(scope="module")
def report() -> BacktestReport:
    """SYNTHETIC regions of no country."""
    return backtest(synthetic_record(), (2000, 2005), (2005, 2010), "none", draws=20)


@pytest.fixture(scope="module")
def provinces() -> BacktestReport:
    return backtest(read_record("china-provinces"), *PERIODS, "none", draws=20)


@pytest.fixture(scope="module")
def market() -> MarketBacktest:
    return market_backtest(read_study("china-provinces"), *PERIODS)


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for data in spec["datasets"].values() for row in data]


def specs(page: str) -> dict[str, dict[str, Any]]:
    found = re.findall(r'id="spec-([a-z_]+)">(.*?)</script>', page, re.DOTALL)
    return {key: json.loads(unpacked(text)) for key, text in found}


def test_the_page_asks_nothing_of_a_network(
    report: BacktestReport, provinces: BacktestReport, market: MarketBacktest
) -> None:
    for page in (
        page_of(backtest_document(report, None, Reader(report.study, "en"))),
        page_of(backtest_document(provinces, market, Reader(provinces.study, "zh"))),
    ):
        assert "default-src 'none'" in page
        assert not re.search(r'(src|href)="https?://(?!.*rel="noreferrer")[^"]*\.(js|css)"', page)
        for spec in specs(page).values():
            assert vl_convert.vegalite_to_svg(spec | {"width": 700, "height": 300}).count("<path")


def test_the_same_backtest_gives_the_same_page(report: BacktestReport, tmp_path: Path) -> None:
    for name in ("one", "other"):
        document = backtest_document(report, None, Reader(report.study, "en"))
        write_report(document, tmp_path / name, "backtest")
    one, other = (
        {file.name: file.read_bytes() for file in (tmp_path / name).rglob("*") if file.is_file()}
        for name in ("one", "other")
    )
    assert one == other


def test_only_a_synthetic_page_says_so(report: BacktestReport, provinces: BacktestReport) -> None:
    assert "SYNTHETIC" in page_of(backtest_document(report, None, Reader(report.study, "en")))
    assert "SYNTHETIC" not in page_of(
        backtest_document(provinces, None, Reader(provinces.study, "en"))
    )


def test_the_diagram_holds_what_was_foreseen_and_what_happened(report: BacktestReport) -> None:
    spec = reliability(Reader(report.study, "en"), report.exit, "exit").to_dict()
    drawn = [row for row in rows(spec) if "foreseen" in row]
    assert drawn == report.exit.reliability.to_dicts()


def test_a_panel_without_a_map_ranks_its_regions(report: BacktestReport) -> None:
    spec = hits(report, Reader(report.study, "en"), report.entry, "entry").to_dict()
    drawn = {row["region"]: (row["hits"], row["happened"]) for row in rows(spec) if "hits" in row}
    held = report.entry.by_region.filter(report.entry.by_region["happened"] > 0)
    assert drawn == {
        row["region"]: (row["hits"], row["happened"]) for row in held.iter_rows(named=True)
    }


def test_provinces_are_drawn_on_the_map(provinces: BacktestReport) -> None:
    """SYNTHETIC events on real boundaries: the example has none of its own."""
    seen = provinces.entry.by_region.with_columns(happened=4, foretold=2, hits=1)
    cells = provinces.entry.cells.with_columns(probability=0.5)
    spec = hits(
        provinces,
        Reader(provinces.study, "zh"),
        replace(provinces.entry, by_region=seen, cells=cells),
        "entry",
    ).to_dict()
    labels = [row["label"] for row in rows(spec) if "label" in row]
    assert len(labels) >= 31 and any("1/4" in label for label in labels)


def test_the_map_of_misses_adds_up_the_shares_of_a_region(market: MarketBacktest) -> None:
    spec = share_misses(
        market, Reader(market.study, "en"), market.shares, "market", "market_misses"
    ).to_dict()
    drawn = {
        row["properties"]["region"]: row["properties"]["value"]
        for row in rows(spec)
        if "value" in row.get("properties", {})
    }
    own = market.shares.filter(market.shares["region"] == "230000")
    told, actual = (float((own[name] * own["size"]).sum()) for name in ("market", "actual"))
    assert drawn["230000"] == pytest.approx(told / actual - 1)


def test_net_shifts_are_drawn_for_every_way(market: MarketBacktest) -> None:
    drawn = [
        row
        for row in rows(net_shifts(market, Reader(market.study, "en")).to_dict())
        if "shift" in row
    ]
    assert len(drawn) == 5 * market.net_shifts.height
    expected = market.net_shifts["actual"].sort().to_list()
    actual = sorted(row["shift"] for row in drawn if row["method"] == "What happened")
    # The study counts in 100 million yuan, the figure in billions.
    assert actual == pytest.approx([shift / 10 for shift in expected])


def test_the_largest_misses_are_named(report: BacktestReport, lang: str) -> None:
    first = report.entry.largest_misses.row(0, named=True)
    said = next(each for each in backtest_findings(report, None, Reader(report.study, lang))[1:2])
    assert first["region"] in said and first["industry"] in said


def test_without_events_the_findings_say_so(provinces: BacktestReport) -> None:
    assert (
        "too few to learn from"
        in backtest_findings(provinces, None, Reader(provinces.study, "en"))[0]
    )


def test_where_persistence_wins_it_is_said(report: BacktestReport) -> None:
    error = report.share_error["persistence"]
    assert error is not None
    worse = report.share_error | {"model": replace(error, value=2 * error.value)}
    reader = Reader(report.study, "en")
    found = backtest_findings(replace(report, share_error=worse), None, reader)
    assert any("persistence, which wins" in sentence for sentence in found)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_prior_is_named_with_what_the_model_is_without_it(
    report: BacktestReport, lang: Lang
) -> None:
    assert report.prior is not None and report.entry.spread is not None
    reader = Reader(report.study, lang)
    said = " ".join(backtest_findings(report, None, reader))
    assert (report.prior.source_zh if lang == "zh" else report.prior.source_en) in said
    without = report.entry.metrics["model_without_prior"].auc_roc
    assert without is not None and f"{without.value:.3f}" in said
    page = page_of(backtest_document(replace(report, prior=None), None, reader))
    assert ("故不使用" if lang == "zh" else "it is not used") in page
