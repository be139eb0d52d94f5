"""Studies, places and industries by the names that users give them."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from yanzhen.cli.language import Language, word
from yanzhen.cli.outcome import reject

if TYPE_CHECKING:
    import polars as pl


def require_study(name: str, language: Language) -> None:
    """End with 2 where there is no such study."""
    from yanzhen.study import examples

    missing = missing_study(name, (example.name for example in examples()), language)
    if missing is not None:
        reject(missing)


def refuse_nation(name: str, language: Language) -> None:
    """End with 2 where a SYNTHETIC nation stands, which has neither regions' output nor a past."""
    if (Path(name) / "nation.toml").is_file():
        reject(word(language, "nation_is_no_study", name=name))


def study_of(name: str) -> str:
    """The study that a plan's folder is of; any other name is a study's already."""
    import json

    from yanzhen.study.unreadable import Unreadable, reading_file

    run = Path(name) / "run.json"
    if not (run.is_file() and (Path(name) / "manifest.json").is_file()):
        return name
    try:
        with reading_file():
            return str(json.loads(run.read_text(encoding="utf-8"))["study"])
    except Unreadable:
        return name


def missing_study(name: str, examples: Iterable[str], language: Language) -> str | None:
    """Why `name` is no study, with what was probably meant; None where something stands there."""
    from yanzhen.study.problem import nearest
    from yanzhen.study.sources import study_beside

    examples = tuple(examples)
    if name in examples or Path(name).exists():
        return None
    suggestion = nearest(name, examples) or study_beside(Path(name))
    listed = ", ".join(examples)
    if suggestion is None:
        hint = word(language, "examples_are", listed=listed)
    else:
        hint = word(language, "did_you_mean", name=suggestion)
    return word(language, "no_study", name=name, hint=hint)


def code_of(asked: str, table: "pl.DataFrame", key: str, language: Language) -> str:
    """The code of a region or an industry given by code or name; ends with 2 if there is none."""
    from yanzhen.study.problem import nearest

    named = {
        name: code
        for code, *names in table.select(key, "name_zh", "name_en").iter_rows()
        for name in (code, *names)
        if name
    }
    if asked in named:
        return str(named[asked])
    near = nearest(asked, named)
    hint = (
        word(language, "there_are", count=table.height, column=key)
        if near is None
        else word(language, "did_you_mean_next", name=_said(near, named))
    )
    reject(word(language, f"no_such_{key}", asked=asked, hint=hint))


def _said(name: str, named: dict[str, str]) -> str:
    return name if named[name] == name else f"{named[name]} ({name})"
