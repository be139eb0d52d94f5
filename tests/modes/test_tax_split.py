"""The central-local split by date, and the local part of taxes."""

from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from yanzhen.modes.coconstruction.contradictions import ContractError
from yanzhen.modes.coconstruction.tax_split import local_part, local_share, tax_split_table
from yanzhen.modes.coconstruction.terms import TAX_KINDS

TABLE = tax_split_table()


def paid(kind: str, *amounts: int) -> np.ndarray:
    taxes = np.zeros((len(TAX_KINDS), 1, len(amounts)), dtype=np.int64)
    taxes[TAX_KINDS.index(kind), 0] = amounts
    return taxes


def test_every_row_names_its_document_year_and_address() -> None:
    for column in ("document", "dated", "title", "address"):
        assert (TABLE[column].str.len_chars() > 0).all()


def test_the_parts_of_every_row_make_a_whole() -> None:
    assert (TABLE["central"] + TABLE["local"] == 100).all()


def test_rows_of_a_tax_follow_one_another_without_gap_or_overlap() -> None:
    for rows in TABLE.sort("valid_from").partition_by("tax_kind", maintain_order=True):
        gaps = rows["valid_from"].shift(-1) - rows["valid_to"]
        assert gaps.drop_nulls().dt.total_days().to_list() == [1] * (rows.height - 1)


def test_the_value_added_tax_of_2016_is_four_months_at_the_old_and_eight_at_the_new_split() -> None:
    assert local_share("value_added_tax", 2016, TABLE) == Fraction(5, 12)


@pytest.mark.parametrize(
    ("kind", "year"),
    [("enterprise_income_tax", 2001), ("business_tax", 2016), ("value_added_tax", 1993)],
)
def test_a_year_that_no_document_covers_has_no_split(kind: str, year: int) -> None:
    assert local_share(kind, year, TABLE) is None


def test_the_local_part_is_rounded_to_the_nearest_fen() -> None:
    local = local_part(paid("enterprise_income_tax", 1, 2, 3), 2020, TABLE)
    assert local[1, 0].tolist() == [0, 1, 1]


def test_tax_of_a_year_without_split_is_refused() -> None:
    with pytest.raises(ContractError, match="no split of business_tax for 2017"):
        local_part(paid("business_tax", 5), 2017, TABLE)


def test_negative_tax_is_refused() -> None:
    with pytest.raises(ContractError, match="below 0"):
        local_part(paid("value_added_tax", -1), 2020, TABLE)


def test_a_users_own_table_takes_the_place_of_ours() -> None:
    own = TABLE.with_columns(central=pl.lit(10), local=pl.lit(30))
    assert local_part(paid("value_added_tax", 100), 2020, own)[0, 0, 0] == 75
