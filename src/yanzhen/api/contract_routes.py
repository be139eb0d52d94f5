"""The JSON API of contracts: schemes, two places of a study, projects of one's own."""

from typing import Annotated, Any

import polars as pl
from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.contract_query import ContractQuery
from yanzhen.api.contract_views import contract_picture
from yanzhen.api.contract_views import contract_table as table_of_contract
from yanzhen.api.contracts import as_refusal, schemes
from yanzhen.api.entity_tags import tagged
from yanzhen.api.models import Cell, Picture, Rows, rows_of
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import (
    CONFLICT,
    MOST_ROWS,
    REFUSALS,
    RESULTS,
    TABLE,
    UNREAD,
    AskedTable,
    Form,
    MostRows,
    Tags,
    sent,
)
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
from yanzhen.modes.coconstruction.gains.appraisal import Appraisal
from yanzhen.modes.coconstruction.gains.pair_ledger import YEARLY_RECEIPTS
from yanzhen.modes.coconstruction.settlement.presets import given_of
from yanzhen.modes.coconstruction.settlement.projects_csv import projects_from
from yanzhen.report.analyses.contract_appraisal import appraisal_findings, appraisal_values
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang
from yanzhen.study.result_columns import columns_of

TAGS: Tags = ["contracts"]
OF_APPRAISAL = columns_of(Appraisal)


class Spoke(ContractQuery):
    """What is asked about a contract, with the language of the answer."""

    lang: Lang = "zh"


class Filed(Spoke):
    """The same, with the form of the answer."""

    form: Form = "json"
    limit: MostRows = MOST_ROWS
    after: str = Field("", max_length=500, description="`next` of the page before")


class Source(BaseModel):
    """Where a scheme comes from."""

    document: str
    address: str


class Scheme(BaseModel):
    """A scheme of benefit sharing."""

    key: str
    title_zh: str
    title_en: str
    open: list[str] = Field(description="What its source leaves open")
    sources: list[Source]
    note_zh: str
    note_en: str


class AppraisalTold(BaseModel):
    """What terms are worth to two places, in the study's units."""

    home: str
    host: str
    industries: list[str] = Field(description="Empty for all")
    scheme: str
    synthetic: bool
    money_unit: str
    first_year: int
    years: int
    home_gain: float
    host_gain: float
    third_gain: float
    enterprise_gain: float
    interval: list[list[float]] = Field(description="Shares for which neither party loses")
    nash_share: float | None
    nash_not_defined: str
    home_weight: float
    break_even: dict[str, int | None]
    projects: Annotated[Rows, rows_of(OF_APPRAISAL["projects"])]
    parts: Annotated[Rows, rows_of(OF_APPRAISAL["parts"])]
    yearly: Annotated[Rows, rows_of(OF_APPRAISAL["yearly"])]
    statistics: Annotated[Rows, rows_of(OF_APPRAISAL["statistics"])]
    division: Annotated[Rows, rows_of(OF_APPRAISAL["division"])]
    ledger: Annotated[Rows, rows_of(YEARLY_RECEIPTS)]
    findings: list[str]


class Settled(BaseModel):
    """What schemes and terms come to, in fen."""

    totals: Rows
    yearly: Rows
    unrecorded: Rows = Field(description="Years before a move that the projects do not tell")
    ledger: Rows
    left_out: dict[str, list[str]] = Field(description="Schemes that need what was not given")


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


# Kept whole: a list of routes, none of them over ten lines.
def add_contracts(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses about contracts."""

    @app.get("/api/v1/contracts", tags=TAGS)
    def list_schemes() -> list[Scheme]:
        """Return the schemes of benefit sharing that come with the package."""
        return [Scheme.model_validate(scheme) for scheme in schemes()]

    @app.post(
        "/api/v1/contracts/settlements", responses={**REFUSALS, **CONFLICT, **UNREAD}, tags=TAGS
    )
    def settle_projects(asked: Settlement) -> Settled:
        """Settle projects under every scheme and under terms of one's own, to the fen."""
        try:
            return Settled.model_validate(_settled(asked))
        except ContractError as error:
            raise as_refusal(error) from None

    @app.get("/api/v1/contracts/{study}/appraisal", responses={**RESULTS, **CONFLICT}, tags=TAGS)
    def appraise_contract(
        request: Request, study: str, asked: Annotated[Spoke, Query()]
    ) -> AppraisalTold:
        """Say what terms are worth to two places: gains, shares, division, break-even."""
        tagged(request, bench.plans.place(study))
        answer = bench.contracts.answer(study, asked)
        reader = Reader(answer.appraisal.study, asked.lang)
        return AppraisalTold.model_validate(
            {
                **appraisal_values(answer.appraisal),
                "ledger": answer.ledger.yearly.to_dicts(),
                "findings": list(appraisal_findings(answer.appraisal, reader)),
            }
        )

    @app.get("/api/v1/contracts/{study}/tables/{table}", responses=TABLE, tags=TAGS)
    def contract_table(
        request: Request, study: str, table: str, asked: Annotated[Filed, Query()]
    ) -> Response:
        """Return a table of a contract of two places."""
        place = bench.plans.place(study)
        tagged(request, place)
        shown = table_of_contract(bench.contracts, study, table, asked, asked.lang)
        inputs = bench.contracts.market(study).inputs
        how = AskedTable(asked.lang, asked.form, asked.limit, asked.after)
        return sent(request, place, shown, inputs, inputs.period[0], how)

    @app.get(
        "/api/v1/contracts/{study}/figures/{figure}", responses={**RESULTS, **CONFLICT}, tags=TAGS
    )
    def contract_figure(
        request: Request, study: str, figure: str, asked: Annotated[Spoke, Query()]
    ) -> Picture:
        """Return a picture of a contract as a Vega-Lite specification with its texts."""
        tagged(request, bench.plans.place(study))
        return Picture(**contract_picture(bench.contracts, study, figure, asked, asked.lang))

    @app.get(
        "/api/v1/contracts/{study}/terms",
        responses={200: {"content": {"application/toml": {}}}, **REFUSALS, **CONFLICT},
        response_class=Response,
        tags=TAGS,
    )
    def contract_terms(study: str, asked: Annotated[Spoke, Query()]) -> Response:
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
