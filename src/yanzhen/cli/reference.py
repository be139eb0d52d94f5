"""The page of commands, made from the commands as they are declared.

`python docs/generated.py` writes it anew in both languages.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from yanzhen.cli.app import app
from yanzhen.cli.language import Language, half_of, word

TYPES = ("str", "int", "float", "bool")


def commands() -> Iterator[tuple[str, Any]]:
    """Give every command with the words that one types, groups before what is in them."""

    def within(typed: str, command: Any) -> Iterator[tuple[str, Any]]:
        yield typed, command
        for name, inner in getattr(command, "commands", {}).items():
            yield from within(f"{typed} {name}", inner)

    return within("yanzhen", get_command(app))


def command_reference(language: Language) -> str:
    """Return the page of commands in one language, as Markdown."""
    head = [f"# {word(language, 'reference.title')}", "", word(language, "reference.made"), ""]
    head += [word(language, "reference.ends"), ""]
    return "\n".join([*head, *(line for each in commands() for line in _command(*each, language))])


def _command(typed: str, command: Any, language: Language) -> Iterator[str]:
    context = command.make_context(typed, [], resilient_parsing=True)
    usage = " ".join([typed, *command.collect_usage_pieces(context)])
    yield from (f"## {typed}", "", *_said(command.help or "", language))
    yield from ("```text", usage.replace("{", "").replace("}", ""), "```", "")
    if inner := getattr(command, "commands", {}):
        listed = ", ".join(f"`{typed} {name}`" for name in inner)
        yield from (word(language, "reference.subcommands", listed=listed), "")
    if rows := [_row(each, language) for each in command.params if not each.hidden]:
        columns = word(language, "reference.columns")
        yield from (f"| {columns} |", "| --- | --- | --- | --- |", *rows, "")


def _said(text: str, language: Language) -> Iterator[str]:
    """Give the paragraphs of a help text that are in one language, a blank line after each."""
    for paragraph in re.sub(r"\[/?(?:bold)?\]", "`", text).split("\n\n"):
        if said := half_of(" ".join(paragraph.split()), language):
            yield from (said, "")


def _row(given: Any, language: Language) -> str:
    if given.name in ("install_completion", "show_completion"):
        meaning = word(language, f"reference.completion.{given.name}")
    else:
        meaning = half_of(given.help or "", language)
    if given.envvar:
        meaning += f" ({word(language, 'reference.environment', name=given.envvar)})"
    names = ", ".join(f"`{name}`" for name in (*given.opts, *given.secondary_opts))
    if given.param_type_name == "argument":
        names = f"`{given.metavar}`"
    cells = (names, _values(given, language), _usual(given, language), meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _values(given: Any, language: Language) -> str:
    kind = given.type_descriptor
    if kind.is_choice:
        return ", ".join(f"`{each}`" for each in kind.choices)
    name = re.sub(r"list\[(\w+)\]", r"\1", given.bare_type())
    said = word(language, f"reference.type.{name if name in TYPES else 'path'}")
    if given.metavar and given.param_type_name == "option":
        said = f"`{given.metavar}`"
    bounds = [f"≥ {given.min}"] * (given.min is not None)
    bounds += [f"≤ {given.max}"] * (given.max is not None)
    if given.multiple or given.nargs == -1:
        bounds.append(word(language, "reference.repeated"))
    return ", ".join([said, *bounds])


def _usual(given: Any, language: Language) -> str:
    if given.required:
        return word(language, "reference.required")
    if isinstance(given.show_default, str):
        return half_of(given.show_default, language) or given.show_default
    if not given.show_default or given.default in (None, False, "", []):
        return ""
    return f"`{given.default}`"


if __name__ == "__main__":
    print(command_reference("zh" if sys.argv[1:] == ["zh"] else "en"), end="")
