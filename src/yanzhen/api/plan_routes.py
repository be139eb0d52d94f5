"""Addresses of plans: headlines, tables, pictures, reports, and where an enterprise would go."""

from typing import Annotated, Literal

from fastapi import FastAPI, Request, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.enterprise_lists import best_sites
from yanzhen.api.entity_tags import tagged
from yanzhen.api.models import (
    BestSites,
    Findings,
    ListTaken,
    Picture,
    PlanHeadlines,
    RankedSite,
    TableNamed,
)
from yanzhen.api.problem_details import Refusal
from yanzhen.api.rankings import as_rows, ranking
from yanzhen.api.responses import (
    REFUSALS,
    REPORT,
    RESULTS,
    TABLE,
    UNREAD,
    UNUSABLE,
    Spoken,
    TableAsked,
    Tags,
    sent,
)
from yanzhen.api.study_routes import content_of
from yanzhen.api.workbench import Workbench
from yanzhen.market.plan.destinations import Enterprise
from yanzhen.report.findings.plan import findings
from yanzhen.report.text.reader import Reader

Document = Literal["html", "xlsx", "docx"]
TAGS: Tags = ["plans"]


class Needs(BaseModel):
    """An enterprise that asks where to go."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    industry: str
    origin: str
    needs: dict[str, Annotated[float, Field(ge=0)]] = {}


def add_plans(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of plans."""
    _add_what_they_say(app, bench)
    _add_enterprises(app, bench)


def _add_what_they_say(app: FastAPI, bench: Workbench) -> None:
    @app.get("/api/v1/plans/{study}", responses=RESULTS, tags=TAGS)
    def get_plan(request: Request, study: str) -> PlanHeadlines:
        """Return the headline figures of a plan."""
        tagged(request, bench.plans.place(study))
        return PlanHeadlines.model_validate(bench.plans.summary(study))

    @app.get("/api/v1/plans/{study}/findings", responses=RESULTS, tags=TAGS)
    def plan_findings(request: Request, study: str, lang: Spoken = "zh") -> Findings:
        """Return the findings of a plan in sentences."""
        tagged(request, bench.plans.place(study))
        plan = bench.plans.read(study)
        return findings(plan, Reader(plan.study, lang))

    @app.get("/api/v1/plans/{study}/tables", responses=RESULTS, tags=TAGS)
    def plan_tables(request: Request, study: str, lang: Spoken = "zh") -> list[TableNamed]:
        """Return the names of a plan's tables."""
        tagged(request, bench.plans.place(study))
        found = bench.plans.tables(study, lang).values()
        return [TableNamed(key=t.key, title=t.title, rows=len(t.rows)) for t in found]

    @app.get("/api/v1/plans/{study}/tables/{table}", responses=TABLE, tags=TAGS)
    def plan_table(request: Request, study: str, table: str, asked: TableAsked) -> Response:
        """Return a table of a plan."""
        place = bench.plans.place(study)
        tagged(request, place)
        result = bench.plans.read(study)
        shown = bench.plans.table(study, table, asked.lang)
        return sent(request, place, shown, result, result.period[0], asked)

    @app.get(
        "/api/v1/plans/{study}/report", responses=REPORT, response_class=FileResponse, tags=TAGS
    )
    def plan_report(
        request: Request, study: str, lang: Spoken = "zh", form: Document = "html"
    ) -> FileResponse:
        """Return the report of a plan as one HTML file, an Excel workbook or a Word document."""
        tagged(request, bench.plans.place(study))
        path = bench.plans.report(study, lang, form)
        synthetic = bench.plans.read(study).study.about.synthetic
        name = f"{'SYNTHETIC_' if synthetic else ''}plan-{lang}.{form}"
        return FileResponse(path, filename=name, media_type="application/octet-stream")

    @app.get("/api/v1/plans/{study}/figures/{figure}", responses=RESULTS, tags=TAGS)
    def plan_figure(request: Request, study: str, figure: str, lang: Spoken = "zh") -> Picture:
        """Return a picture of a plan as a Vega-Lite specification with its texts."""
        tagged(request, bench.plans.place(study))
        return Picture(**bench.plans.kept_picture(study, figure, lang))


def _add_enterprises(app: FastAPI, bench: Workbench) -> None:
    @app.post(
        "/api/v1/plans/{study}/rankings",
        response_model=list[RankedSite],
        responses={**REFUSALS, **UNREAD},
        tags=TAGS,
    )
    def rank_sites(study: str, asked: Needs) -> Response:
        """Rank every site for an enterprise at the prices that clear the market."""
        formulation, prices = bench.plans.market(study)
        enterprise = Enterprise(asked.industry, asked.origin, dict(asked.needs))
        return Response(
            as_rows(ranking(formulation, prices, enterprise)), media_type="application/json"
        )

    @app.post(
        "/api/v1/plans/{study}/enterprises",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **UNUSABLE},
        tags=TAGS,
    )
    def take_enterprises(study: str, file: UploadFile) -> ListTaken:
        """Take a list of enterprises, CSV or XLSX, in the columns of the table enterprises."""
        name = bench.enterprise_lists.take(study, bench.studies.read(study), content_of(file))
        return ListTaken(study=study, list=name)

    @app.get("/api/v1/plans/{study}/enterprises/{name}", responses=RESULTS, tags=TAGS)
    def rank_enterprises(request: Request, study: str, name: str, lang: Spoken = "zh") -> BestSites:
        """Return where each enterprise of a list would best go, at the plan's prices."""
        problems = bench.enterprise_lists.problems(study, name)
        if problems:
            said, zh = f"The list has {len(problems)} problem(s).", f"名单有{len(problems)}个问题。"
            raise Refusal(422, said, zh, problems)
        tagged(request, bench.plans.place(study))
        market = bench.plans.market(study)
        return best_sites(*market, bench.enterprise_lists.read(study, name), lang).to_dicts()
