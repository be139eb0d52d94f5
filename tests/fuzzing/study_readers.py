"""Readers of studies, and of files that studies are made of."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from tests.fuzzing.reader import Reader, in_file, named, of_text
from tests.study.small import small_study
from yanzhen.api.problem_details import Refusal
from yanzhen.api.study_archives import unpack
from yanzhen.api.unpacked_size import require_modest
from yanzhen.study import StudyError, check_study
from yanzhen.study.conditions import NotACondition, read_condition
from yanzhen.study.encoding import text_of
from yanzhen.study.formulas import BadFormula, formula_of
from yanzhen.study.importing.mapping import Mapped, read_mapping
from yanzhen.study.importing.understanding import understood


def _table(content: bytes, folder: Path) -> object:
    """A table of a study, whatever form its content is in."""
    require_modest(content)
    study = _linked(folder / "study")
    (study / "activity.csv").unlink()
    named("activity.csv", content, study)
    return check_study(study)


def _settings(content: bytes, folder: Path) -> object:
    study = _linked(folder / "study")
    (study / "study.toml").unlink()
    named("study.toml", content, study)
    return check_study(study)


@cache
def _kept() -> Path:
    place = tempfile.TemporaryDirectory()
    atexit.register(place.cleanup)
    return small_study(Path(place.name) / "small")


def _linked(folder: Path) -> Path:
    shutil.copytree(_kept(), folder, copy_function=shutil.copyfile)
    return folder


def _study_as(name: str) -> Callable[[bytes, Path], object]:
    def read(content: bytes, folder: Path) -> object:
        require_modest(content)
        return check_study(named(name, content, folder))

    return read


def _imported(name: str) -> Callable[[bytes, Path], object]:
    def read(content: bytes, folder: Path) -> object:
        require_modest(content)
        return understood([named(name, content, folder)], folder / "new", Mapped())

    return read


def _archive(content: bytes, folder: Path) -> object:
    unpack(require_modest(content), folder / "study")
    return check_study(folder / "study")


STUDY = (StudyError, Refusal)
READERS: Mapping[str, Reader] = {
    "table_csv": Reader(_table, STUDY),
    "table_xlsx": Reader(_table, STUDY),
    "table_parquet": Reader(_table, STUDY),
    "settings": Reader(_settings, STUDY),
    "workbook": Reader(_study_as("study.xlsx"), STUDY),
    "duckdb": Reader(_study_as("study.duckdb"), STUDY),
    "archive": Reader(_archive, STUDY),
    "import_text": Reader(_imported("table.csv"), STUDY),
    "import_xlsx": Reader(_imported("table.xlsx"), STUDY),
    "import_xls": Reader(_imported("table.xls"), STUDY),
    "import_ods": Reader(_imported("table.ods"), STUDY),
    "import_parquet": Reader(_imported("table.parquet"), STUDY),
    "import_pymrio": Reader(_imported("system.zip"), STUDY),
    "mapping": Reader(in_file("mapping.toml", read_mapping), STUDY),
    "formula": Reader(of_text(formula_of), (BadFormula,)),
    "condition": Reader(of_text(read_condition), (NotACondition,)),
    "text": Reader(in_file("text.txt", text_of), STUDY),
}
