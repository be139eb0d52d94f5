"""Places that hold others by how their codes are built: NUTS, and FIPS codes of counties.

DE1 holds DE11 (Regulation (EC) No 1059/2003, Annex I); 01000 is the state of county 01001 and US000
the nation (area codes of the Quarterly Census of Employment and Wages). Codes that only look so
hold one another where no figure of the whole is below that of a part.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from yanzhen.study.importing.extraction import Value

_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}")
_FIPS = re.compile(r"\d{5}|US000")
_NATION = "US000"
_ROUNDING = 1e-3


def codes_above(
    codes: Iterable[str], values: Sequence[Value], code_of: Mapping[str, str]
) -> dict[str, str]:
    """The nearest code of a file that holds each of its codes, of those that another holds.

    Parameters
    ----------
    values : figures of the file
    code_of : code of each region's label
    """
    listed = tuple(codes)
    above = _by_prefix(listed) if all(map(_NUTS.fullmatch, listed)) else {}
    above |= _by_state(listed) if all(map(_FIPS.fullmatch, listed)) else {}
    if not above:
        return {}
    largest: dict[tuple[object, ...], float] = {}
    for value in values:
        code = code_of.get(value.region)
        if code is not None and value.figure.value is not None:
            key = (code, value.industry, value.year, value.column)
            largest[key] = max(largest.get(key, 0.0), value.figure.value)
    return above if _fits(above, largest) else {}


def _by_prefix(codes: Sequence[str]) -> dict[str, str]:
    """The longest other code that each begins with."""
    there = set(codes)
    found = {}
    for code in codes:
        begun = (code[:end] for end in range(len(code) - 1, 1, -1))
        whole = next((each for each in begun if each in there), None)
        if whole is not None:
            found[code] = whole
    return found


def _by_state(codes: Sequence[str]) -> dict[str, str]:
    there = set(codes)
    found = {}
    for code in codes:
        state = f"{code[:2]}000"
        if code not in (state, _NATION) and state in there:
            found[code] = state
        elif code != _NATION and _NATION in there:
            found[code] = _NATION
    return found


def _fits(above: Mapping[str, str], largest: Mapping[tuple[object, ...], float]) -> bool:
    """Whether no part has a figure above that of what holds it."""
    return all(
        figure <= whole * (1 + _ROUNDING)
        for (code, *cell), figure in largest.items()
        if code in above and (whole := largest.get((above[str(code)], *cell))) is not None
    )
