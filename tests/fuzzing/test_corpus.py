"""Every input that widened coverage, or was a fault, still has an answer or a declared refusal."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.fuzzing.corpus import read_corpus
from tests.fuzzing.readers import NAMES, ask
from tests.fuzzing.seeds import seeds

DEEP_TOML, DEEP_JSON = b"x = " + b"[" * 20_000, b"[" * 200_000


def packed(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, each in files.items():
            archive.writestr(name.replace("__", "."), each)
    return content.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_answers_or_refuses_whatever_it_is_given(tmp_path: Path, name: str) -> None:
    inputs = read_corpus(name)
    assert inputs
    for content in (*seeds(name), *inputs.values()):
        ask(name, content, tmp_path / "work")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("formula", b"1" * 900),
        ("formula", b"1e999 * 2"),
        ("statistics_tables", DEEP_TOML),
        ("statistics_earlier", packed(manifest__json=DEEP_JSON)),
        ("mail_settings", DEEP_TOML),
        ("openid_settings", DEEP_TOML),
        ("nation", packed(nation__toml=b"title_en = 1")),
        ("nation", packed(nation__toml=DEEP_TOML)),
        ("backup", packed(manifest__json=DEEP_JSON)),
        ("scoreboard", packed(**{f"{n}__parquet": b"PAR1" for n in ("scoreboard", "goal_values",
                                                                 "goal_plan_cells")})),
        ("import_parquet", b"PAR1PAR1"),
        ("concordance", b"PK\x03\x04"),
        ("input_output", b'a,"b\n' + b"x" * 200_000),
    ],
)  # fmt: skip
def test_what_is_damaged_is_refused_as_declared(tmp_path: Path, name: str, content: bytes) -> None:
    assert ask(name, content, tmp_path / "work") is not None


def test_a_plan_s_folder_that_says_nothing_is_looked_at_as_a_study(tmp_path: Path) -> None:
    content = packed(run__json=DEEP_JSON, manifest__json=b"{}")
    assert ask("plan_folder", content, tmp_path / "work") is None
