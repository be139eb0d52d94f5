"""What is asked of every `words.toml`: both languages, the same figures, nothing that is unused."""

import ast
import re
from pathlib import Path
from string import Formatter

from yanzhen.phrasebook import Phrasebook

HAN = re.compile(r"[\u4e00-\u9fff]")
KEY = re.compile(r"[a-z0-9_.*]*[a-z]{3}[a-z0-9_.*]*")


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def not_in_both_languages(book: Phrasebook) -> list[str]:
    """Keys of which a text is missing, or of which the English one holds Chinese."""
    return [
        key
        for key, texts in book.phrases.items()
        if set(texts) != {"zh", "en"} or not all(texts.values()) or HAN.search(texts["en"])
    ]


def written_in(room: Path) -> set[str]:
    """Every text written out in the modules of a room, what is filled in standing as `*`."""
    found: set[str] = set()
    for module in room.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                values = (
                    each.value if isinstance(each, ast.Constant) else "*" for each in node.values
                )
                found.add("".join(map(str, values)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def unused(book: Phrasebook, room: Path) -> list[str]:
    """Keys that no module of a room writes out, nor what the two of a message begin with."""
    written = written_in(room)
    filled = [
        re.compile(re.escape(text).replace(r"\*", "[a-z0-9_]+"))
        for text in written
        if "*" in text and KEY.fullmatch(text)
    ]
    return [
        key
        for key in book.phrases
        for names in [{key, key.removesuffix(".found").removesuffix(".expected")}]
        if not names & written
        and not any(each.fullmatch(name) for each in filled for name in names)
    ]


def unfilled(book: Phrasebook, room: Path, one: set[str], two: set[str]) -> list[str]:
    """Calls with a key that is written out whose texts are missing or lack a value.

    Parameters
    ----------
    one : functions that take a key and the values of its text
    two : functions whose key is that of what was found and what is expected
    """
    faults = []
    for module in room.rglob("*.py"):
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = (
                call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
            )
            texts = [each for each in call.args if isinstance(each, ast.Constant)]
            if name not in one | two or not texts or call.args.index(texts[0]) > 1:
                continue
            key, given = texts[0].value, {each.arg for each in call.keywords}
            for each in (f"{key}.found", f"{key}.expected") if name in two else (key,):
                entry = book.phrases.get(each, {"zh": "{key}"})
                wanted = {field for text in entry.values() for field in placeholders(text)}
                # A row's cells, or a mapping, fill what is not written out.
                if not (None in given or name == "faults_of" or wanted <= given):
                    faults.append(f"{module.name}:{call.lineno}: {each} {wanted - given}")
    return faults
