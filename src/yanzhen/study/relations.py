"""What the tables of a study ask of one another: codes that exist, a hierarchy, a base year."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.coverage import IN_FULL
from yanzhen.study.faults import ROW, faults, faults_of
from yanzhen.study.figure_words import is_mark_of_missing
from yanzhen.study.problem import Problem, Words, nearest, with_nearest
from yanzhen.study.raw import RawStudy
from yanzhen.study.settings import TABLE
from yanzhen.study.standard import meanings_of_parameters, parameter_fault
from yanzhen.study.tables import REQUIRED_TABLES, TABLES, meanings
from yanzhen.study.words import message, same, words
from yanzhen.study.years import last_movable

Tables = Mapping[str, TypedTable]


def check_required(raw: RawStudy, tables: Tables) -> list[Problem]:
    """Report required tables that are not there or hold no row."""
    problems = []
    for name in REQUIRED_TABLES:
        if name in raw.unreadable:
            continue
        if name not in tables:
            keys = ", ".join(column for column, said in meanings(name).items() if said.required)
            problem = Problem.of("no_table", raw.source, name, None, "", name=name, keys=keys)
            problems.append(problem)
        elif not tables[name].frame.height:
            workbook = _workbook_in(raw.source)
            hint = words("workbook_beside", workbook=workbook) if workbook else ""
            problems.append(Problem.of("no_rows", tables[name].file, name, 2, "", hint=hint))
    return problems


def check_codes(raw: RawStudy, tables: Tables) -> list[Problem]:
    """Report every code that the table it refers to does not have."""
    unsaid = frozenset(name for name in TABLES if _cannot_say(name, raw, tables))
    return [
        problem for table in tables.values() for problem in unknown_codes(table, tables, unsaid)
    ]


def unknown_codes(
    table: TypedTable, tables: Tables, unsaid: frozenset[str] = frozenset()
) -> list[Problem]:
    """Report the codes of one table that the tables they refer to do not have.

    Parameters
    ----------
    unsaid : tables whose codes are unknown for a reason reported elsewhere
    """
    problems = []
    for column, said in meanings(table.table).items():
        if not said.refers or unsaid.intersection(said.refers):
            continue
        known = _known(said.refers, tables)
        allowed = pl.Series([*known, *said.also], dtype=pl.String)
        cells = table.numbered()
        if said.kind == "codes":
            cells = cells.with_columns(pl.col(column).str.split(";")).explode(column)
        broken = cells.filter(~pl.col(column).is_in(allowed.implode()))
        if broken.height:
            names = _names(said.refers, tables)
            suggestions = _Suggestions(known, names, said.refers, said.also)
            problems += suggestions.unknown(table, column, broken)
    return problems


def check_hierarchy(tables: Tables) -> list[Problem]:
    """Report regions and industries that are, through their parents, a part of themselves."""
    problems = []
    for name, key, circle in (
        ("regions", "region", "circle"),
        ("industries", "industry", "circle_of_industries"),
    ):
        if name not in tables:
            continue
        table = tables[name]
        circles = _circles(dict(table.frame.drop_nulls(key).select(key, "parent").iter_rows()))
        broken = table.numbered().filter(pl.col(key).is_in(list(circles)))
        broken = broken.with_columns(circle=pl.col(key).replace(circles))
        problems += faults_of(circle, table.file, name, "parent", broken)
    return problems


def check_wholes(tables: Tables) -> list[Problem]:
    """Report figures of industries that stand for their parts: they would count nowhere."""
    if any(name not in tables for name in REQUIRED_TABLES):
        return []
    parents = tables["industries"].frame["parent"].drop_nulls().implode()
    activity = tables["activity"]
    broken = activity.numbered().filter(pl.col("industry").is_in(parents))
    return faults_of("figures_of_a_whole", activity.file, "activity", "industry", broken)


def _circles(parent: Mapping[str, str | None]) -> dict[str, str]:
    """Codes that are above themselves, each with the way around."""
    around = {}
    for code in parent:
        chain = [code]
        above = parent.get(code)
        while above is not None and above not in chain:
            chain.append(above)
            above = parent.get(above)
        if above == code:
            around[code] = " → ".join([*chain, code])
    return around


def check_statuses(about: About | None, tables: Tables) -> list[Problem]:
    """Report cells of a SYNTHETIC study that claim to have been observed."""
    if about is None or not about.synthetic:
        return []
    problems = []
    for table in tables.values():
        for column in meanings(table.table):
            if column == "status" or column.endswith("_status"):
                broken = table.numbered().filter(pl.col(column) == "observed")
                problems += faults_of("claims_observed", table.file, table.table, column, broken)
    return problems


def check_parameters(tables: Tables) -> list[Problem]:
    """Report parameters that nothing uses, and values and intervals beyond any meaning."""
    if "parameters" not in tables:
        return []
    table = tables["parameters"]
    meaning = meanings_of_parameters()
    problems = []
    for cells in table.numbered().drop_nulls("parameter").iter_rows(named=True):
        name = cells["parameter"]
        columns = ("value", "low", "high") if name in meaning else ("value",)
        for column in columns:
            if cells[column] is None:
                continue
            fault = parameter_fault(name, cells[column], meaning)
            if fault is not None:
                where = column if name in meaning else "parameter"
                problems.append(Problem.at(table.file, "parameters", cells[ROW], where, *fault))
    return problems


def check_settings(raw: RawStudy, tables: Tables) -> list[Problem]:
    """Report settings that name regions, tables, columns or a year that are not there."""
    if raw.about is None:
        return []
    found = [
        *_named_regions(raw.about, tables),
        *_sources(raw.about),
        *_base_year(raw.about, tables),
        *_past_from(raw.about),
    ]
    return [
        Problem.at(raw.settings_file, TABLE, raw.line_of(key), key, wrong, expected)
        for key, wrong, expected in found
    ]


def check_classifications(about: About | None, tables: Tables) -> list[Problem]:
    """Report codes that cannot belong to the Chinese classification that the study declares."""
    if about is None:
        return []
    problems = []
    if about.region_classification.startswith("GB/T 2260") and "regions" in tables:
        regions = tables["regions"]
        broken = regions.numbered().filter(~pl.col("region").str.contains(r"^\d{6}$"))
        problems += faults(
            regions.file,
            "regions",
            "region",
            broken,
            lambda cells: (same(cells["region"]), _six_digits(cells["region"])),
        )
    if about.industry_classification.startswith("GB/T 4754") and "industries" in tables:
        industries = tables["industries"]
        code = pl.col("industry")
        broken = industries.numbered().filter(code.str.contains(r"^[A-T]?\d$"))
        broken = broken.with_columns(whole=code.str.replace(r"\d$", "0${0}"))
        problems += faults_of("leading_zero", industries.file, "industries", "industry", broken)
    return problems


def _workbook_in(source: str) -> str | None:
    """Return a workbook in the folder of a study, which its reader may have filled in instead."""
    return next((str(path) for path in sorted(Path(source).glob("*.xlsx"))), None)


def _named_regions(about: About, tables: Tables) -> Iterator[tuple[str, Words, Words]]:
    if "regions" in tables:
        known = _known(("regions",), tables)
        suggestions = _Suggestions(known, {}, ("regions",), ())
        for key, codes in (
            ("flagged_regions", about.flagged_regions),
            (f"coverage.{IN_FULL}", about.coverage.in_full),
        ):
            for code in codes:
                if code not in known:
                    yield key, *suggestions.words(code)


def _sources(about: About) -> Iterator[tuple[str, Words, Words]]:
    for number, source in enumerate(about.sources, start=1):
        if not source.table:
            continue
        if source.table not in TABLES:
            yield f"sources.{number}.table", same(source.table), _one_of(source.table, TABLES)
            continue
        declared = meanings(source.table)
        for column in source.columns:
            if column not in declared:
                yield f"sources.{number}.columns", same(column), _one_of(column, declared)


def _base_year(about: About, tables: Tables) -> Iterator[tuple[str, Words, Words]]:
    """That a plan starts from the last year with output that may move."""
    if "activity" not in tables:
        return
    activity = tables["activity"].frame
    years = activity["year"].drop_nulls().unique().sort().to_list()
    if years and about.base_year not in years:
        expected = words("a_year_of_activity", listed=", ".join(map(str, years)))
        yield "base_year", same(str(about.base_year)), expected
        return
    if "regions" not in tables or "industries" not in tables:
        return
    frames = {name: tables[name].frame for name in REQUIRED_TABLES}
    last = last_movable(about.measured_by, frames)
    if last is not None and last != about.base_year:
        yield "base_year", same(str(about.base_year)), words("last_year_of_output", last=last)


def _past_from(about: About) -> Iterator[tuple[str, Words, Words]]:
    """That what a plan looks back to is not after the year that it starts from."""
    if about.past_from is not None and about.past_from > about.base_year:
        expected = words("no_later_than", year=about.base_year)
        yield "past_from", same(str(about.past_from)), expected


class _Suggestions:
    """What a code that is not known was most likely meant to be."""

    def __init__(
        self,
        known: list[str],
        names: Mapping[str, str],
        refers: tuple[str, ...],
        also: tuple[str, ...],
    ) -> None:
        self.known = [*known, *also]
        self.names = names
        self.called = {code: f"{code} {name}" for name, code in names.items()}
        self.stripped = {code.lstrip("0"): code for code in known if code.startswith("0")}
        self.cut = {code.rstrip("0"): code for code in known if code.endswith("00")}
        listed = " or ".join(refers), "、".join(refers)
        if not known:
            listed = words("table_without_rows", table=listed)
        self.any = words("a_code_of", table=listed)
        self.other = words("another_code_of", table=listed)
        self.said: dict[str, tuple[Words, Words]] = {}

    def unknown(self, table: TypedTable, column: str, broken: pl.DataFrame) -> list[Problem]:
        """Report the rows whose code is not known."""
        return faults(
            table.file, table.table, column, broken, lambda cells: self.words(cells[column])
        )

    def words(self, code: str) -> tuple[Words, Words]:
        if code not in self.said:
            self.said[code] = self._meant(code)
        return self.said[code]

    def _meant(self, code: str) -> tuple[Words, Words]:
        zeros = self.stripped.get(code)
        if zeros:
            return message("leading_zeros_lost", code=code, meant=zeros)
        unpadded = code.lstrip("0")
        if code.startswith("0") and unpadded in self.known:
            return message("zeros_in_one_table", code=code, unpadded=unpadded)
        if code in self.names:
            return message("name_for_code", code=code, meant=self.names[code])
        found = words("unknown_code", code=code)
        whole = self.cut.get(code.rstrip("0"))
        if whole:
            return found, words("or_another", whole=whole, other=self.other)
        close = nearest(code, self.known)
        if is_mark_of_missing(code):
            return found, words("or_empty", any=self.any)
        return found, with_nearest(self.any, self.called.get(close or "", close))


def _cannot_say(name: str, raw: RawStudy, tables: Tables) -> bool:
    """Whether the codes of a table are unknown for a reason reported elsewhere."""
    if name in raw.unreadable or (name in REQUIRED_TABLES and name not in tables):
        return True
    return name in tables and TABLES[name].primary_key()[0] in tables[name].absent


def _known(names: tuple[str, ...], tables: Tables) -> list[str]:
    """Codes of the tables together; the key of a table of codes is its first column."""
    return [
        code
        for name in names
        if name in tables
        for code in tables[name].frame[TABLES[name].primary_key()[0]].drop_nulls()
    ]


def _names(names: tuple[str, ...], tables: Tables) -> dict[str, str]:
    """Codes by the names of their places or industries, which people write instead."""
    found: dict[str, str] = {}
    for table in names:
        if table not in tables:
            continue
        frame = tables[table].frame
        for column in ("name_zh", "name_en"):
            if column in frame.columns:
                key = TABLES[table].primary_key()[0]
                found |= dict(frame.select(column, key).drop_nulls().iter_rows())
    return found


def _one_of(word: str, known: Mapping[str, object]) -> Words:
    close = nearest(word, known)
    return same(close) if close else words("one_of", listed=", ".join(known))


def _six_digits(code: str) -> Words:
    if code.isdigit() and len(code) < 6:
        return words("six_digits_such_as", padded=code.ljust(6, "0"))
    return words("six_digits")
