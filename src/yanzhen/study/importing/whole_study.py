"""The study that files go into: what is there already, and what is wrong with what it would be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from yanzhen.study.about import About, usual_settings
from yanzhen.study.checking import checked, checked_frames
from yanzhen.study.gazetteer.short_names import short_names
from yanzhen.study.importing.extraction import Value
from yanzhen.study.importing.known_names import known_industries, known_places
from yanzhen.study.importing.naming import OWN, Entry, Register
from yanzhen.study.importing.placing import Origins, placed, slipped_years
from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.replacing import finish_replacing
from yanzhen.study.sources import SETTINGS_FILE
from yanzhen.study.tables import REQUIRED_TABLES, all_tables


@dataclass(frozen=True)
class Existing:
    """A study before the files.

    Attributes
    ----------
    folder : of it
    about : its settings, usual ones where it is new
    tables : every declared table, without rows where there are none
    is_new : whether there are no settings yet
    place_names, industry_names : registers of names, the study's own first
    problems : what was wrong with it before
    """

    folder: Path
    about: About
    tables: Mapping[str, pl.DataFrame]
    is_new: bool
    place_names: tuple[Register, Register]
    industry_names: tuple[Register, Register]
    problems: frozenset[str] = frozenset()


def existing_study(folder: Path) -> Existing:
    """Read a study as far as it is there.

    Raises
    ------
    StudyError
        Its settings cannot be read, or the path is no folder.
    """
    if folder.exists() and not folder.is_dir():
        raise StudyError([Problem.of("import.into_a_file", str(folder), "", None, "")])
    finish_replacing(folder)
    if not (folder / SETTINGS_FILE).exists():
        known = (known_places(), known_industries())
        nothing = Register.of(())
        tables = all_tables({})
        return Existing(
            folder,
            usual_settings(folder.name),
            tables,
            True,
            (nothing, known[0]),
            (nothing, known[1]),
        )
    found_study = checked(folder)
    if found_study.about is None:
        raise StudyError(found_study.problems)
    tables = dict(found_study.frames)
    about = found_study.about
    by_code = known_industries() if "4754" in about.industry_classification else Register.of(())
    return Existing(
        folder,
        about,
        tables,
        False,
        (_places(tables["regions"]), known_places()),
        (_industries(tables["industries"]), by_code),
        frozenset(map(str, found_study.problems)),
    )


def in_currency(existing: Existing, values: Iterable[Value]) -> Existing:
    """A new study in the one currency that its files name, in millions of it."""
    named = {unit.currency for value in values for unit in value.units if unit.currency}
    if not existing.is_new or len(named) != 1 or named == {existing.about.currency}:
        return existing
    (currency,) = named
    units = replace(existing.about.units, money=f"million {currency}")
    return replace(existing, about=replace(existing.about, currency=currency, units=units))


def _places(regions: pl.DataFrame) -> Register:
    """The regions of a study, at the level that is known of their codes."""
    levels = {entry.code: entry.level for entry in known_places().entries}
    return Register.of(
        Entry(
            code,
            zh or en or code,
            levels.get(code, OWN),
            (*short_names(zh or "")[1:], en or ""),
            parent or "",
        )
        for code, zh, en, parent in regions.select("region", "name_zh", "name_en", "parent")
        .drop_nulls("region")
        .iter_rows()
    )


def _industries(industries: pl.DataFrame) -> Register:
    """The industries of a study, under the division that one stands for as well."""
    return Register.of(
        Entry(code, zh or en or code, "", (en or "", division or ""))
        for code, zh, en, division in industries.select(
            "industry", "name_zh", "name_en", "division"
        )
        .drop_nulls("industry")
        .iter_rows()
    )


def problems_of(
    existing: Existing,
    about: About,
    tables: Mapping[str, pl.DataFrame],
    origins: Origins,
) -> tuple[list[Problem], list[Problem]]:
    """What is wrong with the study as it would be that was not before, and what is worth a look.

    A figure of a file is named by the file, sheet, row and column that it comes from. While one of
    the tables that must be there is still to come, nothing refuses what is there.
    """
    found = checked_frames(about, tables, str(existing.folder))
    is_whole = all(tables[name].height for name in REQUIRED_TABLES)
    new = [each for each in found.problems if str(each) not in existing.problems]
    if not is_whole:
        return [], []
    slipped = slipped_years(about, tables)
    problems, warnings = (
        [placed(problem, tables, origins, slipped) for problem in told]
        for told in (new, found.warnings)
    )
    return problems, warnings
