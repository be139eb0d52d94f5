"""Write the pages that are made from the code, in both languages: `python docs/generated.py`.

A test holds each against what its module makes.
"""

import sys
from importlib import import_module
from pathlib import Path

DOCS = Path(__file__).parent
PAGES = {
    "reference/data-dictionary": ("yanzhen.study.dictionary", "data_dictionary"),
    "reference/parameters": ("yanzhen.report.tables.parameter_page", "parameter_page"),
    "reference/commands": ("yanzhen.cli.reference", "command_reference"),
    "reference/operations": ("yanzhen.api.operation_page", "operation_page"),
}
"""By page, the module and its function of a language."""


def made(page: str, language: str) -> str:
    """Return a page as its module makes it."""
    module, function = PAGES[page]
    text: str = getattr(import_module(module), function)(language)
    return text.rstrip("\n") + "\n"


if __name__ == "__main__":
    for page in sys.argv[1:] or PAGES:
        for language in ("en", "zh"):
            path = DOCS / language / f"{page}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made(page, language), encoding="utf-8")
