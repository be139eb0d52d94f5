"""Scenarios: other parameters, other policies, a ban on paying, or a race, as a TOML file.

title_zh = "…"
title_en = "…"
no_place_may_pay = false      # true: subsidies and aid of all policies are void
without = ["P3"]              # policies of the study that the scenario drops
without_rules = ["G1"]        # rules that it voids, with the listings that rest on them

[parameters]
moving_cost = 0.05

[[policies]]                  # a row of the table `policies`, for each region of macro_region
policy = "west-5"
macro_region = "West"
instrument = "subsidy_per_output"
value = 0.05

[[rules]]                     # a row of the table `rules`, such as a condition on places
rule = "G9"
condition = "class = energy: clean_energy_share >= 0.4"

[[catalogue]]                 # a row of the table `catalogue`
place = "110000"
industry = "13"
listing = "restricted"
rule = "G9"

[race]                        # localities choose their subsidies: nash or coordinated
regime = "coordinated"
macro_region = "West"         # who may pay; everyone without it
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from yanzhen.market.counterfactuals.options import Branch, Options
from yanzhen.market.counterfactuals.scenario_rows import ROWS, lines_of, no_such, row_problems
from yanzhen.study import Problem, StudyError
from yanzhen.study.encoding import text_of, toml_of
from yanzhen.study.problem import Words
from yanzhen.study.standard import meanings_of_parameters, parameter_problems

REGIMES = ("nash", "coordinated")
KEYS = (
    "title_zh",
    "title_en",
    "note_zh",
    "note_en",
    "no_place_may_pay",
    "without",
    "without_rules",
    "parameters",
    "policies",
    "rules",
    "catalogue",
    "race",
    "options",
)
OPTIONS = ("abroad", "exit", "inbound", "branch")
AS_PARAMETER = {
    "abroad": "abroad_worth",
    "exit": "exit_worth",
    "inbound": "inbound_worth",
    "share": "branch_share",
    "cost": "branch_cost",
}
"""Parameters of the study that mean what an option's figure does."""


@dataclass(frozen=True)
class Competition:
    """Which localities choose subsidies, and how."""

    regime: str
    macro_region: str | None


@dataclass(frozen=True)
class Scenario:
    """What differs from the study.

    Attributes
    ----------
    name : of the file
    title_zh, title_en, note_zh, note_en
    parameters : values by name
    policies : rows of the table `policies` to add, `macro_region` standing for all its regions
    without : policies of the study that are dropped
    no_place_may_pay : whether subsidies and aid are void
    race : None where subsidies are not chosen by the localities
    options : None where enterprises may only stay and move whole
    rules, catalogue : rows of these tables to add
    without_rules : rules of the study that are void, with the listings that rest on them
    file, lines : where it was read, empty where nowhere, and on which lines the rows of each table
        begin
    """

    name: str
    title_zh: str
    title_en: str
    note_zh: str
    note_en: str
    parameters: Mapping[str, float]
    policies: tuple[Mapping[str, object], ...]
    without: tuple[str, ...]
    no_place_may_pay: bool
    race: Competition | None
    options: Options | None
    rules: tuple[Mapping[str, object], ...] = ()
    catalogue: tuple[Mapping[str, object], ...] = ()
    without_rules: tuple[str, ...] = ()
    file: str = field(default="", repr=False, compare=False)
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def source(self) -> str:
        """Where a problem of it is to be looked for."""
        return self.file or self.name


def example_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with the package."""
    folder = files("yanzhen.market.counterfactuals").joinpath("scenarios")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir()))


def read_scenario(path_or_name: str | Path) -> Scenario:
    """Read a scenario's file, or one that comes with the package.

    Raises
    ------
    StudyError
        With everything that is wrong with the file.
    """
    scenario, problems = scan_scenario(path_or_name)
    if problems or scenario is None:
        raise StudyError(problems)
    return scenario


def scan_scenario(path_or_name: str | Path) -> tuple[Scenario | None, list[Problem]]:
    """Read a scenario as far as it can be read, with everything that is wrong with its file.

    Returns
    -------
    The scenario, None where its file has another form; and the problems.
    """
    text = str(path_or_name)
    if text in example_scenarios():
        source = files("yanzhen.market.counterfactuals").joinpath("scenarios", f"{text}.toml")
        scenario, problems = _scenario(text, text, source.read_text(encoding="utf-8"))
        return scenario, list(problems)
    path = Path(path_or_name)
    try:
        content = text_of(path)
    except OSError:
        known = ", ".join(example_scenarios())
        found = ("no readable file", "没有可读取的文件")
        expected = (f"a scenario file, or one of {known}", f"情景文件，或 {known}")
        return None, [Problem.at(text, "", None, "", found, expected)]
    except StudyError as error:
        return None, list(error.problems)
    scenario, problems = _scenario(text, path.stem, content)
    return scenario, list(problems)


def scenario_of(name: str, content: Mapping[str, Any]) -> Scenario:
    """Return the scenario that is written as nested mappings, as its file would be.

    Parameters
    ----------
    name : that it is known by, and named by in messages

    Raises
    ------
    StudyError
        With everything that is wrong with it.

    Examples
    --------
    >>> scenario_of("cheap-moves", {"parameters": {"moving_cost": 0.05}}).parameters
    {'moving_cost': 0.05}
    """
    scenario, problems = _of_content(name, name, content, lines_of(""))
    if problems or scenario is None:
        raise StudyError(problems)
    return scenario


# What a text says is the same each time that a page lists the scenarios.
@lru_cache(maxsize=64)
def _scenario(file: str, name: str, text: str) -> tuple[Scenario | None, tuple[Problem, ...]]:
    try:
        content = toml_of(text, file, "", 'title_zh = "情景"')
    except StudyError as error:
        return None, tuple(error.problems)
    scenario, problems = _of_content(file, name, content, lines_of(text))
    return scenario, tuple(problems)


def _of_content(
    file: str, name: str, content: Mapping[str, Any], lines: Mapping[str, tuple[int, ...]]
) -> tuple[Scenario | None, list[Problem]]:
    problems = _of_another_form(file, content)
    if problems:
        return None, problems
    problems = _beyond_form(file, content, lines)
    race = content.get("race")
    options = content.get("options")
    return Scenario(
        name=name,
        title_zh=content.get("title_zh", name),
        title_en=content.get("title_en", name),
        note_zh=content.get("note_zh", ""),
        note_en=content.get("note_en", ""),
        parameters={key: float(value) for key, value in content.get("parameters", {}).items()},
        policies=tuple(content.get("policies", [])),
        without=tuple(content.get("without", [])),
        no_place_may_pay=content.get("no_place_may_pay", False),
        race=None if race is None else Competition(race["regime"], race.get("macro_region")),
        options=_options(options),
        rules=tuple(content.get("rules", [])),
        catalogue=tuple(content.get("catalogue", [])),
        without_rules=tuple(content.get("without_rules", [])),
        file=file,
        lines=lines,
    ), problems


def _of_another_form(file: str, content: Mapping[str, Any]) -> list[Problem]:
    """Report what keeps a file from being read as a scenario at all."""
    found = [no_such(file, "", key, KEYS) for key in content if key not in KEYS]
    kinds: dict[str, type] = {
        "no_place_may_pay": bool,
        "without": list,
        "without_rules": list,
        "parameters": dict,
        **dict.fromkeys(ROWS, list),
        "race": dict,
        "options": dict,
        **dict.fromkeys(KEYS[:4], str),
    }
    for key, kind in kinds.items():
        if key in content and not isinstance(content[key], kind):
            found.append(_other_kind(file, key, kind))
    if found:
        return found
    for table in ROWS:
        if not all(isinstance(row, dict) for row in content.get(table, [])):
            found.append(_other_kind(file, table, dict))
    for key in ("without", "without_rules"):
        if not all(isinstance(code, str) for code in content.get(key, [])):
            found.append(_other_kind(file, key, str))
    found += [
        _other_kind(file, f"parameters.{key}", float)
        for key, value in content.get("parameters", {}).items()
        if not _is_number(value)
    ]
    found += _option_problems(file, content.get("options", {}))
    race = content.get("race")
    if race is not None:
        found += [
            no_such(file, "race", key, ("regime", "macro_region"))
            for key in race
            if key not in ("regime", "macro_region")
        ]
        if race.get("regime") not in REGIMES:
            found.append(no_such(file, "race", str(race.get("regime")), REGIMES))
    return found


def _beyond_form(
    file: str, content: Mapping[str, Any], lines: Mapping[str, tuple[int, ...]]
) -> list[Problem]:
    """Report rows, parameters and options that no study could use."""
    meaning = meanings_of_parameters()
    options = dict(content.get("options", {}))
    figures = {**options.pop("branch", {}), **options}
    return [
        *(
            problem
            for table in ROWS
            for problem in row_problems(file, table, content.get(table, []), lines[table])
        ),
        *parameter_problems(content.get("parameters", {}), meaning, file),
        *parameter_problems(figures, {key: meaning[AS_PARAMETER[key]] for key in figures}, file),
    ]


def _options(content: Mapping[str, Any] | None) -> Options | None:
    if content is None:
        return None
    branch = content.get("branch")
    return Options(
        branch=None if branch is None else Branch(float(branch["share"]), float(branch["cost"])),
        abroad=_number(content.get("abroad")),
        exit=_number(content.get("exit")),
        inbound=_number(content.get("inbound")),
    )


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _option_problems(file: str, options: Mapping[str, Any]) -> list[Problem]:
    found = [no_such(file, "options", key, OPTIONS) for key in options if key not in OPTIONS]
    found += [
        _other_kind(file, f"options.{key}", float)
        for key in ("abroad", "exit", "inbound")
        if key in options and not _is_number(options[key])
    ]
    branch = options.get("branch")
    if branch is None:
        return found
    known = isinstance(branch, dict) and set(branch) == {"share", "cost"}
    if not (known and all(_is_number(value) for value in branch.values())):
        expected = ("a share between zero and one and a cost", "介于零和一之间的 share 与 cost")
        said = (f"'{branch}'", f"“{branch}”")
        found.append(Problem.at(file, "options", None, "branch", said, expected))
    return found


def _other_kind(file: str, key: str, kind: type) -> Problem:
    said: dict[type, Words] = {
        bool: ("true or false", "true 或 false"),
        str: ("text", "文字"),
        float: ("a number", "数值"),
        list: ("a list", "列表"),
        dict: ("a table", "表"),
    }
    return Problem.at(file, "", None, key, ("another kind of value", "其他类型的值"), said[kind])
