"""Every reader of what people bring, by name; each is loaded when it is first asked."""

import importlib
import shutil
from pathlib import Path

from tests.fuzzing.reader import Reader

READERS = {
    "study": (
        "table_csv",
        "table_xlsx",
        "table_parquet",
        "settings",
        "workbook",
        "duckdb",
        "archive",
        "import_text",
        "import_xlsx",
        "import_xls",
        "import_ods",
        "import_parquet",
        "import_pymrio",
        "mapping",
        "formula",
        "condition",
        "text",
    ),
    "agreement": (
        "terms",
        "agreed_terms",
        "projects",
        "payments",
        "feedback",
        "concordance",
        "concordance_text",
    ),
    "exchange": (
        "scenario",
        "listings",
        "documents",
        "statistics",
        "statistics_tables",
        "statistics_earlier",
        "input_output",
        "scoreboard",
        "nation",
        "plan_folder",
        "backup",
        "mail_settings",
        "openid_settings",
        "cursor",
    ),
    "api": ("api_body", "search"),
}
"""Names by the module that holds them."""
NAMES = tuple(name for names in READERS.values() for name in names)


def reader(name: str) -> Reader:
    """Return a reader by its name."""
    module = next(module for module, names in READERS.items() if name in names)
    found = importlib.import_module(f"tests.fuzzing.{module}_readers").READERS[name]
    assert isinstance(found, Reader)
    return found


def ask(name: str, content: bytes, folder: Path) -> Exception | None:
    """Let a reader read bytes; return what it declares to raise, and raise what else it raises.

    Parameters
    ----------
    folder : which is not there, and is not there afterwards
    """
    asked = reader(name)
    folder.mkdir(parents=True)
    try:
        asked.read(content, folder)
    except asked.refusals as refusal:
        assert str(refusal) or refusal.args
        return refusal
    finally:
        shutil.rmtree(folder)
    return None
