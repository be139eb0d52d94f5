"""Which years of a panel count as missing."""

from hypothesis import given
from hypothesis import strategies as st

from yanzhen.study.years import gaps


def test_year_between_consecutive_years_is_missing() -> None:
    assert gaps([2010, 2011, 2013, 2014]) == [2012]


def test_unevenly_spaced_years_have_no_gap() -> None:
    assert gaps([2012, 2015, 2017]) == []


def test_five_yearly_tables_miss_a_table() -> None:
    assert gaps([1997, 2002, 2012, 2017, 2022]) == [2007]


@given(st.integers(1950, 2000), st.integers(1, 5), st.integers(0, 20))
def test_evenly_spaced_years_have_no_gap(first: int, step: int, count: int) -> None:
    assert gaps([first + step * n for n in range(count)]) == []


@given(st.integers(1950, 2000), st.integers(1, 5), st.integers(6, 20), st.data())
def test_any_single_year_left_out_is_found(
    first: int, step: int, count: int, data: st.DataObject
) -> None:
    years = [first + step * n for n in range(count)]
    missing = years.pop(data.draw(st.integers(1, count - 2)))
    assert gaps(years) == [missing]
