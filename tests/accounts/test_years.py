"""Of tables that are not of every year, the nearest is taken."""

from yanzhen.accounts.years import nearest_year


def test_of_two_years_as_near_the_earlier_is_taken_in_any_order() -> None:
    assert nearest_year([2022, 2012], 2017) == nearest_year([2012, 2022], 2017) == 2012
    assert nearest_year([2022, 2007, 2018], 2017) == 2018
