"""The page of the API's operations, made from its description and the table of permissions.

`python docs/generated.py` writes it anew in both languages.
"""

import sys
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yanzhen.api.app import make_app
from yanzhen.api.permission import API, is_for_all, needed
from yanzhen.api.problem_details import PHRASES
from yanzhen.api.workbench import Workbench
from yanzhen.phrasebook import Language
from yanzhen.store.people.permissions import ALL, PERMISSIONS

word = PHRASES.word


def operation_page(language: Language) -> str:
    """Return every operation of the API in one language, as a Markdown page."""
    said = _described()
    lines = [f"# {word(language, 'operations.title')}", "", word(language, "operations.made"), ""]
    every = [
        (operation.get("tags", [""])[0], method.upper(), path, operation)
        for path, operations in said["paths"].items()
        for method, operation in operations.items()
    ]
    for tag, rows in groupby(sorted(every, key=_tag), key=_tag):
        lines += [f"## `{tag}`", "", f"| {word(language, 'operations.columns')} |"]
        lines.append("| --- | --- | --- | --- |")
        for _, method, path, operation in rows:
            what = " ".join(operation.get("description", "").split("\n\n")[0].split())
            cells = (method, f"`{path.removeprefix(API)}`", what, _who(method, path, language))
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
        lines.append("")
    return "\n".join(lines)


@cache
def _described() -> Mapping[str, Any]:
    with TemporaryDirectory() as folder:
        bench = Workbench(Path(folder), slots=0)
        described = make_app(bench).openapi()
        bench.close()
    return described


def _tag(row: tuple[str, str, str, Any]) -> str:
    return row[0]


def _who(method: str, path: str, language: Language) -> str:
    asked = needed(method, path)
    if is_for_all(path) or asked is None:
        return word(language, "operations.everybody")
    action, resource = asked
    roles = PERMISSIONS[resource][action]
    if roles == ALL:
        return word(language, "operations.all_roles")
    if len(ALL - roles) < len(roles):
        return word(language, "operations.all_but", roles=_names(ALL - roles))
    return _names(roles)


def _names(roles: frozenset[str]) -> str:
    return ", ".join(f"`{role}`" for role in sorted(roles))


if __name__ == "__main__":
    print(operation_page("zh" if sys.argv[1:] == ["zh"] else "en"), end="")
