"""`study.toml` and its likeness in a sheet or database table: read and written."""

import json
import re
from collections.abc import Iterable

from yanzhen.study.about import About, settings
from yanzhen.study.coverage import IN_FULL, YEARS_OF_MOVES
from yanzhen.study.encoding import toml_of
from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.settings import TABLE, read_settings


def read_toml(content: str, file: str) -> tuple[About | None, list[Problem]]:
    """Read the text of a `study.toml`; None where it is too damaged to be used."""
    try:
        said = toml_of(content, file, TABLE, "base_year = 2017")
    except StudyError as error:
        return None, list(error.problems)
    return read_settings(said, file, lambda key: line_of(content, key))


def write_toml(about: About) -> str:
    """Return the text of a `study.toml` that says the same."""
    said = settings(about)
    units, coverage, sources = (said.pop(key, {}) for key in ("units", "coverage", "sources"))
    assert isinstance(units, dict) and isinstance(coverage, dict) and isinstance(sources, list)
    lines = [f"{key} = {_toml_value(value)}" for key, value in said.items()]
    for section, entries in (("units", units), ("coverage", coverage)):
        if not entries:
            continue
        lines += ["", f"[{section}]"]
        lines += [f"{key} = {_toml_value(value)}" for key, value in entries.items()]
    for source in sources:
        lines += ["", "[[sources]]"]
        lines += [f"{key} = {_toml_value(value)}" for key, value in source.items()]
    return "\n".join(lines) + "\n"


def flatten(about: About) -> list[tuple[str, str]]:
    """Return the settings as rows of key and text, for a sheet or a database table."""
    rows: list[tuple[str, str]] = []
    for key, value in settings(about).items():
        if isinstance(value, dict):
            rows += [(f"{key}.{part}", _cell(item)) for part, item in value.items()]
        elif key == "sources" and isinstance(value, list):
            for number, source in enumerate(value, start=1):
                rows += [(f"{key}.{number}.{part}", _cell(item)) for part, item in source.items()]
        else:
            rows.append((key, _cell(value)))
    return rows


def unflatten(rows: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Return nested settings from rows of key and text, as `flatten` makes them."""
    said: dict[str, object] = {}
    units: dict[str, object] = {}
    coverage: dict[str, object] = {}
    sources: dict[str, dict[str, object]] = {}
    for key, cell in rows:
        first, _, rest = key.partition(".")
        if first == "units" and rest:
            units[rest] = cell
        elif first == "coverage" and rest:
            listed = _split(cell) if rest == IN_FULL else cell
            coverage[rest] = _number(cell) if rest in YEARS_OF_MOVES else listed
        elif first == "sources" and "." in rest:
            number, _, part = rest.partition(".")
            sources.setdefault(number, {})[part] = _split(cell) if part == "columns" else cell
        elif first in ("base_year", "past_from"):
            said[key] = _number(cell)
        elif first == "synthetic":
            said[key] = {"true": True, "false": False}.get(cell.casefold(), cell)
        elif first == "flagged_regions":
            said[key] = _split(cell)
        elif first == "missing_years":
            said[key] = [_number(year) for year in _split(cell)]
        else:
            said[key] = cell
    if units:
        said["units"] = units
    if coverage:
        said["coverage"] = coverage
    if sources:
        said["sources"] = list(sources.values())
    return said


def line_of(content: str, key: str) -> int | None:
    """Return the line of a `study.toml` on which a dotted key is set, if any."""
    parts = key.split(".")
    section, entry, source = "", 0, 0
    for number, line in enumerate(content.splitlines(), start=1):
        heading = re.match(r"\s*\[+\s*([\w.]+)\s*\]+", line)
        if heading:
            section = heading.group(1)
            source += section == "sources"
            if [section] == parts:
                return number
            continue
        name = re.match(r"\s*([\w-]+)\s*=", line)
        if name is None:
            continue
        here = [name.group(1)] if not section else [section, name.group(1)]
        if section == "sources":
            here.insert(1, str(source))
        if here == parts:
            entry = number
            break
    return entry or None


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_toml_value(item) for item in value)}]"
    if isinstance(value, int):
        return str(value)
    # A TOML basic string is a JSON string, save that it must also escape DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_cell(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _split(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";") if item.strip()]


def _number(cell: str) -> object:
    whole = re.fullmatch(r"\s*(\d+)(\.0+)?\s*", cell)
    return int(whole.group(1)) if whole else cell
