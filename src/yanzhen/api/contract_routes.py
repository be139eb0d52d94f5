"""The JSON API of contracts: schemes, two places of a study, projects of one's own."""

from typing import Annotated, Any

import polars as pl
from fastapi import FastAPI, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.contract_query import ContractQuery
from yanzhen.api.contract_views import contract_picture, contract_table
from yanzhen.api.contracts import as_refusal, schemes
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import PROBLEM, REFUSALS, UNREAD, Form, sent
from yanzhen.api.workbench import Workbench
from yanzhen.modes.coconstruction import (
    PRESETS,
    ContractError,
    ledger_frame,
    preset,
    side_by_side,
    tax_split_table,
    write_terms,
)
from yanzhen.modes.coconstruction.contract.terms_toml import terms_of
from yanzhen.modes.coconstruction.settlement.presets import given_of
from yanzhen.modes.coconstruction.settlement.projects_csv import projects_from
from yanzhen.report.analyses.contract_appraisal import appraisal_findings, appraisal_values
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang

REFUSED: dict[int | str, dict[str, Any]] = {
    **REFUSALS,
    409: {"description": "Terms or projects that cannot be settled, with every reason.", **PROBLEM},
}
Cell = str | int | float | bool | None


class Spoke(ContractQuery):
    """What is asked about a contract, with the language of the answer."""

    lang: Lang = "zh"


class Filed(Spoke):
    """The same, with the form of the answer."""

    form: Form = "json"


class Settlement(BaseModel):
    """Projects by year, to be settled under schemes and terms of one's own."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    start_year: Annotated[int, Field(ge=1900, le=2200)]
    projects: list[dict[str, Cell]] = Field(
        description="A row for every project and year, with the columns of the CSV file"
    )
    schemes: list[str] = Field(
        list(PRESETS), description="Keys of schemes; those that need more are left out and named"
    )
    terms: dict[str, Any] | None = Field(
        None, description="Terms of one's own, nested as in a TOML file"
    )
    tax_kinds: list[str] = []
    top_up_share: str = ""
    equity: str = ""
    payout: str = ""


def add_contracts(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses about contracts."""

    @app.get("/api/contracts")
    def contracts() -> list[dict[str, Any]]:
        """Schemes of benefit sharing."""
        return schemes()

    @app.post("/api/contracts/settlements", responses={**REFUSED, **UNREAD})
    def settlement(asked: Settlement) -> dict[str, Any]:
        """Settle projects under every scheme and under terms of one's own, to the fen."""
        try:
            return _settled(asked)
        except ContractError as error:
            raise as_refusal(error) from None

    @app.get("/api/contracts/{study}/appraisal", responses=REFUSED)
    def appraisal(study: str, asked: Annotated[Spoke, Query()]) -> dict[str, Any]:
        """Say what terms are worth to two places: gains, shares, division, break-even."""
        answer = bench.contracts.answer(study, asked)
        return {
            **appraisal_values(answer.appraisal),
            "ledger": answer.ledger.yearly.to_dicts(),
            "findings": list(
                appraisal_findings(answer.appraisal, Reader(answer.appraisal.study, asked.lang))
            ),
        }

    @app.get("/api/contracts/{study}/tables/{table}", responses=REFUSED)
    def table(study: str, table: str, asked: Annotated[Filed, Query()]) -> Response:
        """Return a table of a contract of two places."""
        shown = contract_table(bench.contracts, study, table, asked, asked.lang)
        inputs = bench.contracts.market(study).inputs
        return sent(shown, inputs, inputs.period[0], asked.lang, asked.form)

    @app.get("/api/contracts/{study}/figures/{figure}", responses=REFUSED)
    def figure(study: str, figure: str, asked: Annotated[Spoke, Query()]) -> dict[str, Any]:
        """Return a picture of a contract as a Vega-Lite specification with its texts."""
        return contract_picture(bench.contracts, study, figure, asked, asked.lang)

    @app.get(
        "/api/contracts/{study}/terms",
        responses={200: {"content": {"application/toml": {}}}, **REFUSED},
        response_class=Response,
    )
    def terms(study: str, asked: Annotated[Spoke, Query()]) -> Response:
        """Return the terms as a TOML file that `yanzhen contract` reads."""
        said = write_terms(bench.contracts.agreement(study, asked).contract.terms)
        headers = {"Content-Disposition": 'attachment; filename="terms.toml"'}
        return Response(said, media_type="application/toml; charset=utf-8", headers=headers)


def _settled(asked: Settlement) -> dict[str, Any]:
    """What `Settlement` comes to; `left_out` says which schemes need what."""
    given = given_of(asked.tax_kinds, asked.top_up_share, asked.equity, asked.payout)
    unknown = [key for key in asked.schemes if key not in PRESETS]
    if unknown:
        raise Refusal(404, f"There is no scheme {unknown[0]!r}.", f"没有办法“{unknown[0]}”。")
    known = [preset(key) for key in dict.fromkeys(asked.schemes)]
    missing = {
        scheme.key: [name for name in scheme.open if getattr(given, name) is None]
        for scheme in known
    }
    agreed = {scheme.key: scheme.complete(given) for scheme in known if not missing[scheme.key]}
    if asked.terms is not None:
        agreed["terms"] = terms_of(asked.terms, "terms")
    projects = projects_from(
        _texts(asked.projects), "projects", asked.start_year, tax_split_table()
    )
    left_out = {key: needs for key, needs in missing.items() if needs}
    if not agreed:
        return {
            **{key: [] for key in ("totals", "yearly", "unrecorded", "ledger")},
            "left_out": left_out,
        }
    found = side_by_side(agreed, projects, asked.start_year)
    return {
        "totals": found.totals.to_dicts(),
        "yearly": found.yearly.to_dicts(),
        "unrecorded": found.unrecorded.to_dicts(),
        "ledger": ledger_frame(found.ledger).to_dicts(),
        "left_out": left_out,
    }


def _texts(rows: list[dict[str, Cell]]) -> pl.DataFrame:
    """Rows as a table of texts, as a CSV file would give them."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame(
        {name: [_text(row.get(name)) for row in rows] for name in columns},
        schema=dict.fromkeys(columns, pl.String),
    )


def _text(cell: Cell) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell)
