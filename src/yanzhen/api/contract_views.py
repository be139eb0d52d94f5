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
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang

Drawing = Callable[[Answer, Reader], Chart]
Showing = Callable[[Answer, Reader], Table]
OF_ANSWER: dict[str, Drawing] = {
    "gain_curve": lambda found, reader: gain_curve(found.appraisal, reader),
    "ledger_tax": lambda found, reader: ledger_tax(found.ledger, reader),
    "ledger_statistics": lambda found, reader: ledger_statistics(found.ledger, reader),
    "gain_course": lambda found, reader: gain_course(found.appraisal, reader),
    "gain_parts": lambda found, reader: gain_parts(found.appraisal, reader),
}
"""Pictures of an answer."""
SHOWN: dict[str, Showing] = {
    "curve": lambda found, reader: appraisal_table(found.appraisal, "curve", reader),
    "ledger": lambda found, reader: ledger_table(found.ledger, reader),
    "statistics": lambda found, reader: statistics_table(found.ledger, reader),
    "industries": lambda found, reader: industry_table(found.ledger, reader),
    **{
        key: (lambda found, reader, key=key: appraisal_table(found.appraisal, key, reader))  # type: ignore[misc]
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
        answer = contracts.answer(study, asked)
        return drawn(figure, OF_ANSWER[figure](answer, Reader(answer.appraisal.study, lang)))
    if figure == "scheme_gains":
        found = contracts.answer(study, asked).appraisal
        return drawn(
            figure,
            scheme_gains(contracts.side_by_side(study, asked), Reader(found.study, lang)),
        )
    if figure == "gain_sensitivity":
        appraisal = contracts.sensitivity(study, asked)
        return drawn(figure, gain_sensitivity(appraisal, Reader(appraisal.study, lang)))
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
        answer = contracts.answer(study, asked)
        return SHOWN[table](answer, Reader(answer.appraisal.study, lang))
    if table == "schemes":
        found = contracts.answer(study, asked).appraisal
        return scheme_table(contracts.side_by_side(study, asked), Reader(found.study, lang))
    if table == "sensitivity":
        appraisal = contracts.sensitivity(study, asked)
        return appraisal_table(appraisal, "sensitivity", Reader(appraisal.study, lang))
    raise Refusal(404, f"A contract has no table {table!r}.", f"合同没有表“{table}”。")
