"""Products from TOML: the same as from a table, and every fault at once."""

from datetime import date
from pathlib import Path

import pytest

from tests.study.small_finance import small_finance
from yanzhen.finance.products.reading import read_products, terms_of
from yanzhen.finance.products.terms import Guarantee
from yanzhen.study import StudyError


def written(folder: Path, text: str) -> Path:
    path = folder / "products.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_what_a_table_says(tmp_path: Path) -> None:
    table = small_finance().tables["products"]
    lines = []
    for row in table.iter_rows(named=True):
        lines.append("[[product]]")
        for name, value in row.items():
            if name == "holidays" and value is not None:
                lines.append(f"holidays = {value.split(';')}")
            elif value is not None:
                said = str(value).lower() if isinstance(value, bool) else repr(value)
                lines.append(f"{name} = {said}")
    read = read_products(written(tmp_path, "\n".join(lines)))
    assert list(read) == [terms_of(row) for row in table.iter_rows(named=True)]
    assert len({type(terms) for terms in read}) == 7


def test_what_is_left_out_is_as_usual(tmp_path: Path) -> None:
    (terms,) = read_products(
        written(
            tmp_path,
            '[[product]]\nproduct = "G"\nkind = "guarantee"\nrate = 0.05\ntenor_months = 24\n'
            'guarantee_fee = 0.01\nconvention = "following"\nholidays = ["2026-10-01"]\n',
        )
    )
    assert isinstance(terms, Guarantee)
    assert (terms.provider, terms.loan.provider, terms.cover) == ("guarantor", "lender", 1.0)
    assert terms.loan.calendar.holidays == (date(2026, 10, 1),)


WRONG = """
[[product]]
product = "L"
kind = "loan"
rate = 4.35
tenor_months = -12
cover = 0.5

[[product]]
product = "L"
kind = "lease"
rate = 0.05
tenor_months = 37
payments_per_year = 4
down_payment = 0.7
deposit = 0.3

[[product]]
product = "Q"
kind = "equity"
exit = "buyback"
tenor_month = 12
"""


def test_every_fault_is_told_at_once_with_what_is_meant(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as refused:
        read_products(written(tmp_path, WRONG))
    told = {(each.row, each.column): each.expected for each in refused.value.problems}
    assert told[1, "rate"] == "a share: 0.0435 where 4.35 % is meant"
    assert told[1, "tenor_months"] == "a number of at least 1"
    assert told[1, "cover"] == "nothing: loan has no use for it"
    assert told[2, "product"] == "one row for each product"
    assert "multiple of 3 months" in told[2, "tenor_months"]
    assert "below 1 together" in told[2, "down_payment"]
    assert told[3, "rate"] == "a value, which the exit by buyback needs"
    unknown = next(each for each in refused.value.problems if each.column == "tenor_month")
    assert unknown.row is None and unknown.found == "the unknown column tenor_month"
    assert all(each.found_zh and each.expected_zh for each in refused.value.problems)


@pytest.mark.parametrize("text", ["", "product = 3", "[[products]]\nkind = 'loan'"])
def test_a_file_without_products_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(StudyError, match=r"\[\[product\]\]"):
        read_products(written(tmp_path, text))
