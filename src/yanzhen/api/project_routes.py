"""Addresses of projects that an organisation follows, and of the states that they enter."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Literal

from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.fields import Code, Title
from yanzhen.api.pagination import Cursor, Limit, Page, cursor_of, key_of, link_next
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import REFUSALS, UNREAD, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.store.ownership.projects import (
    MONEY_UNITS,
    USUAL_UNIT,
    NewProject,
    NoSuchProject,
    Project,
    Transition,
    add_projects,
    add_transition,
    find_project,
    list_projects,
    transitions_of,
)
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study import StudyError

TAGS: Tags = ["projects"]
MOST_PROJECTS = 1000
State = Literal[
    "signed", "started", "in_production", "at_capacity", "stalled", "moved_away", "closed"
]
MoneyUnit = Annotated[
    str, Field(json_schema_extra={"enum": list(MONEY_UNITS)}, description="Of the investment")
]


class EnteredProject(BaseModel):
    """A project as it is entered."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    name: Title
    industry: Code
    origin: Code
    destination: Code
    investment: Annotated[float, Field(ge=0)]
    investment_unit: MoneyUnit = USUAL_UNIT
    state: State
    state_on: date


class EnteredProjects(BaseModel):
    """Projects to add: all of them, or none."""

    model_config = ConfigDict(extra="forbid")

    projects: Annotated[list[EnteredProject], Field(min_length=1, max_length=MOST_PROJECTS)]


class EnteredState(BaseModel):
    """A state that a project enters."""

    model_config = ConfigDict(extra="forbid")

    state: State
    on: date


class ProjectsAdded(BaseModel):
    """Identities of the projects that were added, in their order."""

    projects: list[str]


def add_projects_routes(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of projects."""

    # Kept wide: what a page, a search and an answer are asked by.
    @app.get("/api/v1/projects", responses=REFUSALS, tags=TAGS)
    def list_projects_of_organisation(
        request: Request,
        response: Response,
        holding: Annotated[
            str, Query(max_length=200, description="Parts of name, industry or places")
        ] = "",
        state: State | None = None,
        limit: Limit = 100,
        after: Cursor = "",
    ) -> Page[Project]:
        """Return the projects of one's organisation, the newest first."""
        key = key_of(after, (str,))
        before = None if key is None else str(key[0])
        with refused_by_store():
            found = list_projects(bench.database, current_viewer(), holding, state, before, limit)
        following = None if found.after is None else cursor_of((found.after,))
        page = Page(items=list(found.projects), next=following)
        link_next(request, response, page)
        return page

    @app.post("/api/v1/projects", status_code=201, responses={**REFUSALS, **UNREAD}, tags=TAGS)
    def add_projects_of_organisation(asked: EnteredProjects) -> ProjectsAdded:
        """Add projects with the states that they are in: all of them, or none."""
        entered = [NewProject(**each.model_dump(mode="json")) for each in asked.projects]
        with refused_by_store():
            made = add_projects(bench.database, current_viewer(), entered)
        return ProjectsAdded(projects=list(made))

    @app.get("/api/v1/projects/{project}", responses=REFUSALS, tags=TAGS)
    def get_project(project: str) -> Project:
        """Return a project."""
        with refused_by_store():
            return find_project(bench.database, current_viewer(), project)

    @app.get("/api/v1/projects/{project}/transitions", responses=REFUSALS, tags=TAGS)
    def list_transitions(project: str) -> list[Transition]:
        """Return the states that a project entered, the first first."""
        with refused_by_store():
            return list(transitions_of(bench.database, current_viewer(), project))

    @app.post(
        "/api/v1/projects/{project}/transitions",
        status_code=201,
        responses={**REFUSALS, **UNREAD},
        tags=TAGS,
    )
    def enter_state(project: str, asked: EnteredState) -> Project:
        """Let a project enter a state; what came before stays in the list."""
        with refused_by_store():
            who = current_viewer()
            return add_transition(bench.database, who, project, asked.state, asked.on.isoformat())


@contextmanager
def refused_by_store() -> Iterator[None]:
    """Turn what the store refuses into problem details."""
    try:
        yield
    except NoSuchProject as error:
        raise Refusal(
            404, f"There is no project {error.args[0]!r}.", f"没有项目“{error.args[0]}”。"
        ) from None
    except StudyError as error:
        count = len(error.problems)
        raise Refusal(
            422, f"{count} thing(s) are wrong.", f"有{count}处须改正。", error.problems
        ) from None
