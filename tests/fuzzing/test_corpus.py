"""Every input that widened coverage, or was a fault, still has an answer or a declared refusal."""

from pathlib import Path

import pytest

from tests.fuzzing.corpus import read_corpus
from tests.fuzzing.readers import NAMES, ask
from tests.fuzzing.seeds import seeds


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_answers_or_refuses_whatever_it_is_given(tmp_path: Path, name: str) -> None:
    inputs = read_corpus(name)
    assert inputs
    for content in (*seeds(name), *inputs.values()):
        ask(name, content, tmp_path / "work")
