"""Addresses of long work: started, listed, looked at, followed, cancelled."""

from typing import Annotated, Any

from fastapi import FastAPI, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, create_model

from yanzhen.api.jobs import ENDED, Job
from yanzhen.api.pagination import Cursor, Limit, Page, key_of, link_next, page_of
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import REFUSALS, UNREAD, Responses, Tags, refused
from yanzhen.api.server_events import event_id, job_events
from yanzhen.api.workbench import Workbench
from yanzhen.modes.technology.matching.partners import Kind

TAGS: Tags = ["jobs"]
TOO_MANY = refused(429, "As many jobs wait or run as are allowed.")
EVENTS: Responses = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
    204: {"description": "The reader knows how the job ended (Last-Event-ID)."},
    **REFUSALS,
}


class Work(BaseModel):
    """Long work to start."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    study: str
    scenarios: list[str] = []
    partner: Kind = "incubators"


# Kept whole: a list of routes, none of them over ten lines.
def add_jobs(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of long work."""
    asks = {
        ask.name: (str, "")
        for kept in bench.analyses.values()
        for ask in kept.analysis.served("result")
    }
    asked_work: Any = create_model("Work", __base__=Work, **asks)  # type: ignore[call-overload]

    def found(name: str) -> Job:
        job = bench.jobs.read(name)
        if job is None:
            raise _none(name)
        return job

    @app.get("/api/v1/jobs", responses=REFUSALS, tags=TAGS)
    def list_jobs(
        request: Request, response: Response, limit: Limit = 100, after: Cursor = ""
    ) -> Page[Job]:
        """Return the jobs, the newest first."""
        key = key_of(after, (str,))
        found = bench.jobs.page(limit + 1, "" if key is None else str(key[0]))
        page = page_of(found, limit, lambda job: (job.job,))
        link_next(request, response, page)
        return page

    @app.post(
        "/api/v1/jobs",
        status_code=202,
        responses={**REFUSALS, **UNREAD, **TOO_MANY},
        tags=TAGS,
    )
    def start_job(work: asked_work) -> Job:
        """Start long work; the same work that has not ended is given back instead."""
        if work.kind == "comparison":
            return bench.compare(work.study, work.scenarios)
        return bench.make(work.kind, work.study, work.model_dump())

    @app.get("/api/v1/jobs/{job}", responses=REFUSALS, tags=TAGS)
    def get_job(job: str) -> Job:
        """Return a job as it stands."""
        return found(job)

    @app.delete("/api/v1/jobs/{job}", responses=REFUSALS, tags=TAGS)
    def cancel_job(job: str) -> Job:
        """Cancel a job; one that has ended stays as it is."""
        cancelled = bench.jobs.cancel(job)
        if cancelled is None:
            raise _none(job)
        return cancelled

    @app.get("/api/v1/jobs/{job}/events", responses=EVENTS, response_class=Response, tags=TAGS)
    def follow_job(
        job: str, last_event_id: Annotated[str, Header(max_length=100)] = ""
    ) -> Response:
        """Return a job's progress as server-sent events, until it ends.

        The data of an event is the job as `GET /jobs/{job}` gives it. Who comes back with the
        header Last-Event-ID is told only what is new.
        """
        now = found(job)
        if now.state in ENDED and event_id(now) == last_event_id:
            return Response(status_code=204)
        return StreamingResponse(
            job_events(lambda: bench.jobs.read(job), last_event_id),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        )


def _none(name: str) -> Refusal:
    return Refusal(404, f"There is no job {name!r}.", f"没有任务“{name}”。")
