"""The agreements of a study as contracts: its table `agreements`, checked with their terms."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from yanzhen.modes.coconstruction.contract.consistency import (
    ContractError,
    check_contracts,
    require,
)
from yanzhen.modes.coconstruction.contract.terms import Contract, Terms
from yanzhen.modes.coconstruction.contract.terms_toml import read_terms
from yanzhen.modes.coconstruction.settlement.presets import PRESETS, Given, preset
from yanzhen.study import Problem, Study
from yanzhen.study.problem import nearest

TABLE = "agreements"
FILE = "agreements.csv"


@dataclass(frozen=True)
class Agreement:
    """A contract of two places of a study and what it covers.

    Attributes
    ----------
    contract : from a region of origin to a site; named by the agreement's code
    industries : which it covers; empty for all
    scheme : key of the scheme its terms are, or name of the file
    profit_margin : profit on output of what moves, for the dividends of a joint company; None where
        it is not known
    """

    contract: Contract
    industries: tuple[str, ...]
    scheme: str
    profit_margin: float | None = None


def agreements(study: Study) -> tuple[Agreement, ...]:
    """Turn the table `agreements` into contracts.

    Column `terms` names a scheme of `PRESETS`, or a TOML file in the study's folder (for a
    workbook or a database, in the folder it lies in). A file given by name must lie there: a study
    cannot reach outside of its own folder.

    Raises
    ------
    ContractError
        With every problem of every agreement: the row, or the file and the term.
    """
    found: list[Agreement] = []
    problems: list[Problem] = []
    rows = study.numbered(TABLE).rows(named=True)
    for row in rows:
        number = row["row"]
        try:
            terms = _terms(study, row, number)
        except ContractError as error:
            problems += error.problems
            continue
        if row["agreement"] in PRESETS:
            problems.append(_named_as_scheme(row["agreement"], number))
        industry = row["industry"]
        contract = Contract(
            row["agreement"], row["home"], row["host"], row["from_year"], terms, row["notice_year"]
        )
        found.append(Agreement(contract, (industry,) if industry else (), row["terms"]))
    lines = {row["agreement"]: row["row"] for row in rows}
    wrong = check_contracts([agreement.contract for agreement in found])
    problems += [_in_its_row(problem, lines[problem.file]) for problem in wrong]
    problems += [_same(row, row["row"]) for row in rows if row["home"] == row["host"]]
    require(problems)
    return tuple(found)


def check_agreements(study: Study) -> tuple[Problem, ...]:
    """What is wrong with the agreements of a study; none means that they can be settled."""
    try:
        agreements(study)
    except ContractError as error:
        return error.problems
    return ()


def terms_files(study: Study) -> tuple[Path, ...]:
    """Return the files of terms beside a study that its agreements name and that are there."""
    named = sorted(set(study.tables[TABLE]["terms"].drop_nulls()) - set(PRESETS))
    return tuple(path for path in (_file_beside(study, name) for name in named) if path)


def _file_beside(study: Study, named: str) -> Path | None:
    folder = Path(study.path)
    folder = folder if folder.is_dir() else folder.parent
    path = folder / named
    there = path.suffix == ".toml" and path.parent == folder and path.is_file()
    return path if there else None


def _terms(study: Study, row: dict[str, Any], number: int | None) -> Terms:
    named = row["terms"]
    if named in PRESETS:
        return _completed(row, number)
    path = _file_beside(study, named)
    if path is not None:
        return read_terms(path)
    folder = Path(study.path)
    folder = folder if folder.is_dir() else folder.parent
    near = nearest(named, (*PRESETS, *sorted(each.name for each in folder.glob("*.toml"))))
    listed = ", ".join(PRESETS)
    require(
        [
            Problem.at(
                FILE,
                TABLE,
                number,
                "terms",
                (f"'{named}'", f"“{named}”"),
                (f"'{near}'", f"“{near}”")
                if near
                else (
                    f"a TOML file beside the study, or one of: {listed}",
                    f"研究旁的 TOML 文件，或下列之一：{listed}",
                ),
            )
        ]
    )
    raise AssertionError


def _completed(row: dict[str, Any], number: int | None) -> Terms:
    """A scheme with what it leaves open, of the agreement's row."""
    scheme = preset(row["terms"])
    kinds, share = row["tax_kinds"], row["top_up_share"]
    given = Given(
        tax_kinds=tuple(kind.strip() for kind in kinds.split(";")) if kinds else None,
        top_up_share=None if share is None else Fraction(str(share)),
    )
    try:
        return scheme.complete(given)
    except ContractError as error:
        raise ContractError(
            Problem.at(
                FILE,
                TABLE,
                number,
                problem.column,
                (problem.found, problem.found_zh),
                (problem.expected, problem.expected_zh)
                if problem.column in row
                else (
                    "a TOML file of your own: a scheme of equity needs its shares",
                    "自拟条款 TOML：股权合资须写明股比",
                ),
            )
            for problem in error.problems
        ) from None


def _in_its_row(problem: Problem, number: int | None) -> Problem:
    """What is wrong with a contract, which is named by its code, where the table says it."""
    column = {"exit": "notice_year", "tax_kinds": "tax_kinds"}.get(problem.column, "terms")
    term = "" if column == problem.column else f"{problem.column}: "
    found = (term + problem.found, term + problem.found_zh)
    return Problem.at(FILE, TABLE, number, column, found, (problem.expected, problem.expected_zh))


def _named_as_scheme(code: str, number: int | None) -> Problem:
    """Codes of agreements stand beside the keys of schemes wherever terms are named."""
    return Problem.at(
        FILE,
        TABLE,
        number,
        "agreement",
        (f"'{code}', the key of a scheme", f"“{code}”，是已有办法的名称"),
        (f"a code of its own, such as '{code}_own'", f"自己的代码，如“{code}_own”"),
    )


def _same(row: dict[str, Any], number: int | None) -> Problem:
    region = row["home"]
    return Problem.at(
        FILE,
        TABLE,
        number,
        "home,host",
        (f"{region} as both home and host", f"{region} 既为迁出地又为承接地"),
        ("two different regions", "两个不同的地区"),
    )
