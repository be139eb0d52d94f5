"""The central-local split by date, and the local part of taxes."""

from datetime import date
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from yanzhen.modes.coconstruction.contract.consistency import ContractError
from yanzhen.modes.coconstruction.contract.terms import TAX_KINDS
from yanzhen.modes.coconstruction.settlement.tax_split import (
    local_part,
    local_shares,
    tax_split_table,
)

TABLE = tax_split_table()


def paid(kind: str, *amounts: int) -> np.ndarray:
    taxes = np.zeros((len(TAX_KINDS), len(amounts)), dtype=np.int64)
    taxes[TAX_KINDS.index(kind)] = amounts
    return taxes


def year(number: int) -> tuple[date, date]:
    return date(number, 1, 1), date(number, 12, 31)


def test_every_row_names_its_document_year_and_address() -> None:
    for column in ("document", "dated", "title", "address"):
        assert (TABLE[column].str.len_chars() > 0).all()


def test_the_parts_of_every_row_make_a_whole() -> None:
    assert (TABLE["central"] + TABLE["local"] == 100).all()


def test_rows_of_a_tax_follow_one_another_without_gap_or_overlap() -> None:
    for rows in TABLE.sort("valid_from").partition_by("tax_kind", maintain_order=True):
        gaps = rows["valid_from"].shift(-1) - rows["valid_to"]
        assert gaps.drop_nulls().dt.total_days().to_list() == [1] * (rows.height - 1)


def test_the_value_added_tax_of_2016_has_two_shares_in_turn() -> None:
    both = (Fraction(1, 4), Fraction(1, 2))
    assert local_shares("value_added_tax", *year(2016), TABLE) == both
    first = date(2016, 1, 1), date(2016, 4, 30)
    assert local_shares("value_added_tax", *first, TABLE) == both[:1]
    assert local_shares("value_added_tax", date(2016, 5, 1), date(2016, 5, 31), TABLE) == both[1:]


def test_a_tax_that_ended_within_the_year_was_paid_until_its_end() -> None:
    assert local_shares("business_tax", *year(2016), TABLE) == (Fraction(1),)
    assert local_shares("business_tax", date(2016, 5, 1), date(2016, 12, 31), TABLE) == ()
    local = local_part(paid("business_tax", 7), [year(2016)], TABLE)
    assert local[TAX_KINDS.index("business_tax")].tolist() == [7]


def test_rows_of_one_share_are_one_share() -> None:
    assert local_shares("enterprise_income_tax", date(2003, 1, 1), date(2004, 12, 31), TABLE) == (
        Fraction(2, 5),
    )


@pytest.mark.parametrize(
    ("kind", "number"),
    [("enterprise_income_tax", 2001), ("business_tax", 2017), ("value_added_tax", 1993)],
)
def test_a_year_that_no_document_covers_has_no_split(kind: str, number: int) -> None:
    assert local_shares(kind, *year(number), TABLE) == ()


def test_a_time_whose_beginning_or_middle_no_document_covers_has_no_split() -> None:
    begun = TABLE.filter(pl.col("valid_from") == date(2016, 5, 1))
    assert local_shares("value_added_tax", *year(2016), begun) == ()
    torn = TABLE.with_columns(
        valid_from=pl.when(pl.col("valid_from") == date(2016, 5, 1))
        .then(date(2016, 6, 1))
        .otherwise("valid_from")
    )
    assert local_shares("value_added_tax", *year(2016), torn) == ()


def test_the_local_part_is_rounded_to_the_nearest_fen() -> None:
    local = local_part(paid("enterprise_income_tax", 1, 2, 3), [year(2020)] * 3, TABLE)
    assert local[1].tolist() == [0, 1, 1]


def test_a_refund_is_divided_as_a_payment() -> None:
    local = local_part(paid("value_added_tax", -3, 3), [year(2020)] * 2, TABLE)
    assert local[0].tolist() == [-2, 2]


def test_tax_of_a_year_without_split_is_refused_in_its_row() -> None:
    with pytest.raises(ContractError, match=r"row 3.*no split of business_tax from 2017-01-01"):
        local_part(paid("business_tax", 0, 5), [year(2017)] * 2, TABLE)


def test_one_amount_over_a_change_of_share_is_refused_with_what_to_give() -> None:
    with pytest.raises(ContractError, match=r"25 %, 50 %.*'from' and 'to'"):
        local_part(paid("value_added_tax", 5), [year(2016)], TABLE)


def test_an_amount_beyond_range_is_refused() -> None:
    with pytest.raises(ContractError, match="an amount above"):
        local_part(paid("other_local_tax", -(2**51)), [year(2020)], TABLE)


def test_a_users_own_table_takes_the_place_of_ours() -> None:
    own = TABLE.with_columns(central=pl.lit(10), local=pl.lit(30))
    assert local_part(paid("value_added_tax", 100), [year(2020)], own)[0, 0] == 75
