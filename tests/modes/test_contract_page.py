"""The page of contracts side by side, and its pictures."""

import re
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest

from yanzhen.modes.coconstruction.contract.terms import Split
from yanzhen.modes.coconstruction.settlement.presets import (
    PRESETS,
    Given,
    SideBySide,
    preset,
    side_by_side,
)
from yanzhen.modes.coconstruction.settlement.projects import one_contract
from yanzhen.report.analyses.contract import contract_page, write_contract_book
from yanzhen.report.figures.contracts import receipts
from yanzhen.report.text.words import LANGUAGES, Lang

GIVEN = Given(("value_added_tax",), 1, Split(60, 40), 1)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def laid() -> SideBySide:
    rows = one_contract(
        ("甲",),
        2020,
        {"value_added_tax": np.full((1, 4), 123_456_789)},
        tax_before={"value_added_tax": np.full((1, 3), 3_000_000_000)},
        conditions={"government_led": np.array([True])},
    )
    return side_by_side({key: preset(key).complete(GIVEN) for key in PRESETS}, rows, 2020)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_the_totals_of_every_contract(laid: SideBySide, lang: Lang) -> None:
    page = contract_page(laid, lang, synthetic=True)
    for row in laid.totals.iter_rows(named=True):
        assert row[f"title_{lang}"].replace("'", "&#39;") in page
        assert f"{row['tax_home'] / 1e6:,.2f}" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_made_up_projects_are_called_so_on_page_and_picture(laid: SideBySide, lang: Lang) -> None:
    mark = {"zh": "合成数据", "en": "SYNTHETIC"}[lang]
    assert contract_page(laid, lang, synthetic=True).count(mark) >= 3
    assert mark not in contract_page(laid, lang, synthetic=False)


def test_the_page_asks_nothing_of_a_network(laid: SideBySide) -> None:
    page = contract_page(laid, "zh", synthetic=True)
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert "<script" not in page


def test_the_page_names_every_source(laid: SideBySide) -> None:
    page = contract_page(laid, "en", synthetic=True)
    for key in PRESETS:
        for _, address in preset(key).sources:
            assert address in page


def test_the_same_contracts_give_the_same_page(laid: SideBySide) -> None:
    first = contract_page(laid, "en", synthetic=True)
    assert first == contract_page(laid, "en", synthetic=True)


def test_the_receipts_drawn_are_those_of_the_ledger(laid: SideBySide) -> None:
    drawn = receipts(laid, "en", synthetic=True).to_dict()
    rows = pl.DataFrame(
        next(iter(drawn["datasets"].values())) if "datasets" in drawn else drawn["data"]["values"]
    )
    assert rows["received"].sum() == pytest.approx(laid.yearly["home"].sum() / 1e6)


def test_the_workbook_holds_the_totals_and_says_that_they_are_made_up(
    laid: SideBySide, tmp_path: Path
) -> None:
    write_contract_book(laid, tmp_path / "contracts.xlsx", "en", synthetic=True)
    book = openpyxl.load_workbook(tmp_path / "contracts.xlsx")
    shown = [[cell.value for cell in row] for row in book["Side by side"].iter_rows(min_row=6)]
    assert [row[2] for row in shown] == [home / 1e6 for home in laid.totals["tax_home"]]
    assert all("SYNTHETIC" in str(sheet["A1"].value) for sheet in book)


def test_receipts_that_no_contract_has_are_not_shown(laid: SideBySide) -> None:
    assert laid.totals["exit_payment"].sum() == 0
    assert "Exit payment" not in contract_page(laid, "en", synthetic=True)
