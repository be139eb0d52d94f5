"""Docstrings as the documentation shows them: what the reference is made of can be read."""

import importlib
import inspect
import pkgutil
import re
import runpy
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

import yanzhen

REPOSITORY = Path(__file__).parents[1]
PLAIN = re.compile(r"([^\W_]([^\W_]|[ ,.;:()'’%-])*[.)])?")
"""One line of words and points: no markup, hence none that is at fault."""


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(yanzhen.__path__, "yanzhen."):
        # What Alembic alone runs cannot be imported.
        if not found.name.endswith(("__main__", ".migrations.env")):
            yield importlib.import_module(found.name)


def documented(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Names and docstrings of a module, and of what is public and its own in it."""
    yield module.__name__, inspect.getdoc(module) or ""
    for name, value in vars(module).items():
        own = getattr(value, "__module__", None) == module.__name__
        if name.startswith("_") or not own or not callable(value):
            continue
        yield f"{module.__name__}.{name}", inspect.getdoc(value) or ""
        if inspect.isclass(value):
            for member, method in vars(value).items():
                if not member.startswith("_") and inspect.isfunction(method):
                    yield f"{module.__name__}.{name}.{member}", inspect.getdoc(method) or ""


def test_docstrings_are_markup_without_a_fault() -> None:
    """Each is taken as Sphinx takes it, with the changes that `docs/conf.py` makes.

    `make docs` builds the whole reference, which takes a minute and warns of nothing more.
    """
    core = pytest.importorskip("docutils.core")
    frontend = pytest.importorskip("docutils.frontend")
    rst = pytest.importorskip("docutils.parsers.rst")
    standalone = pytest.importorskip("docutils.readers.standalone")
    napoleon = pytest.importorskip("sphinx.ext.napoleon")
    tags = SimpleNamespace(has=lambda tag: False)
    settings = runpy.run_path(str(REPOSITORY / "docs" / "conf.py"), {"tags": tags})
    as_written = settings["as_written"]
    config = napoleon.Config(
        napoleon_google_docstring=False, napoleon_use_ivar=True, napoleon_use_rtype=False
    )
    # Made once: for each docstring anew they would take as long as reading it.
    usual = frontend.get_default_settings(rst.Parser, standalone.Reader)
    told: list[tuple[str, str]] = []
    checked = 0
    for module in modules():
        for name, docstring in documented(module):
            checked += 1
            if PLAIN.fullmatch(docstring):
                continue
            lines = docstring.splitlines()
            as_written(None, "", name, None, None, lines)
            text = str(napoleon.NumpyDocstring("\n".join(lines), config))
            faults: list[str] = []
            usual.report_level, usual.halt_level, usual.warning_stream = 2, 5, Heard(faults)
            core.publish_doctree(f".. default-role:: code\n\n{text}", settings=copy(usual))
            told += [(name, fault) for fault in faults if "Unknown interpreted" not in fault]
    assert told == []
    assert checked > 1000


class Heard:
    """A stream that keeps what is written."""

    def __init__(self, kept: list[str]) -> None:
        self.kept = kept

    def write(self, said: str) -> None:
        if said.strip():
            self.kept.append(said.strip())
