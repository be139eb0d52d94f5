"""Who gets what under the sharing terms that partners name, by co-construction's own terms."""

from collections.abc import Mapping

import polars as pl

from yanzhen.modes.coconstruction import PRESETS, preset
from yanzhen.modes.coconstruction.contract.terms import STATISTICS, Equity, Split, Terms
from yanzhen.modes.coconstruction.settlement.agreements import agreements
from yanzhen.modes.technology.matching.partners import achievements, partners
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.result_columns import columns

SHARING = columns(
    "partner contract shared tax_kinds first_year last_year sender receiver third", third="share"
)
"""`shared` is tax, dividends or one of the statistics; `tax_kinds` is null where the scheme leaves
them open; years are counted from that of the contract, the last null without end; shares are null
where they are still open."""


def named_terms(study: Study, takers: pl.DataFrame) -> dict[str, Terms]:
    """Terms of the contracts that partners name: schemes, or rows of the study's `agreements`.

    A scheme keeps open what its source leaves open; an agreement gives it.

    Raises
    ------
    StudyError
        For each partner whose contract is neither; or with what is wrong with the agreements.
    """
    named = [name for name in takers["contract"] if name is not None]
    found = {name: preset(name).terms for name in named if name in PRESETS}
    if len(found) == len(set(named)):
        return found
    own = {each.contract.name: each.contract.terms for each in agreements(study)}
    named_in = study.numbered("incubators").select("row", "contract").drop_nulls("contract")
    problems = [
        _unknown(study, row, name, [*PRESETS, *own])
        for row, name in named_in.iter_rows()
        if name not in found and name not in own
    ]
    if problems:
        raise StudyError(problems)
    return found | {name: own[name] for name in named if name in own}


def require_matching(study: Study) -> None:
    """Refuse a study with takers and no achievements, or incubators under contracts not known.

    Nothing is asked of a study that has none of the tables of technology.

    Raises
    ------
    WantOfData
        When it has takers and no achievement.
    StudyError
        As `named_terms`.
    """
    filled = [not study.tables[name].is_empty() for name in ("technologies", "technology_needs")]
    with_incubators = not study.tables["incubators"].is_empty()
    if any(filled) or with_incubators:
        achievements(study)
    if with_incubators:
        named_terms(study, partners(study, "incubators"))


def ratio(terms: Terms) -> str | None:
    """The ratio of what is divided, home first, period after period; None where it is open."""
    if terms.equity is not None:
        return str(terms.equity.split) if _is_stated(terms.equity) else None
    return " → ".join(str(period.split) for period in terms.periods) or None


def sharing(takers: pl.DataFrame, terms: Mapping[str, Terms]) -> pl.DataFrame:
    """Shares of each side under the terms that each partner names.

    The contract's home, which sends, is the region where the partner stands; its host, which
    receives, is the region that the partner brings home to.

    Parameters
    ----------
    takers : partner, contract
    terms : of `named_terms`

    Returns
    -------
    pl.DataFrame
        `SHARING`; statistics that the terms do not divide are left out: they count where the work
        stands
    """
    rows = [
        (partner, name, *row)
        for partner, name in takers.select("partner", "contract").iter_rows()
        if name is not None
        for row in _rows(terms[name])
    ]
    return SHARING.frame(rows)


Row = tuple[str, str | None, int | None, int | None, float | None, float | None, float | None]


def _rows(terms: Terms) -> list[Row]:
    rows: list[Row] = []
    if terms.equity is not None:
        split = terms.equity.split if _is_stated(terms.equity) else None
        rows.append(("dividends", None, None, None, *_shares(split)))
    year = 1
    for period in terms.periods:
        last = None if period.years is None else year + period.years - 1
        kinds = ";".join(terms.tax_kinds) or None
        rows.append(("tax", kinds, year, last, *_shares(period.split)))
        year += period.years or 0
    for name in STATISTICS:
        split = getattr(terms.statistics, name)
        if split is not None:
            rows.append((name, None, None, None, *_shares(split)))
    return rows


def _is_stated(equity: Equity) -> bool:
    return equity.split.home + equity.split.host + equity.split.third > 0


def _shares(split: Split | None) -> tuple[float | None, float | None, float | None]:
    if split is None:
        return None, None, None
    whole = split.home + split.host + split.third
    return split.home / whole, split.host / whole, split.third / whole


def _unknown(study: Study, row: int, name: str, known: list[str]) -> Problem:
    expected = ", ".join(known)
    return Problem.at(
        study.path,
        "incubators",
        row,
        "contract",
        (f"'{name}'", f"“{name}”"),
        (f"one of {expected}", f"{expected} 之一"),
    )
