"""The JSON API: read-only save for uploads and jobs; OpenAPI at `/api/openapi.json`."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, create_model
from starlette.exceptions import HTTPException

from yanzhen import __version__
from yanzhen.api.analysis_routes import add_analysis
from yanzhen.api.contract_routes import add_contracts
from yanzhen.api.downloads import attached, empty_workbook
from yanzhen.api.enterprise_lists import best_sites
from yanzhen.api.import_routes import add_imports
from yanzhen.api.jobs import ENDED, Job
from yanzhen.api.problem_details import Refusal, answered, misread, refused, unread
from yanzhen.api.proxies import another_origin
from yanzhen.api.rankings import ranking
from yanzhen.api.responses import (
    FILE,
    LACKING,
    REFUSALS,
    UNREAD,
    UNUSABLE,
    WORKBOOK,
    Form,
    Spoken,
    sent,
)
from yanzhen.api.role_routes import add_roles
from yanzhen.api.studies import LARGEST_UPLOAD
from yanzhen.api.technology_routes import add_technologies
from yanzhen.api.workbench import Workbench
from yanzhen.market.plan.destinations import Enterprise
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.modes.technology.matching.partners import Kind
from yanzhen.report.analyses.analysis import NotThere
from yanzhen.report.findings.plan import findings
from yanzhen.report.text.reader import Reader

Document = Literal["html", "xlsx", "docx"]
INTERVAL = 0.2


class Work(BaseModel):
    """Long work to start."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    study: str
    scenarios: list[str] = []
    partner: Kind = "incubators"


class Needs(BaseModel):
    """An enterprise that asks where to go."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    industry: str
    origin: str
    needs: dict[str, Annotated[float, Field(ge=0)]] = {}


def make_app(bench: Workbench) -> FastAPI:
    """Return the API over a workbench."""
    app = FastAPI(
        title="Yanzhen",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        exception_handlers={
            Refusal: refused,
            NoPrices: answered,
            NotThere: answered,
            Exception: answered,
            RequestValidationError: misread,
            HTTPException: unread,
        },
    )
    app.middleware("http")(_own_site_only)
    _add_studies(app, bench)
    add_imports(app, bench)
    _add_plans(app, bench)
    add_roles(app, bench)
    _add_comparisons(app, bench)
    for kept in bench.analyses.values():
        add_analysis(app, kept)
    add_technologies(app, bench)
    _add_jobs(app, bench)
    add_contracts(app, bench)

    @app.get("/api/template", response_class=Response, responses={200: {"content": {WORKBOOK: {}}}})
    def template() -> Response:
        """Return an empty workbook to fill in with a study of one's own."""
        headers = {"Content-Disposition": 'attachment; filename="yanzhen-template.xlsx"'}
        return Response(empty_workbook(), media_type=WORKBOOK, headers=headers)

    return app


def _add_studies(app: FastAPI, bench: Workbench) -> None:
    @app.get("/api/studies")
    def studies() -> list[dict[str, Any]]:
        """Return the studies, and whether plan and diagnosis have been made."""
        return [
            {
                "study": known.key,
                "origin": known.origin,
                "title_zh": known.title_zh,
                "title_en": known.title_en,
                "synthetic": known.synthetic,
                "plan": bench.plans.exists(known.key),
                "diagnosis": bench.exists("diagnosis", known.key),
            }
            for known in bench.studies.all()
        ]

    @app.post("/api/studies", status_code=201, responses={**REFUSALS, **UNREAD, **UNUSABLE})
    def upload(file: UploadFile) -> dict[str, str]:
        """Take a study: an Excel workbook, or a ZIP archive of its tables."""
        return {"study": bench.studies.upload(file.filename or "", _content(file)).key}

    @app.post(
        "/api/studies/{study}/tables/{table}",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **UNUSABLE},
    )
    def replace(study: str, table: str, file: UploadFile) -> dict[str, str]:
        """Take a table as CSV: a new study, the same as another but for that table."""
        return {"study": bench.studies.with_table(study, table, _content(file)).key}

    @app.get("/api/studies/{study}", responses=REFUSALS)
    def study(study: str) -> dict[str, Any]:
        """Return what a study says about itself, and how many rows each table has."""
        read = bench.studies.read(study)
        rows = {name: table.height for name, table in read.tables.items()}
        return {"about": asdict(read.about), "rows": rows}

    @app.get("/api/studies/{study}/files", response_class=Response, responses=FILE)
    def files(study: str) -> Response:
        """Return the files of a study that was uploaded or imported, as a ZIP archive."""
        content = bench.studies.archive(study)
        return Response(content, media_type="application/zip", headers=attached(f"{study}.zip"))

    @app.get("/api/studies/{study}/problems", responses=REFUSALS)
    def problems(study: str) -> list[dict[str, Any]]:
        """Return everything that is wrong with a study, and what it warns of, by severity."""
        found = (*bench.studies.problems(study), *bench.studies.warnings(study))
        return [asdict(problem) for problem in found]


# Kept whole: a list of routes, none of them over ten lines.
def _add_plans(app: FastAPI, bench: Workbench) -> None:
    @app.get("/api/plans/{study}", responses=REFUSALS)
    def plan(study: str) -> dict[str, Any]:
        """Return the headline figures of a plan."""
        return bench.plans.summary(study)

    @app.get("/api/plans/{study}/findings", responses=REFUSALS)
    def plan_findings(study: str, lang: Spoken = "zh") -> list[str]:
        """Return the findings of a plan in sentences."""
        plan = bench.plans.read(study)
        return findings(plan, Reader(plan.study, lang))

    @app.get("/api/plans/{study}/tables", responses=REFUSALS)
    def plan_tables(study: str, lang: Spoken = "zh") -> list[dict[str, Any]]:
        """Return the names of a plan's tables."""
        found = bench.plans.tables(study, lang).values()
        return [{"key": t.key, "title": t.title, "rows": len(t.rows)} for t in found]

    @app.get("/api/plans/{study}/tables/{table}", responses=REFUSALS)
    def plan_table(study: str, table: str, lang: Spoken = "zh", form: Form = "json") -> Response:
        """Return a table of a plan."""
        result = bench.plans.read(study)
        return sent(bench.plans.table(study, table, lang), result, result.period[0], lang, form)

    @app.get(
        "/api/plans/{study}/report",
        responses={200: {"content": {"application/octet-stream": {}}}, **REFUSALS, **LACKING},
        response_class=FileResponse,
    )
    def plan_report(study: str, lang: Spoken = "zh", form: Document = "html") -> FileResponse:
        """Return the report of a plan as one HTML file, an Excel workbook or a Word document."""
        path = bench.plans.report(study, lang, form)
        synthetic = bench.plans.read(study).study.about.synthetic
        name = f"{'SYNTHETIC_' if synthetic else ''}plan-{lang}.{form}"
        return FileResponse(path, filename=name, media_type="application/octet-stream")

    @app.get("/api/plans/{study}/figures/{figure}", responses=REFUSALS)
    def plan_figure(study: str, figure: str, lang: Spoken = "zh") -> dict[str, Any]:
        """Return a picture of a plan as a Vega-Lite specification with its texts."""
        return bench.plans.kept_picture(study, figure, lang)

    @app.post("/api/plans/{study}/rankings", responses={**REFUSALS, **UNREAD})
    def destinations(study: str, asked: Needs) -> list[dict[str, Any]]:
        """Rank every site for an enterprise at the prices that clear the market."""
        formulation, prices = bench.plans.market(study)
        enterprise = Enterprise(asked.industry, asked.origin, dict(asked.needs))
        return ranking(formulation, prices, enterprise).to_dicts()

    @app.post(
        "/api/plans/{study}/enterprises",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **UNUSABLE},
    )
    def take_list(study: str, file: UploadFile) -> dict[str, str]:
        """Take a list of enterprises, CSV or XLSX, in the columns of the table enterprises."""
        name = bench.enterprise_lists.take(study, bench.studies.read(study), _content(file))
        return {"study": study, "list": name}

    @app.get("/api/plans/{study}/enterprises/{name}", responses=REFUSALS)
    def ranked_list(study: str, name: str, lang: Spoken = "zh") -> list[dict[str, Any]]:
        """Return where each enterprise of a list would best go, at the plan's prices."""
        problems = bench.enterprise_lists.problems(study, name)
        if problems:
            said, zh = f"The list has {len(problems)} problem(s).", f"名单有{len(problems)}个问题。"
            raise Refusal(422, said, zh, problems)
        market = bench.plans.market(study)
        return best_sites(*market, bench.enterprise_lists.read(study, name), lang).to_dicts()


def _add_comparisons(app: FastAPI, bench: Workbench) -> None:
    @app.get("/api/scenarios/{study}", responses=REFUSALS)
    def scenarios(study: str) -> list[dict[str, Any]]:
        """Return the scenarios that can be set beside a plan, and which are the study's own."""
        own = bench.comparisons.own(bench.studies.find(study).key)
        return [
            {
                "name": each.name,
                "title_zh": each.title_zh,
                "title_en": each.title_en,
                "own": each.name in own,
            }
            for each in bench.comparisons.scenarios(study)
        ]

    @app.delete("/api/scenarios/{study}/{scenario}", status_code=204, responses=REFUSALS)
    def drop_scenario(study: str, scenario: str) -> None:
        """Delete a scenario of a study's own."""
        bench.comparisons.drop(bench.studies.find(study).key, scenario)

    @app.get("/api/comparisons/{study}/{scenarios}/findings", responses=REFUSALS)
    def comparison_findings(study: str, scenarios: str, lang: Spoken = "zh") -> list[str]:
        """Return what each scenario does, in sentences; `scenarios` are separated by commas."""
        return bench.comparisons.findings(study, scenarios.split(","), lang)

    @app.get("/api/comparisons/{study}/{scenarios}/tables/{table}", responses=REFUSALS)
    def comparison_table(
        study: str, scenarios: str, table: str, lang: Spoken = "zh", form: Form = "json"
    ) -> Response:
        """Return a table of a comparison."""
        names = scenarios.split(",")
        plan = bench.comparisons.plan(study, names)
        shown = bench.comparisons.tables(study, names, lang).get(table)
        if shown is None:
            said = f"The comparison has no table {table!r}."
            raise Refusal(404, said, f"比较没有表“{table}”。")
        return sent(shown, plan, plan.period[0], lang, form)

    @app.get("/api/comparisons/{study}/{scenarios}/figures/{figure}", responses=REFUSALS)
    def comparison_figure(
        study: str, scenarios: str, figure: str, lang: Spoken = "zh"
    ) -> dict[str, Any]:
        """Return a picture of a comparison as a Vega-Lite specification with its texts."""
        return bench.comparisons.picture(study, scenarios.split(","), figure, lang)


def _add_jobs(app: FastAPI, bench: Workbench) -> None:
    asks = {
        ask.name: (str, "")
        for kept in bench.analyses.values()
        for ask in kept.analysis.served("result")
    }
    asked_work: Any = create_model("Work", __base__=Work, **asks)  # type: ignore[call-overload]

    @app.get("/api/jobs")
    def jobs() -> list[dict[str, Any]]:
        """Return every job, the newest first."""
        return [asdict(job) for job in bench.jobs.all()]

    @app.post("/api/jobs", status_code=202, responses={**REFUSALS, **UNREAD})
    def start(work: asked_work) -> dict[str, Any]:
        """Start long work; the same work that has not ended is given back instead."""
        if work.kind == "comparison":
            return asdict(bench.compare(work.study, work.scenarios))
        return asdict(bench.make(work.kind, work.study, work.model_dump()))

    @app.get("/api/jobs/{job}", responses=REFUSALS)
    def job(job: str) -> dict[str, Any]:
        """Return a job as it stands."""
        return asdict(_found(bench.jobs.read(job), job))

    @app.delete("/api/jobs/{job}", responses=REFUSALS)
    def cancel(job: str) -> dict[str, Any]:
        """Cancel a job."""
        return asdict(_found(bench.jobs.cancel(job), job))

    @app.get(
        "/api/jobs/{job}/events",
        responses={200: {"content": {"text/event-stream": {}}}, **REFUSALS},
        response_class=StreamingResponse,
    )
    def events(job: str) -> StreamingResponse:
        """Return a job's progress as server-sent events, until it ends."""
        _found(bench.jobs.read(job), job)
        return StreamingResponse(_events(bench, job), media_type="text/event-stream")


async def _events(bench: Workbench, name: str) -> AsyncIterator[str]:
    said = ""
    while True:
        job = _found(bench.jobs.read(name), name)
        now = json.dumps(asdict(job), ensure_ascii=False)
        if now != said:
            yield f"data: {now}\n\n"
            said = now
        if job.state in ENDED:
            return
        await asyncio.sleep(INTERVAL)


def _content(file: UploadFile) -> bytes:
    """Read what was sent, and one byte beyond the limit at most."""
    return file.file.read(LARGEST_UPLOAD + 1)


def _found(job: Job | None, name: str) -> Job:
    if job is None:
        raise Refusal(404, f"There is no job {name!r}.", f"没有任务“{name}”。")
    return job


async def _own_site_only(
    request: Request, answer: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Refuse what another site's page sends in a user's name."""
    origin = request.headers.get("origin")
    harmless = request.method in ("GET", "HEAD", "OPTIONS")
    host = request.headers.get("host", "")
    if origin and not harmless and urlsplit(origin).netloc != host:
        return await refused(request, another_origin(origin, host))
    return await answer(request)
