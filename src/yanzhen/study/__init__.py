"""The study: a user's regions, industries and figures, checked before anything is computed."""

from yanzhen.study.about import About, Source, Units
from yanzhen.study.checking import check_study
from yanzhen.study.example import Example, examples
from yanzhen.study.problem import Problem, StudyError, WantOfData
from yanzhen.study.reading import (
    Study,
    read_frames,
    read_study,
    read_written,
    require_checked,
    study_from_frames,
)
from yanzhen.study.tables import REQUIRED_TABLES, TABLES
from yanzhen.study.template import new_study
from yanzhen.study.writing import write_study

__all__ = [
    "REQUIRED_TABLES",
    "TABLES",
    "About",
    "Example",
    "Problem",
    "Source",
    "Study",
    "StudyError",
    "Units",
    "WantOfData",
    "check_study",
    "examples",
    "new_study",
    "read_frames",
    "read_study",
    "read_written",
    "require_checked",
    "study_from_frames",
    "write_study",
]
