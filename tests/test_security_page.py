"""The page on security names every requirement once, and no code or test that is not there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/en/reference/security.md").read_text("utf-8")
COUNTED = {
    **{"V1.1": 2, "V1.2": 9, "V1.3": 11, "V1.4": 3, "V1.5": 2, "V2.1": 3, "V2.2": 3, "V2.3": 4},
    **{"V2.4": 1, "V3.2": 2, "V3.3": 4, "V3.4": 6, "V3.5": 5, "V3.7": 2, "V4.1": 3, "V4.2": 1},
    **{"V4.3": 2, "V4.4": 4, "V5.1": 1, "V5.2": 3, "V5.3": 2, "V5.4": 3, "V6.1": 3, "V6.2": 12},
    **{"V6.3": 4, "V6.4": 4, "V6.5": 5, "V6.6": 3, "V6.8": 4, "V7.1": 3, "V7.2": 4, "V7.3": 2},
    **{"V7.4": 5, "V7.5": 2, "V7.6": 2, "V8.1": 2, "V8.2": 3, "V8.3": 1, "V8.4": 1, "V9.1": 3},
    **{"V9.2": 4, "V10.1": 2, "V10.2": 2, "V10.3": 4, "V10.4": 11, "V10.5": 5, "V10.6": 2},
    **{"V10.7": 3, "V11.1": 2, "V11.2": 3, "V11.3": 3, "V11.4": 4, "V11.5": 1, "V11.6": 1},
    **{"V12.1": 3, "V12.2": 2, "V12.3": 4, "V13.1": 1, "V13.2": 5, "V13.3": 2, "V13.4": 5},
    **{"V14.1": 2, "V14.2": 4, "V14.3": 3, "V15.1": 3, "V15.2": 3, "V15.3": 7, "V16.1": 1},
    **{"V16.2": 5, "V16.3": 4, "V16.4": 3, "V16.5": 3, "V17.1": 1, "V17.2": 4, "V17.3": 2},
}
"""Requirements of levels 1 and 2 by section of ASVS 5.0.0; in each they come before those of 3."""


def rows() -> list[tuple[list[str], str, str]]:
    """The requirements of each row, its state, and what shows it."""
    found = []
    for line in PAGE.splitlines():
        if line.startswith("| V"):
            numbers, _, state, shown = (cell.strip() for cell in line.strip("|").split(" | "))
            first, _, last = numbers.partition("–")
            section, _, begins = first.rpartition(".")
            ends = (last or first).rpartition(".")[2]
            named = [f"{section}.{number}" for number in range(int(begins), int(ends) + 1)]
            found.append((named, state, shown))
    return found


def test_every_requirement_of_both_levels_stands_there_once() -> None:
    expected = [f"{each}.{n}" for each, last in COUNTED.items() for n in range(1, last + 1)]
    assert len(expected) == 253
    assert Counter(each for named, _, _ in rows() for each in named) == Counter(expected)


def test_the_counts_are_those_of_the_rows() -> None:
    lines = PAGE.splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.startswith("| yes"))
    heads, counts = ([cell.strip() for cell in lines[at + k].strip("|").split("|")] for k in (0, 2))
    counted = Counter({state: 0 for state in heads})
    for named, state, _ in rows():
        counted[state] += len(named)
    assert counted == dict(zip(heads, map(int, counts), strict=True))


def test_code_and_tests_that_are_named_are_there() -> None:
    named = set(re.findall(r"`(\w[\w./-]*/[\w.-]+\.\w+)`", PAGE))
    assert len(named) > 60
    roots = (ROOT, ROOT / "src" / "yanzhen")
    assert [each for each in named if not any((root / each).exists() for root in roots)] == []


def test_what_holds_without_being_told_where_is_little() -> None:
    bare = [named for named, state, shown in rows() if state.startswith("yes") and "`" not in shown]
    assert len(bare) < 30
