"""Studies, places and industries by the names that users give them."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from yanzhen.cli.language import Language, choose
from yanzhen.cli.outcome import reject

if TYPE_CHECKING:
    import polars as pl


def require_study(name: str, language: Language) -> None:
    """End with 2 where there is no such study."""
    from yanzhen.study import examples

    missing = missing_study(name, (example.name for example in examples()), language)
    if missing is not None:
        reject(missing)


def missing_study(name: str, examples: Iterable[str], language: Language) -> str | None:
    """Why `name` is no study, with what was probably meant; None where something stands there."""
    from yanzhen.study.problem import nearest

    examples = tuple(examples)
    if name in examples or Path(name).exists():
        return None
    suggestion = nearest(name, examples) or _nearest_path(Path(name))
    listed = ", ".join(examples)
    if suggestion is None:
        hint = choose(
            language,
            f"内置示例：{listed}。新建自己的研究：yanzhen new 文件夹。",
            f"Examples: {listed}. To start your own study: yanzhen new FOLDER.",
        )
    else:
        hint = choose(language, f"是否指 {suggestion}？", f"Did you mean {suggestion}?")
    return choose(
        language,
        f"没有研究 {name}：没有这个文件夹或文件，也没有这个示例。{hint}",
        f"There is no study {name}: no folder or file of that name, and no example. {hint}",
    )


def _nearest_path(path: Path) -> str | None:
    from yanzhen.study.problem import nearest

    folder = path.parent
    if not folder.is_dir():
        return None
    name = nearest(path.name, (entry.name for entry in folder.iterdir()))
    return None if name is None else str(folder / name)


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
    kind = choose(
        *((language, "地区", "region") if key == "region" else (language, "行业", "industry"))
    )
    hint = (
        ""
        if near is None
        else choose(
            language, f"是否指 {_said(near, named)}？", f" Did you mean {_said(near, named)}?"
        )
    )
    listed = choose(
        language,
        f"可用的共 {table.height} 个，见研究的 {key} 列。",
        f" There are {table.height}, in column {key} of the study.",
    )
    reject(
        choose(
            language,
            f"没有{kind} {asked}。{hint or listed}",
            f"There is no {kind} {asked}.{hint or listed}",
        )
    )


def _said(name: str, named: dict[str, str]) -> str:
    return name if named[name] == name else f"{named[name]} ({name})"
