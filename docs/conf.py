"""How the documentation is built, one tree for each language: `make docs`."""

import re
import sys
import tomllib
from importlib.metadata import version as installed_version
from pathlib import Path
from types import ModuleType
from typing import Any

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))
from chinese_search import SearchChinese
from notebooks import DOCS, rendered

# Alembic alone can import it.
ENVIRONMENT = "yanzhen.store.database.migrations.env"
sys.modules[ENVIRONMENT] = ModuleType(ENVIRONMENT, "What Alembic runs.")

tree = "zh" if tags.has("zh") else "en"  # noqa: F821, Sphinx puts it there
language = {"en": "en", "zh": "zh_CN"}[tree]
project = "Yanzhen 雁阵"
author = "The Yanzhen developers"
copyright = f"{author}, Apache-2.0"
release = version = installed_version("yanzhen")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
]
exclude_patterns: list[str] = []
# Names of attributes are looked up like references, and several classes have one of a name.
suppress_warnings = ["ref.python"]
if tags.has("pages"):  # noqa: F821, Sphinx puts it there
    # The pages alone: docstrings are read by a test of their own.
    extensions = ["myst_parser"]
    exclude_patterns += ["reference/modules"]
default_role = "code"
myst_heading_anchors = 3

autodoc_default_options = {
    "members": True,
    "member-order": "bysource",
    "ignore-module-all": True,
}
autodoc_typehints = "signature"
# Types stand in annotations.
autodoc_use_type_comments = False
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
napoleon_attr_annotations = False
python_maximum_signature_line_length = 88

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["gallery.css"]
html_title = f"{project} {release}"
templates_path = ["templates"]
html_theme_options = {"announcement": "the template says"}
html_context = {
    "other_language": "zh" if tree == "en" else "en",
    "other_language_name": "中文" if tree == "en" else "English",
    "versions_name": "other versions" if tree == "en" else "其他版本",
}

TERMS = tomllib.loads((DOCS / "terms.toml").read_text(encoding="utf-8"))

AUTOMATIC = re.compile(r"^```\{eval-rst\}\n.*?^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"-{3,}$")
ARRAY = re.compile(
    r"~?numpy\.ndarray\[tuple\[~?typing\.Any, \.\.\.\], ~?numpy\.dtype\[~?numpy\.(\w+)\]\]"
)
ENTRY = re.compile(r"(?P<names>\w+(?:, \w+)*) : (?P<meaning>.+)")


def as_written(
    app: object, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Show docstrings as they read: formulas line by line, a parameter's meaning below its name.

    The types stand in the signature, so the text after `name :` says what the parameter is.
    """
    shown: list[str] = []
    in_section = in_formula = False
    for number, line in enumerate(lines):
        in_section |= bool(HEADING.match(line))
        starts = line.startswith("    ") and not in_section and not lines[number - 1].strip()
        if starts and not in_formula:
            shown += ["::", ""]
        in_formula = starts or (in_formula and (line.startswith("    ") or not line.strip()))
        text = line if in_formula else line.replace("|", r"\|")
        entry = ENTRY.match(text) if in_section else None
        shown += [entry["names"], f"    {entry['meaning']}"] if entry else [text]
    lines[:] = shown


def short_arrays(
    app: object, what: str, name: str, obj: object, options: object, *signature: str | None
) -> tuple[str | None, ...]:
    """Write arrays as the code does, NDArray[float64]."""
    return tuple(part and ARRAY.sub(r"NDArray[\1]", part) for part in signature)


def run_notebook(app: object, page: str, source: list[str]) -> None:
    """Put what the cells of a page of the gallery show into it."""
    if page.startswith("tutorials/gallery/"):
        source[0] = rendered(source[0], page.removeprefix("tutorials/gallery/"), tree)


def with_terms(app: object, page: str, source: list[str]) -> None:
    """Enter the terms that a page explains, so that a search for one leads there first."""
    if terms := TERMS.get(page, {}).get(tree):
        title, _, rest = source[0].partition("\n")
        entries = ", ".join(f"! {term}" for term in terms)
        source[0] = f"{title}\n\n```{{index}} {entries}\n```\n{rest}"


def nameless(
    app: object, what: str, name: str, obj: object, skip: bool, options: object
) -> bool | None:
    """Leave out what a library puts into a module under a name that nobody can write."""
    return None if name.isidentifier() else True


def short_sidebar(
    app: object, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Show beside a module what lies above it; all thousand on each page would take minutes."""
    if page.startswith("reference/modules/") and "toctree" in context:
        whole = context["toctree"]
        context["toctree"] = lambda **asked: whole(**{**asked, "collapse": True})


def without_modules(app: object, page: str, source: list[str]) -> None:
    """Take from a page what only the reference of modules can read."""
    source[0] = AUTOMATIC.sub("", source[0])


def setup(app: Sphinx) -> None:
    app.add_search_language(SearchChinese)
    app.connect("source-read", with_terms)
    if "sphinx.ext.autodoc" not in extensions:
        app.connect("source-read", without_modules)
        return
    app.connect("source-read", run_notebook)
    app.connect("autodoc-process-docstring", as_written, priority=400)
    app.connect("autodoc-process-signature", short_arrays)
    app.connect("autodoc-skip-member", nameless)
    # Before the theme makes the sidebar.
    app.connect("html-page-context", short_sidebar, priority=400)
