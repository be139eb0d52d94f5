"""The gallery: pages of Markdown that are notebooks too, run where the documentation is built.

A page's fences of Python are its cells. `python docs/notebooks.py` writes each page's notebook
beside it, without outputs; `conf.py` puts what the cells show, in the page's language, into it.
"""

import ast
import contextlib
import io
import json
import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from pprint import pformat
from textwrap import fill
from typing import Any, Literal
from unittest.mock import patch

DOCS = Path(__file__).parent
LOCALES = {"en": "en_GB.UTF-8", "zh": "zh_CN.UTF-8"}
AS_NOTEBOOK = {"en": "This page as a notebook", "zh": "本页的笔记本文件"}
WIDTH = 84
"""Characters of a line that a page is broad enough for."""
FENCE = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook."""

    kind: Literal["markdown", "code"]
    source: str


@dataclass(frozen=True)
class Shown:
    """What a cell shows: what it printed and warned of, and its last value as HTML or text."""

    printed: str
    html: str
    text: str


def pages() -> list[Path]:
    """Return the pages of the gallery in each language, in order."""
    return sorted(DOCS.glob("*/tutorials/gallery/*.md"))


def cells_of(page: str) -> Iterator[Cell]:
    """Give the cells of a page: what stands between the fences of Python, and these."""
    begin = 0
    for fence in FENCE.finditer(page):
        if text := page[begin : fence.start()].strip():
            yield Cell("markdown", text)
        yield Cell("code", fence["code"].strip())
        begin = fence.end()
    if text := page[begin:].strip():
        yield Cell("markdown", text)


def notebook_of(page: str) -> str:
    """Return a page as a notebook (nbformat 4.5) without outputs."""
    cells: list[dict[str, Any]] = []
    for number, cell in enumerate(cells_of(page), start=1):
        made: dict[str, Any] = {
            "cell_type": cell.kind,
            "id": f"cell-{number}",
            "metadata": {},
            "source": cell.source.splitlines(keepends=True),
        }
        if cell.kind == "code":
            made |= {"execution_count": None, "outputs": []}
        cells.append(made)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def run(page: str, language: str = "en") -> Iterator[tuple[Cell, Shown | None]]:
    """Run the cells of a page in their order, each with what it shows in a language."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells_of(page):
        yield cell, _shown(cell.source, names, language) if cell.kind == "code" else None


def rendered(page: str, stem: str, language: str = "en") -> str:
    """Return a page with what its cells show, and the link to its notebook."""
    title, _, rest = page.partition("\n")
    parts = [title, f"{{download}}`{AS_NOTEBOOK[language]} <{stem}.ipynb>`"]
    for cell, shown in run(rest, language):
        if shown is None:
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        if shown.printed or (shown.text and not shown.html):
            told = "\n".join(filter(None, (shown.printed.rstrip(), shown.text * (not shown.html))))
            parts.append(f"~~~~text\n{_broken(told)}\n~~~~")
        if shown.html:
            parts.append(f"~~~~{{raw}} html\n{shown.html}\n~~~~")
    return "\n\n".join(parts) + "\n"


def _shown(code: str, names: dict[str, Any], language: str) -> Shown:
    body = ast.parse(code).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with (
        contextlib.redirect_stdout(printed),
        warnings.catch_warnings(record=True) as told,
        patch.dict(os.environ, LC_ALL=LOCALES[language]),
    ):
        warnings.simplefilter("always", UserWarning)
        exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
        html, text = (
            ("", "")
            if value is None
            else (_html(value), pformat(value, width=WIDTH, sort_dicts=False))
        )
    said = printed.getvalue() + "".join(f"UserWarning: {each.message}\n" for each in told)
    return Shown(said, html, text)


def _broken(text: str) -> str:
    """Break lines that are longer than a page is broad."""
    return "\n".join(fill(line, WIDTH, subsequent_indent="  ") for line in text.splitlines())


def _html(value: Any) -> str:
    """What a notebook shows of a value; a chart is drawn here, so that no page needs a script."""
    from altair import TopLevelMixin

    from yanzhen.notebook.pictures import picture_address, title_of

    if isinstance(value, TopLevelMixin):
        said = escape(title_of(value), quote=True)
        return f'<img src="{picture_address(value)}" alt="{said}" style="background: white">'
    show = getattr(value, "_repr_html_", None)
    # A blank line would end the block in Markdown.
    return "" if show is None else re.sub(r"\n\s*\n", "\n", show())


if __name__ == "__main__":
    for path in pages():
        notebook = notebook_of(path.read_text(encoding="utf-8"))
        path.with_suffix(".ipynb").write_text(notebook, encoding="utf-8")
