"""What the user may have meant by a study that does not exist."""

from collections.abc import Iterable
from pathlib import Path

from yanzhen.cli.language import Language, choose
from yanzhen.study.problem import nearest


def missing_study(name: str, examples: Iterable[str], language: Language) -> str | None:
    """Why `name` is no study, with what was probably meant; None where something stands there."""
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
    folder = path.parent
    if not folder.is_dir():
        return None
    name = nearest(path.name, (entry.name for entry in folder.iterdir()))
    return None if name is None else str(folder / name)
