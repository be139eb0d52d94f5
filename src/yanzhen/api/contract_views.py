"""Pictures and tables of a contract of two places, by name."""

from collections.abc import Callable
from typing import Any

from yanzhen.api.contract_query import ContractQuery
from yanzhen.api.contracts import Answer, Contracts
from yanzhen.api.pictures import drawn
from yanzhen.api.problem_details import Refusal
from yanzhen.report.analyses.contract_appraisal import appraisal_table
from yanzhen.report.figures import Chart
from yanzhen.report.figures.appraisal import gain_course, gain_curve, gain_parts, gain_sensitivity
from yanzhen.report.figures.pair_ledger import ledger_statistics, ledger_tax, scheme_gains
from yanzhen.report.tables.cooperation import (
    industry_table,
    ledger_table,
    scheme_table,
    statistics_table,
)
from yanzhen.report.tables.table import Table
from yanzhen.report.text.words import Lang

Drawing = Callable[[Answer, Lang], Chart]
Showing = Callable[[Answer, Lang], Table]
OF_ANSWER: dict[str, Drawing] = {
    "gain_curve": lambda found, lang: gain_curve(found.appraisal, lang),
    "ledger_tax": lambda found, lang: ledger_tax(found.appraisal, found.ledger, lang),
    "ledger_statistics": lambda found, lang: ledger_statistics(found.appraisal, found.ledger, lang),
    "gain_course": lambda found, lang: gain_course(found.appraisal, lang),
    "gain_parts": lambda found, lang: gain_parts(found.appraisal, lang),
}
"""Pictures of an answer."""
SHOWN: dict[str, Showing] = {
    "curve": lambda found, lang: appraisal_table(found.appraisal, "curve", lang),
    "ledger": lambda found, lang: ledger_table(found.appraisal, found.ledger, lang),
    "statistics": lambda found, lang: statistics_table(found.appraisal, found.ledger, lang),
    "industries": lambda found, lang: industry_table(found.appraisal, found.ledger, lang),
    **{
        key: (lambda found, lang, key=key: appraisal_table(found.appraisal, key, lang))  # type: ignore[misc]
        for key in ("yearly", "parts", "division", "projects")
    },
}
"""Tables of an answer."""
TABLE_OF = {
    "gain_curve": "curve",
    "ledger_tax": "ledger",
    "ledger_statistics": "statistics",
    "gain_course": "yearly",
    "gain_parts": "parts",
    "scheme_gains": "schemes",
    "gain_sensitivity": "sensitivity",
}
"""The table that holds the figures of a picture."""


def contract_picture(
    contracts: Contracts, study: str, figure: str, asked: ContractQuery, lang: Lang
) -> dict[str, Any]:
    """Return a picture of a contract: key, title, reading, aspect, specification.

    Raises
    ------
    Refusal
        404 where there is none of that name; otherwise as `Contracts.answer`.
    """
    if figure in OF_ANSWER:
        return drawn(figure, OF_ANSWER[figure](contracts.answer(study, asked), lang))
    if figure == "scheme_gains":
        found = contracts.answer(study, asked).appraisal
        return drawn(figure, scheme_gains(found, contracts.side_by_side(study, asked), lang))
    if figure == "gain_sensitivity":
        return drawn(figure, gain_sensitivity(contracts.sensitivity(study, asked), lang))
    raise Refusal(404, f"A contract has no picture {figure!r}.", f"合同没有图“{figure}”。")


def contract_table(
    contracts: Contracts, study: str, table: str, asked: ContractQuery, lang: Lang
) -> Table:
    """Return a table of a contract as shown.

    Raises
    ------
    Refusal
        404 where there is none of that name; otherwise as `Contracts.answer`.
    """
    if table in SHOWN:
        return SHOWN[table](contracts.answer(study, asked), lang)
    if table == "schemes":
        found = contracts.answer(study, asked).appraisal
        return scheme_table(found, contracts.side_by_side(study, asked), lang)
    if table == "sensitivity":
        return appraisal_table(contracts.sensitivity(study, asked), "sensitivity", lang)
    raise Refusal(404, f"A contract has no table {table!r}.", f"合同没有表“{table}”。")
