"""What the tables of a study ask of one another: codes that exist, a hierarchy, a base year."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from yanzhen.study.about import About
from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW, faults, same
from yanzhen.study.figure_words import is_mark_of_missing
from yanzhen.study.problem import Problem, Words, nearest, with_nearest
from yanzhen.study.raw import RawStudy
from yanzhen.study.settings import TABLE
from yanzhen.study.standard import meanings_of_parameters, parameter_fault
from yanzhen.study.tables import REQUIRED_TABLES, TABLES, meanings
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
            found = (f"no table {name}", f"没有表 {name}")
            expected = (
                f"the table {name} with at least the columns {keys}",
                f"表 {name}，至少有列 {keys}",
            )
            problems.append(Problem.at(raw.source, name, None, "", found, expected))
        elif not tables[name].frame.height:
            found = ("a header and no rows", "只有表头，没有数据行")
            workbook = _workbook_in(raw.source)
            hint = f" (a workbook is checked by its own path: {workbook})" if workbook else ""
            hint_zh = f"（若已填写工作簿，请检查 {workbook}）" if workbook else ""
            expected = (f"at least one row below the header{hint}", f"表头之下至少一行{hint_zh}")
            problems.append(Problem.at(tables[name].file, name, 2, "", found, expected))
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
    """Report regions that are, through their parents, a part of themselves."""
    if "regions" not in tables:
        return []
    regions = tables["regions"]
    parent = dict(regions.frame.drop_nulls("region").select("region", "parent").iter_rows())
    around: dict[str, list[str]] = {}
    for region in parent:
        chain = [region]
        above = parent.get(region)
        while above is not None and above not in chain:
            chain.append(above)
            above = parent.get(above)
        if above == region:
            around[region] = [*chain, region]
    broken = regions.numbered().filter(pl.col("region").is_in(list(around)))

    def words(cells: Mapping[str, Any]) -> tuple[Words, Words]:
        return same(" → ".join(around[cells["region"]])), (
            "a hierarchy that ends at a region without parent",
            "止于无上级区域的层级",
        )

    return faults(regions.file, "regions", "parent", broken, words)


def check_statuses(about: About | None, tables: Tables) -> list[Problem]:
    """Report cells of a SYNTHETIC study that claim to have been observed."""
    if about is None or not about.synthetic:
        return []
    problems = []
    claim = (
        ("observed, in a study whose figures are made up", "observed（观测），而本研究数据为合成"),
        ("synthetic, or an empty cell", "synthetic，或留空"),
    )
    for table in tables.values():
        for column in meanings(table.table):
            if column == "status" or column.endswith("_status"):
                broken = table.numbered().filter(pl.col(column) == "observed")
                problems += faults(table.file, table.table, column, broken, lambda cells: claim)
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
        *_flagged(raw.about, tables),
        *_sources(raw.about),
        *_base_year(raw.about, tables),
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
        broken = industries.numbered().filter(pl.col("industry").str.contains(r"^[A-T]?\d$"))
        problems += faults(
            industries.file,
            "industries",
            "industry",
            broken,
            lambda cells: (
                (
                    f"{cells['industry']}, which lost its leading zero",
                    f"{cells['industry']}，丢失前导零",
                ),
                same(f"{cells['industry'][:-1]}0{cells['industry'][-1]}"),
            ),
        )
    return problems


def _workbook_in(source: str) -> str | None:
    """Return a workbook in the folder of a study, which its reader may have filled in instead."""
    return next((str(path) for path in sorted(Path(source).glob("*.xlsx"))), None)


def _flagged(about: About, tables: Tables) -> Iterator[tuple[str, Words, Words]]:
    if "regions" in tables:
        known = _known(("regions",), tables)
        suggestions = _Suggestions(known, {}, ("regions",), ())
        for code in about.flagged_regions:
            if code not in known:
                yield "flagged_regions", *suggestions.words(code)


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
        listed = ", ".join(map(str, years))
        expected = f"a year of the table activity: {listed}", f"表 activity 中的年份：{listed}"
        yield "base_year", same(str(about.base_year)), expected
        return
    if "regions" not in tables or "industries" not in tables:
        return
    last = last_movable(*(tables[name].frame for name in ("regions", "industries", "activity")))
    if last is not None and last != about.base_year:
        yield (
            "base_year",
            same(str(about.base_year)),
            (
                f"{last}, the last year with output of manufacturing in a region, from which a "
                "plan starts; leave later rows out to start earlier",
                f"{last}，即区域制造业产出的最后一年，规划由此开始；如需更早，请去掉之后的数据",
            ),
        )


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
            listed = f"{listed[0]}, which has no rows", f"{listed[1]}（该表没有数据行）"
        self.any = f"a code of the table {listed[0]}", f"表 {listed[1]} 中的代码"
        self.said: dict[str, tuple[Words, Words]] = {}
        self.other = f"another code of the table {listed[0]}", f"其他{self.any[1]}"

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
            return (f"{code}, which lost its leading zeros", f"{code}，丢失前导零"), same(zeros)
        unpadded = code.lstrip("0")
        if code.startswith("0") and unpadded in self.known:
            return (
                f"{code}, where its own table has {unpadded}",
                f"{code}，其代码表中为 {unpadded}",
            ), (
                f"the same code in both tables, {code} where leading zeros were lost",
                f"两表代码一致；若丢失前导零则为 {code}",
            )
        if code in self.names:
            return (f"the name {code}", f"名称 {code}"), (
                f"its code {self.names[code]}",
                f"其代码 {self.names[code]}",
            )
        found = f"the unknown code {code}", f"未知代码 {code}"
        whole = self.cut.get(code.rstrip("0"))
        if whole:
            return found, (f"{whole} or {self.other[0]}", f"{whole}，或{self.other[1]}")
        close = nearest(code, self.known)
        if is_mark_of_missing(code):
            return found, (f"{self.any[0]}, or an empty cell", f"{self.any[1]}，或留空")
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
    if close:
        return same(close)
    listed = ", ".join(known)
    return f"one of {listed}", f"下列之一：{listed}"


def _six_digits(code: str) -> Words:
    if code.isdigit() and len(code) < 6:
        return (
            f"six digits of GB/T 2260, such as {code.ljust(6, '0')}",
            f"GB/T 2260 的六位数字，如 {code.ljust(6, '0')}",
        )
    return "six digits of GB/T 2260", "GB/T 2260 的六位数字"
