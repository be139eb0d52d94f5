"""Schemes in use, as data with their sources, and the same projects under each of them.

A preset says what its source says and no more: terms that the source leaves open are named in
`open` and must be given, terms that were assumed are named in `assumed`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl

from yanzhen.modes.coconstruction.contract.consistency import ContractError, require
from yanzhen.modes.coconstruction.contract.term_kinds import a_part, a_split
from yanzhen.modes.coconstruction.contract.term_values import THIRD_PARTY
from yanzhen.modes.coconstruction.contract.terms import (
    STATISTICS,
    Contract,
    Equity,
    Split,
    Terms,
    TopUp,
)
from yanzhen.modes.coconstruction.contract.terms_toml import read_terms, terms_from
from yanzhen.modes.coconstruction.settlement.ledger import Ledger, settle
from yanzhen.modes.coconstruction.settlement.projects import Projects, for_contracts
from yanzhen.modes.coconstruction.settlement.yearly_sharing import HOME, HOST, THIRD
from yanzhen.study import Problem

PRESETS = (
    "beijing_tianjin_hebei_2015",
    "zibo",
    "liaoning",
    "gaozhu",
    "songjiang_luan",
    "equity_venture",
)
USUAL_KINDS = ("value_added_tax",)
"""Kinds of tax where neither the reader nor the source of a scheme names any."""


@dataclass(frozen=True)
class Given:
    """What a user gives where a source leaves it open.

    Attributes
    ----------
    tax_kinds : kinds of tax shared
    top_up_share : part of what is missing to the cap that the third party pays
    equity_split, payout : shares of the joint company, part of its profit paid out
    """

    tax_kinds: tuple[str, ...] | None = None
    top_up_share: Fraction | None = None
    equity_split: Split | None = None
    payout: Fraction | None = None


@dataclass(frozen=True)
class Preset:
    """A scheme as its sources state it.

    Attributes
    ----------
    key : name of the preset
    terms : what is stated, not to be settled before the open terms are given
    open : names of `Given` that the sources leave open
    assumed : terms that no source states
    sources : document and address of each
    note_zh, note_en : reservations
    """

    key: str
    terms: Terms
    open: tuple[str, ...]
    assumed: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    note_zh: str
    note_en: str

    def complete(self, given: Given) -> Terms:
        """The terms with what the sources leave open.

        Raises
        ------
        ContractError
            When something that is open is not given.
        """
        require(
            [
                Problem.at(
                    self.key,
                    "terms",
                    None,
                    name,
                    ("nothing: the source leaves it open", "空：来源未写明"),
                    ("a value of the user's", "由使用者给出"),
                )
                for name in self.open
                if getattr(given, name) is None
            ]
        )
        terms = self.terms
        if "tax_kinds" in self.open and given.tax_kinds is not None:
            terms = replace(terms, tax_kinds=given.tax_kinds)
        if "top_up_share" in self.open:
            terms = replace(terms, top_up=TopUp(share_of_shortfall=given.top_up_share))
        if "equity_split" in self.open and given.equity_split and given.payout is not None:
            third = THIRD_PARTY if given.equity_split.third else ""
            equity = Equity(given.equity_split, given.payout)
            terms = replace(terms, equity=equity, third_party=third)
        return terms


def given_of(
    tax_kinds: Sequence[str], top_up_share: str = "", equity: str = "", payout: str = ""
) -> Given:
    """Read what a user gives, written as in a file of terms; an empty text gives nothing.

    Raises
    ------
    ContractError
        With everything that cannot be read.
    """
    parts = {"top_up_share": top_up_share, "payout": payout}
    read = {name: a_part(text) for name, text in parts.items() if text}
    split = a_split(equity) if equity else None
    unread = {name: parts[name] for name, part in read.items() if part is None}
    if equity and split is None:
        unread["equity"] = equity
    require(
        [
            Problem.at(
                "",
                "",
                None,
                name,
                (f"'{text}'", f"“{text}”"),
                ('such as "50%", "1/3" or "60:40"', '如 "50%"、"1/3"、"60:40"'),
            )
            for name, text in unread.items()
        ]
    )
    return Given(tuple(tax_kinds) or None, read.get("top_up_share"), split, read.get("payout"))


def own_schemes(paths: Sequence[Path]) -> dict[str, Terms]:
    """Read contracts of one's own, each under a name that no other contract bears.

    That name is the file's without its ending; a file named like a scheme of `PRESETS` stands
    beside the scheme as `zibo_own`.

    Raises
    ------
    ContractError
        With everything wrong in any file, and with both paths where two come to one name.
    """
    schemes: dict[str, Terms] = {}
    origin: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in paths:
        name = f"{path.stem}_own" if path.stem.casefold() in PRESETS else path.stem
        other = origin.setdefault(name.casefold(), path)
        if other is not path:
            found = (f"{other} and {path}", f"{other} 与 {path}")
            expected = ("a name of its own for each contract", "各合同文件名不同")
            problems.append(Problem.at(path.name, "terms", None, "", found, expected))
            continue
        try:
            schemes[name] = read_terms(path)
        except ContractError as error:
            problems += error.problems
    require(problems)
    return schemes


def preset(key: str) -> Preset:
    """A scheme by its key, of `PRESETS`."""
    path = files("yanzhen.modes.coconstruction.settlement").joinpath("presets", f"{key}.toml")
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    terms, problems = terms_from(said["terms"], f"{key}.toml")
    require(problems)
    return Preset(
        key,
        terms,
        tuple(said["open"]),
        tuple(said["assumed"]),
        tuple((source["document"], source["address"]) for source in said["sources"]),
        said["note_zh"],
        said["note_en"],
    )


@dataclass(frozen=True)
class SideBySide:
    """Contracts laid side by side on the same projects.

    Attributes
    ----------
    totals : contract, title_zh, title_en, projects (eligible ones), tax_home, tax_host, tax_third,
        recovered, top_up, exit_payment, dividend_home, dividend_host, dividend_third in fen over
        all years, last_year_home (last year in which the home receives anything, null for none),
        and each statistic of the home as gdp_home and so on
    yearly : contract, year, home, host, third: what each receives in the year, tax, top-up, exit
        payment and dividends together; the third party's payments are below zero
    unrecorded : contract, project, first, last: the years before a project's move that the cap or
        the least tax of a contract looks at and of which the projects don't tell what was paid
    ledger : of all
    """

    totals: pl.DataFrame
    yearly: pl.DataFrame
    unrecorded: pl.DataFrame
    ledger: Ledger


def side_by_side(
    schemes: Mapping[str, Terms],
    projects: Projects,
    start_year: int,
    home: str = "home",
    host: str = "host",
) -> SideBySide:
    """Settle every scheme on the same projects, as if each of them alone were agreed.

    Parameters
    ----------
    schemes : terms by the name that tables show
    projects : of one contract
    start_year : first year of every contract

    Raises
    ------
    ContractError
        Where there is no scheme, or as `settle`.
    """
    if not schemes:
        found = ("no contract at all", "没有任何合同")
        require([Problem.at("", "terms", None, "", found, ("one or more", "至少一份"))])
    contracts = [
        Contract(name, home, host, start_year, replace(terms, most_parks=None))
        for name, terms in schemes.items()
    ]
    ledger = settle(contracts, for_contracts(projects, len(contracts)))
    return SideBySide(
        _totals(contracts, ledger),
        _yearly(contracts, ledger),
        _unrecorded(schemes, projects),
        ledger,
    )


def _unrecorded(schemes: Mapping[str, Terms], projects: Projects) -> pl.DataFrame:
    """Years before a move that terms look at and projects are silent on: nothing paid in them."""
    rows = [
        (scheme, name, left - looked_at, min(left, projects.known_from) - 1)
        for scheme, terms in schemes.items()
        if (looked_at := _years_looked_at(terms))
        for name, left in zip(projects.name, projects.departure.tolist(), strict=True)
        if left - looked_at < projects.known_from
    ]
    schema = {
        **dict.fromkeys(("contract", "project"), pl.String),
        **dict.fromkeys(("first", "last"), pl.Int64),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _years_looked_at(terms: Terms) -> int:
    """Years before a project's move that its terms ask the tax of; 0 where they ask none."""
    of_cap = 0 if terms.cap is None else terms.cap.tax_before_years or 0
    of_threshold = (
        0 if terms.eligibility.least_average_tax is None else terms.eligibility.years_before
    )
    return max(of_cap, of_threshold)


def received(ledger: Ledger) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """(3, C, T) what home, host and third party receive under each contract, payments below zero.

    It sums to the local tax and the dividends.
    """
    starts = ledger.projects.starts
    flows = ledger.tax + ledger.dividends
    flows[HOME] += ledger.top_up
    flows[THIRD] -= ledger.top_up
    total: np.ndarray[tuple[int, ...], np.dtype[np.int64]] = np.add.reduceat(flows, starts, axis=1)
    total[HOME] += ledger.exit_payment
    total[HOST] -= ledger.exit_payment
    return total


def _totals(contracts: Sequence[Contract], ledger: Ledger) -> pl.DataFrame:
    starts, years = ledger.projects.starts, np.array(ledger.projects.years)
    flows = received(ledger)

    def whole(amounts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> list[int]:
        found: list[int] = np.add.reduceat(amounts.sum(axis=-1), starts).tolist()
        return found

    parties = ("home", "host", "third")
    own = flows[HOME] > 0
    return pl.DataFrame(
        {
            "contract": [contract.name for contract in contracts],
            "title_zh": [contract.terms.title_zh for contract in contracts],
            "title_en": [contract.terms.title_en for contract in contracts],
            "projects": np.add.reduceat(ledger.eligible.astype(np.int64), starts),
            **{f"tax_{party}": whole(ledger.tax[s]) for s, party in enumerate(parties)},
            "recovered": whole(ledger.recovered),
            "top_up": whole(ledger.top_up),
            "exit_payment": ledger.exit_payment.sum(axis=1),
            **{f"dividend_{party}": whole(ledger.dividends[s]) for s, party in enumerate(parties)},
            "last_year_home": [int(years[row].max()) if row.any() else None for row in own],
            **{
                f"{name}_home": whole(ledger.statistics[m, HOME])
                for m, name in enumerate(STATISTICS)
            },
        }
    )


def _yearly(contracts: Sequence[Contract], ledger: Ledger) -> pl.DataFrame:
    flows, years = received(ledger), ledger.projects.years
    return pl.DataFrame(
        {
            "contract": [contract.name for contract in contracts for _ in years],
            "year": list(years) * len(contracts),
            "home": flows[HOME].ravel(),
            "host": flows[HOST].ravel(),
            "third": flows[THIRD].ravel(),
        }
    )
