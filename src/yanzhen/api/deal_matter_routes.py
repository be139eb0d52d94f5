"""Addresses of what lies in deals: tasks and their calendar, comments, documents."""

from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.deal_refusals import refused_by_deals
from yanzhen.api.deal_routes import OrganisationId
from yanzhen.api.fields import SAYS_SOMETHING, Title
from yanzhen.api.if_match import CHANGED, IfMatch, tag_version, version_in
from yanzhen.api.pagination import Cursor, Limit, Page, key_of, link_next, page_of
from yanzhen.api.permission import API
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import CONFLICT, REFUSALS, TOLD_ONCE, UNREAD, UNUSABLE, Spoken, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.deals.calendar import (
    calendar_of,
    drop_address,
    new_address,
    viewer_of_address,
)
from yanzhen.exchange.deals.comments import LONGEST, Comment, add_comment, comments_of
from yanzhen.exchange.deals.documents import Document, add_document, documents_of, read_document
from yanzhen.exchange.deals.finding import find_deal
from yanzhen.exchange.deals.tasks import (
    Reminder,
    Task,
    add_task,
    change_task,
    every_task,
    reminders,
    tasks_of,
)
from yanzhen.exchange.files.kinds import LARGEST
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["deals"]
CALENDARS = f"{API}exchange/calendars"
CALENDAR = "text/calendar"
ENDING = ".ics"


class EnteredTask(BaseModel):
    """A task of a party, with the day by which it is to be done."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    organisation: OrganisationId
    due: date


class ChangedTask(BaseModel):
    """What changes of a task; what is not said stays."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    organisation: OrganisationId | None = None
    due: date | None = None
    done_on: date | None = Field(None, description="Null opens it again")


class EnteredComment(BaseModel):
    """A comment that all parties see, or a private note."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=SAYS_SOMETHING)]
    private: bool = Field(False, description="Whether one's own organisation alone sees it")
    corrects: str | None = Field(None, description="Own comment in whose place it stands")


class CalendarAddress(BaseModel):
    """Where a calendar reads one's tasks; told this once, and to be kept like a password."""

    address: str


# Kept whole: a list of routes, none of them over fifteen lines.
def add_deal_matters(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of tasks, calendars, comments and documents."""
    below = "/api/v1/exchange/deals/{deal}"
    writing = {**REFUSALS, **UNREAD}

    @app.get(f"{below}/tasks", responses=REFUSALS, tags=TAGS)
    def list_tasks_of_deal(deal: str) -> list[Task]:
        """Return the tasks of a deal, by due day."""
        with refused_by_deals():
            return list(tasks_of(bench.database, current_viewer(), deal))

    @app.post(f"{below}/tasks", status_code=201, responses=writing, tags=TAGS)
    def add_task_to_deal(deal: str, asked: EnteredTask, response: Response) -> Task:
        """Add a task to a deal."""
        said = (asked.title, asked.organisation, asked.due.isoformat())
        with refused_by_deals():
            task = add_task(bench.database, current_viewer(), deal, *said)
        tag_version(response, task.version)
        return task

    @app.patch(f"{below}/tasks/{{task}}", responses={**writing, **CHANGED}, tags=TAGS)
    def change_task_of_deal(
        deal: str, task: str, asked: ChangedTask, response: Response, if_match: IfMatch = None
    ) -> Task:
        """Change a task, of the version in If-Match; `done_on` says that it is done."""
        with refused_by_deals():
            find_deal(bench.database, current_viewer(), deal)
        version, values = version_in(if_match), asked.model_dump(exclude_unset=True, mode="json")
        kept = {name: said for name, said in values.items() if said or name == "done_on"}
        with refused_by_deals():
            changed = change_task(bench.database, current_viewer(), deal, task, kept, version)
        tag_version(response, changed.version)
        return changed

    @app.get("/api/v1/exchange/reminders", responses=REFUSALS, tags=TAGS)
    def list_reminders() -> list[Reminder]:
        """Return the open tasks of one's organisation that are overdue or due within a week."""
        return list(reminders(bench.database, current_viewer(), date.today()))

    @app.post(CALENDARS, status_code=201, responses=REFUSALS, tags=TAGS)
    def renew_calendar_address(request: Request, response: Response) -> CalendarAddress:
        """Return a new address of one's calendar; the one before ends."""
        secret = new_address(bench.database, current_viewer())
        response.headers.update(TOLD_ONCE)
        root = str(request.base_url).rstrip("/")
        return CalendarAddress(address=f"{root}{CALENDARS}/{secret}{ENDING}")

    @app.delete(CALENDARS, status_code=204, responses=REFUSALS, tags=TAGS)
    def drop_calendar_address() -> None:
        """Let one's calendar be read no more."""
        drop_address(bench.database, current_viewer())

    @app.get(
        f"{CALENDARS}/{{secret}}",
        response_class=Response,
        responses={200: {"content": {CALENDAR: {}}}, **REFUSALS},
        tags=TAGS,
    )
    def read_calendar(secret: str, lang: Spoken = "zh") -> Response:
        """Return the tasks of whose calendar this address is (iCalendar); needs no login."""
        viewer = viewer_of_address(bench.database, secret.removesuffix(ENDING))
        if viewer is None:
            raise Refusal(404, "There is no such calendar.", "没有此日历。")
        content = calendar_of(every_task(bench.database, viewer), lang)
        headers = {"Cache-Control": "private, no-cache"}
        return Response(content, media_type=f"{CALENDAR}; charset=utf-8", headers=headers)

    @app.get(f"{below}/comments", responses=REFUSALS, tags=TAGS)
    def list_comments_of_deal(
        request: Request, response: Response, deal: str, limit: Limit = 100, after: Cursor = ""
    ) -> Page[Comment]:
        """Return comments on a deal and one's own private notes, the newest first."""
        key = key_of(after, (str,))
        before = None if key is None else str(key[0])
        with refused_by_deals():
            rows = comments_of(bench.database, current_viewer(), deal, before, limit + 1)
        page = page_of(rows, limit, lambda each: (each.id,))
        link_next(request, response, page)
        return page

    @app.post(f"{below}/comments", status_code=201, responses={**writing, **CONFLICT}, tags=TAGS)
    def add_comment_to_deal(deal: str, asked: EnteredComment) -> Comment:
        """Add a comment or a private note; it stays, and a correction is a new one."""
        said = (asked.text, asked.private, asked.corrects)
        with refused_by_deals():
            return add_comment(bench.database, current_viewer(), deal, *said)

    @app.get(f"{below}/documents", responses=REFUSALS, tags=TAGS)
    def list_documents_of_deal(deal: str) -> list[Document]:
        """Return the documents of a deal, the newest first."""
        with refused_by_deals():
            return list(documents_of(bench.database, current_viewer(), deal))

    @app.post(f"{below}/documents", status_code=201, responses={**writing, **UNUSABLE}, tags=TAGS)
    def add_document_to_deal(deal: str, file: UploadFile) -> Document:
        """Keep a document: PDF, PNG, JPEG, DOCX, XLSX or text, known by its content, 10 MB."""
        content = file.file.read(LARGEST + 1)
        with refused_by_deals():
            viewer, name = current_viewer(), file.filename or ""
            return add_document(bench.database, bench.folder, viewer, deal, name, content)

    @app.get(
        f"{below}/documents/{{document}}",
        response_class=Response,
        responses={200: {"content": {"application/octet-stream": {}}}, **REFUSALS},
        tags=TAGS,
    )
    def get_document_of_deal(deal: str, document: str) -> Response:
        """Return the content of a document, which is what its hash says."""
        with refused_by_deals():
            viewer = current_viewer()
            found, content = read_document(bench.database, bench.folder, viewer, deal, document)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
            "X-Content-Type-Options": "nosniff",
            "ETag": f'"{found.sha256}"',
        }
        return Response(content, media_type=found.media_type, headers=headers)
