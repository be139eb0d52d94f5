"""The data dictionary, made from the declarations of the tables.

`python docs/generated.py` writes it anew in both languages.
"""

import sys

from yanzhen.phrasebook import Language, in_language
from yanzhen.study.columns import KIND_WORDS, UNIT_KINDS, Meaning
from yanzhen.study.tables import REQUIRED_TABLES, TABLES, description, meanings
from yanzhen.study.units import KINDS, UNITS, units_of
from yanzhen.study.words import word


def data_dictionary(language: Language) -> str:
    """Return the data dictionary in one language, as a Markdown page."""
    required = ", ".join(f"`{name}`" for name in REQUIRED_TABLES)
    introduction = word(language, "dictionary.introduction", required=required)
    parts = [f"# {word(language, 'dictionary.title')}\n\n{introduction}"]
    parts += [_table(name, language) for name in TABLES]
    size, size_is = word(language, "dictionary.size"), word(language, "dictionary.size_is")
    parts += [f"## {size}\n\n{size_is}", _coverage(language), _units(language)]
    return "\n".join(parts)


def _table(name: str, language: Language) -> str:
    lines = [f"## {name}", "", in_language(description(name), language), ""]
    lines += [f"| {word(language, 'dictionary.columns')} |", "| --- | --- | --- | --- |"]
    lines += [_row(column, said, language) for column, said in meanings(name).items()]
    return "\n".join(lines) + "\n"


def _row(column: str, said: Meaning, language: Language) -> str:
    mark = "*" if said.key else "!" if said.required else ""
    kind = in_language(KIND_WORDS[said.kind], language)
    unit = in_language(UNIT_KINDS[said.unit], language)
    between = word(language, "dictionary.separator")
    meaning = in_language((said.en, said.zh), language)
    if said.refers:
        meaning += word(language, "dictionary.refers", tables=between.join(said.refers))
    if said.also:
        meaning += word(language, "dictionary.also", values=between.join(said.also))
    if said.kind == "choice":
        values = between.join(f"`{value}`" for value in said.values)
        meaning += word(language, "dictionary.choice", values=values)
    return f"| `{column}`{mark} | {kind} | {unit} | {meaning} |"


def _coverage(language: Language) -> str:
    part = "`part`, `all`"
    codes, year = word(language, "dictionary.codes"), word(language, "dictionary.year")
    covered = {
        "`sites`": (part, word(language, "dictionary.covered.sites")),
        "`resources`": (part, word(language, "dictionary.covered.resources")),
        "`enterprises`": (part, word(language, "dictionary.covered.enterprises")),
        "`in_full`": (codes, word(language, "dictionary.covered.in_full")),
        "`moves_from`, `moves_to`": (year, word(language, "dictionary.covered.moves")),
    }
    lines = [f"## {word(language, 'dictionary.coverage')}", ""]
    lines += [word(language, "dictionary.coverage_is"), ""]
    lines += [f"| {word(language, 'dictionary.coverage_columns')} |", "| --- | --- | --- |"]
    lines += [f"| {name} | {values} | {said} |" for name, (values, said) in covered.items()]
    return "\n".join(lines) + "\n"


def _units(language: Language) -> str:
    lines = [f"## {word(language, 'dictionary.units')}", ""]
    lines += [word(language, "dictionary.declared_units"), ""]
    lines += [f"| {word(language, 'dictionary.unit_columns')} |", "| --- | --- |"]
    for kind in KINDS:
        names = [
            f"{name} {UNITS[name].zh}" if language == "zh" else name for name in units_of(kind)
        ]
        lines.append(f"| `{kind}` | {', '.join(names)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(data_dictionary("zh" if sys.argv[1:] == ["zh"] else "en"), end="")
