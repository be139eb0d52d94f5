"""A contract's terms as TOML: read with every problem at once, and written back the same."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yanzhen.modes.coconstruction.contract.consistency import ContractError, contradictions, require
from yanzhen.modes.coconstruction.contract.declarations import TERMS_IN
from yanzhen.modes.coconstruction.contract.sections import (
    EMPTY,
    SECTIONS,
    SEVERAL,
    holders,
)
from yanzhen.modes.coconstruction.contract.terms import Terms
from yanzhen.study import Problem, StudyError
from yanzhen.study.encoding import text_of, toml_of
from yanzhen.study.problem import Words, nearest

Said = Mapping[str, Any]
_SECTION = ("a section in square brackets", "方括号标出的一节")


def read_terms(path: str | Path) -> Terms:
    """Read the terms of a contract from a TOML file of any encoding that is read.

    Raises
    ------
    ContractError
        With everything that cannot be read or is contradictory.
    """
    try:
        content = text_of(Path(path), "terms")
    except StudyError as error:
        raise ContractError(error.problems) from None
    return parse_terms(content, Path(path).name)


def parse_terms(content: str, file: str) -> Terms:
    """Read terms from TOML text; as `read_terms`."""
    try:
        said = toml_of(content, file, "terms", 'base = "all"')
    except StudyError as error:
        raise ContractError(error.problems) from None
    return terms_of(said, file)


def terms_of(said: Said, file: str) -> Terms:
    """Make sound terms of nested keys and values; as `read_terms`."""
    terms, problems = terms_from(said, file)
    unread = {problem.column.split(".")[0] for problem in problems}
    contradictory = [
        problem
        for problem in contradictions(terms, file)
        if problem.column.split(".")[0] not in unread
    ]
    require([*problems, *contradictory])
    return terms


def terms_from(said: Said, file: str) -> tuple[Terms, list[Problem]]:
    """Make terms of nested keys and values; what cannot be read is a problem, and left out."""
    unread: list[Problem] = []
    unknown: list[Problem] = []

    def values(section: str, path: str, table: Said) -> dict[str, Any]:
        """What a section says, by field; what cannot be read and unknown keys are noted."""
        known = set() if section else {*SECTIONS}
        found = {}
        for term in TERMS_IN[section]:
            known.add(term.name)
            if term.name not in table:
                continue
            value = term.kind.read(table[term.name])
            if value is None:
                unread.append(_unread(file, path + term.name, table[term.name], term.kind.expected))
            else:
                found[term.field] = value
        unknown.extend(_unknown(file, path, key, known) for key in table if key not in known)
        return found

    terms = replace(EMPTY, **values("", "", said))
    for section, empty in SECTIONS.items():
        if section not in said:
            continue
        several = section in SEVERAL
        tables = said[section] if several else [said[section]]
        if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
            unread.append(_unread(file, section, said[section], _SECTION))
            tables = [] if several else [{}]
        paths = [f"{section}.{k}." if several else f"{section}." for k in range(1, len(tables) + 1)]
        found = [values(section, path, table) for path, table in zip(paths, tables, strict=True)]
        if empty is None:
            terms = replace(terms, **found[0])
            continue
        held: Any = tuple(replace(empty, **each) for each in found)
        terms = replace(terms, **{section: held if several else held[0]})
    return terms, [*unread, *unknown]


def _unread(file: str, path: str, value: object, expected: Words) -> Problem:
    return Problem.at(file, "terms", None, path, (repr(value), repr(value)), expected)


def _unknown(file: str, path: str, key: str, known: set[str]) -> Problem:
    """Refuse a key that no term has, with the known key that is most like it."""
    listed = ", ".join(sorted(known))
    near = nearest(key, sorted(known))
    first = (f"'{near}', or ", f"“{near}”，或") if near else ("", "")
    expected = (f"{first[0]}one of: {listed}", f"{first[1]}下列之一：{listed}")
    return Problem.at(file, "terms", None, path + key, (f"'{key}'", f"“{key}”"), expected)


def write_terms(terms: Terms) -> str:
    """Return TOML text from which `parse_terms` makes the same terms."""
    lines = [*_written(terms, "")]
    for section in SECTIONS:
        heading = f"[[{section}]]" if section in SEVERAL else f"[{section}]"
        for holder in holders(terms, section).values():
            lines += ["", heading, *_written(holder, section)]
    return "\n".join(lines) + "\n"


def _written(holder: object, section: str) -> Iterator[str]:
    for term in TERMS_IN[section]:
        value = getattr(holder, term.field)
        if isinstance(value, tuple):
            yield f"{term.name} = [{', '.join(map(_quoted, value))}]"
        elif value is not None:
            yield f"{term.name} = {value if isinstance(value, int) else _quoted(str(value))}"


def _quoted(text: str) -> str:
    # A TOML basic string is a JSON string, save that it must also escape DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
