"""Multi-regional input-output systems that pymrio saves or parses, as figures and flows.

What each sector makes and adds becomes a sheet like any other, so that places, industries and units
are understood by the same rules; the flows between sectors follow under the codes found for these.
"""

import importlib
import inspect
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from yanzhen.study.importing.grids import Grid
from yanzhen.study.importing.headings import heading_of
from yanzhen.study.importing.mapping import PARSERS, Mapped
from yanzhen.study.importing.naming import LEFT_OUT
from yanzhen.study.importing.study_tables import Rows, Target
from yanzhen.study.importing.units import into, unit_of
from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.tables import TABLES
from yanzhen.study.unreadable import Unreadable, reading_file

Floats = NDArray[np.float64]

SAVED = "file_parameters.json"
"""File that lies in every folder or archive that pymrio saves a system to."""
TABLE = "input_output"
_TABLES = (".txt", ".parquet", ".json")
_SURPLUS = "surplus"
_USES = (
    ("exports", re.compile(r"^exports?\b", re.IGNORECASE)),
    (
        "capital_formation",
        re.compile(r"capital|inventor|valuables|^gfcf|^inven|^invnt", re.IGNORECASE),
    ),
    (
        "consumption",
        re.compile(r"consumption|households|^cons_|^hfce|^npish|^ggfc|^dpabr", re.IGNORECASE),
    ),
)
"""Final uses of the study, by how pymrio's databases call their categories."""


class ParsedSystem(Protocol):
    """What of a pymrio IOSystem is read: flows Z, final demand Y, units; labelled frames."""

    Z: Any
    Y: Any
    unit: Any


@dataclass(frozen=True)
class System:
    """A system of one year, as its files label it.

    Attributes
    ----------
    file : name of the folder or file
    year : None where nothing says
    unit : of all flows
    cells : (n,) region and sector of each row
    flows : (n, n) Z, what the row sells to the column
    uses : (f,) region and final use of each column of the final demand
    final : (n, f) Y
    """

    file: str
    year: int | None
    unit: str
    cells: tuple[tuple[str, str], ...]
    flows: Floats
    uses: tuple[tuple[str, str], ...]
    final: Floats

    def grid(self) -> Grid:
        """Output and value added of each region and sector as a sheet."""
        output = self.flows.sum(axis=1) + self.final.sum(axis=1)
        added = output - self.flows.sum(axis=0)
        head = ("geo", "industry", "year", f"output ({self.unit})", f"value added ({self.unit})")
        year = "" if self.year is None else str(self.year)
        rows = (
            # A sector that uses more than it makes has no value added that a study could hold.
            (region, sector, year, repr(float(made)), repr(float(own)) if own >= 0 else "")
            for (region, sector), made, own in zip(self.cells, output, added, strict=True)
        )
        return Grid(self.file, "", (head, *rows))


def is_system(path: Path, mapped: Mapped) -> bool:
    """Whether a path is a system that pymrio saved, or is to be parsed by it."""
    if mapped.parser is not None:
        return True
    if path.is_dir():
        return (path / SAVED).is_file()
    if not zipfile.is_zipfile(path):
        return False
    try:
        with reading_file(), zipfile.ZipFile(path) as archive:
            return any(PurePosixPath(name).name == SAVED for name in archive.namelist())
    except Unreadable:
        return False


def parsed(path: Path, parser: str | None, year: int | None = None) -> ParsedSystem:
    """A system as pymrio loads it, or parses it from the files of its maker.

    Raises
    ------
    ValueError
        The parser is unknown.
    ImportError
        pymrio is not there: it comes with the extra `io`.
    NotTables
        Files of the system are not text or Parquet.
    """
    if parser is not None and parser not in PARSERS:
        raise ValueError(f"unknown parser {parser!r}; pymrio has {', '.join(PARSERS)}")
    try:
        pymrio = importlib.import_module("pymrio")
    except ImportError as absent:
        raise ImportError("this needs pymrio: pip install 'yanzhen[io]'") from absent
    if parser is None:
        _require_tables(path)
        return pymrio.load_all(path, subset=["Z", "Y", "unit"])  # type: ignore[no-any-return]
    parse = getattr(pymrio, f"parse_{parser}")
    with_year = year is not None and "year" in inspect.signature(parse).parameters
    return parse(path, year=year) if with_year else parse(path)  # type: ignore[no-any-return]


class NotTables(Exception):
    """A saved system with files that are not text or Parquet; says which."""


def _require_tables(path: Path) -> None:
    """Refuse a saved system before pymrio opens files that say what is to be run (pickles)."""
    if path.is_dir():
        texts = [each.read_bytes() for each in path.rglob(SAVED)]
    else:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            texts = [
                archive.read(each) for each in members if PurePosixPath(each.filename).name == SAVED
            ]
            odd = [each.filename for each in members if not _is_table(each.filename)]
            if odd:
                raise NotTables(odd[0])
    for text in texts:
        for said in json.loads(text)["files"].values():
            name = str(said["name"])
            if PurePosixPath(name).name != name or "\\" in name or not _is_table(name):
                raise NotTables(name)


def _is_table(name: str) -> bool:
    """Whether a file of a saved system is a table or says what tables there are."""
    return name.endswith("/") or PurePosixPath(name).suffix in _TABLES


def read_system(path: Path, mapped: Mapped) -> System:
    """Read a system, sectors and regions that the mapping gives one code added up.

    Raises
    ------
    StudyError
        pymrio is not there or cannot read it, its flows are not in one unit, or a final use has
        no counterpart in a study.
    """
    try:
        with reading_file():
            system = parsed(path, mapped.parser, mapped.year)
            cells = [(str(region), str(sector)) for region, sector in system.Z.index]
            uses = [(str(region), str(use)) for region, use in system.Y.columns]
            units = sorted({str(unit) for unit in system.unit["unit"]})
            z: Floats = system.Z.to_numpy(dtype=np.float64)
            y: Floats = system.Y.to_numpy(dtype=np.float64)
            if z.shape != (len(cells), len(cells)) or y.shape != (len(cells), len(uses)):
                raise ValueError("Z and Y are not of the same sectors")
    except ImportError:
        raise StudyError([Problem.of("import.no_pymrio", path.name, "", None, "")]) from None
    except (Unreadable, OSError) as error:
        reason = f"{type(error.__cause__ or error).__name__}: {error}"
        raise StudyError(
            [Problem.of("import.no_system", path.name, "", None, "", reason=reason)]
        ) from error
    final = {use: _use(use, mapped) for _, use in uses}
    unknown = [use for use, own in final.items() if own is None]
    problems = [Problem.of("import.no_use", path.name, "", None, "", use=use) for use in unknown]
    problems += [
        Problem.of("import.part_of_system", path.name, "", None, "", label=label)
        for label in _left_out([*cells, *uses], mapped)
    ]
    if len(units) != 1 and "output" not in mapped.units:
        listed = ", ".join(units[:6])
        problems.append(
            Problem.of("import.units_of_system", path.name, "", None, "", listed=listed)
        )
    if problems:
        raise StudyError(problems)
    own = [(mapped.regions.get(r) or r, mapped.industries.get(s) or s) for r, s in cells]
    used = [(mapped.regions.get(r) or r, str(final[use])) for r, use in uses]
    rows, by_row = _grouped(own)
    columns, by_column = _grouped(used)
    named = heading_of(path.name, is_title=True).year
    return System(
        path.name,
        mapped.year or named,
        mapped.units.get("output") or units[0],
        rows,
        np.asarray(by_row @ (by_row @ z).T).T,
        columns,
        np.asarray(by_column @ (by_row @ y).T).T,
    )


def flows_of(
    system: System,
    region_of: Mapping[str, str],
    industry_of: Mapping[str, str],
    target: Target,
) -> Rows:
    """The flows of a system as rows of `input_output`, in the study's money, zeros left out.

    What is bought from no sector is one item of value added, `surplus`, whatever it is made of.

    Parameters
    ----------
    region_of, industry_of : code of each label
    """
    unit = unit_of(system.unit)
    factor = None if unit is None else into(unit, "money", target.units, target.currency)
    if factor is None or system.year is None:
        return Rows(TABLE, pl.DataFrame(schema=_columns()), {}, ())
    if any(r not in region_of or s not in industry_of for r, s in system.cells):
        return Rows(TABLE, pl.DataFrame(schema=_columns()), {}, ())
    cells = [(region_of[r], industry_of[s]) for r, s in system.cells]
    uses = [(region_of[r], use) for r, use in system.uses]
    output = system.flows.sum(axis=1) + system.final.sum(axis=1)
    surplus = (output - system.flows.sum(axis=0))[None, :]
    frame = pl.concat(
        [
            _long(system.flows, cells, cells, "domestic"),
            _long(system.final, cells, uses, "domestic"),
            _long(surplus, [("", _SURPLUS)], cells, "value_added"),
        ]
    ).select(
        year=pl.lit(system.year, dtype=pl.Int64),
        supplier_region=pl.when(pl.col("origin") == "value_added")
        .then("user_region")
        .otherwise("supplier_region"),
        supplier="supplier",
        user_region="user_region",
        user="user",
        origin="origin",
        value=pl.col("value") * factor,
        status=pl.lit(None, dtype=pl.String),
    )
    return Rows(TABLE, frame.select(*_columns()), {}, (), (system.file,))


def _columns() -> dict[str, Any]:
    return {name: column.dtype for name, column in TABLES[TABLE].columns().items()}


def _left_out(labels: Iterable[tuple[str, str]], mapped: Mapped) -> list[str]:
    """Labels that the mapping leaves out, without which the flows are no system."""
    left = [
        label
        for region, other in labels
        for label, chosen in ((region, mapped.regions), (other, mapped.industries))
        if chosen.get(label) == LEFT_OUT
    ]
    return list(dict.fromkeys(left))


def _use(category: str, mapped: Mapped) -> str | None:
    told = mapped.term(category, TABLE)
    return told or next((use for use, words in _USES if words.search(category)), None)


def _grouped(
    labels: Sequence[tuple[str, str]],
) -> tuple[tuple[tuple[str, str], ...], csr_array]:
    """Distinct labels in order, and the matrix (distinct, all) that adds up those of one label."""
    distinct = tuple(dict.fromkeys(labels))
    place = {label: position for position, label in enumerate(distinct)}
    rows = [place[label] for label in labels]
    ones = np.ones(len(labels))
    shape = (len(distinct), len(labels))
    return distinct, csr_array((ones, (rows, range(len(labels)))), shape=shape)


def _long(
    values: Floats,
    suppliers: Sequence[tuple[str, str]],
    users: Sequence[tuple[str, str]],
    origin: str,
) -> pl.DataFrame:
    """Flows that are not zero, a row each."""
    i, j = np.nonzero(values)
    sold, bought = (
        pl.DataFrame(each, schema=["r", "s"], orient="row") for each in (suppliers, users)
    )
    return pl.DataFrame(
        {
            "supplier_region": sold["r"].gather(i),
            "supplier": sold["s"].gather(i),
            "user_region": bought["r"].gather(j),
            "user": bought["s"].gather(j),
            "origin": pl.repeat(origin, len(i), eager=True),
            "value": values[i, j],
        }
    )
