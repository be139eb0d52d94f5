"""The studies that come with Yanzhen, each by a function; read once in a process.

Examples
--------
>>> import yanzhen as yz
>>> yz.examples.china_provinces().about.base_year
2017
"""

from functools import cache

from yanzhen.study import Study, read_study


@cache
def china_provinces() -> Study:
    """Return China's 31 provinces and 17 manufacturing industries, 2012, 2015 and 2017."""
    return read_study("china-provinces")


@cache
def china_zones() -> Study:
    """Return China's provinces with their development zones as sites."""
    return read_study("china-zones")


@cache
def china_technology_synthetic() -> Study:
    """Return SYNTHETIC achievements and needs, to be matched by technology transfer."""
    return read_study("china-technology-synthetic")


@cache
def synthetic_docking() -> Study:
    """Return a SYNTHETIC list of enterprises, for docking suppliers and buyers."""
    return read_study("synthetic-docking")


@cache
def us_commuting_zones() -> Study:
    """Return 722 commuting zones of the United States, measured by employment."""
    return read_study("us-commuting-zones")
