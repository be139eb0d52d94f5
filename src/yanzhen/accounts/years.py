"""The year that is nearest to another, for tables that are not of every year."""

from collections.abc import Iterable


def nearest_year(years: Iterable[int], year: int) -> int:
    """The year nearest to another, the earlier of two that are as near."""
    return min(sorted(set(years)), key=lambda each: abs(each - year))
