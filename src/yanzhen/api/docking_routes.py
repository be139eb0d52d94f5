"""Addresses of docking on the exchange: clearings, prices, shortlists, introductions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.entity_tags import tagged
from yanzhen.api.exchange_answers import ClearingSummary, LeftOut, ToldShortlist
from yanzhen.api.exchange_routes import refused_by_exchange
from yanzhen.api.fields import Identity
from yanzhen.api.job_routes import TOO_MANY
from yanzhen.api.jobs import Job
from yanzhen.api.pagination import Cursor, Limit, Page, cursor_of, key_of, link_next, page_in_memory
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import CONFLICT, REFUSALS, RESULTS, UNREAD, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.docking.introductions import (
    GivenAnswer,
    Introduction,
    NoSuchIntroduction,
    NotIntroduced,
    answer_introduction,
    answers_of,
    ask_introduction,
    find_introduction,
    list_introductions,
)
from yanzhen.exchange.docking.telling import LikelyProject
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["exchange"]
SHORTLIST = {**REFUSALS, **CONFLICT}
Text = Annotated[str, Field(max_length=5000)]


class Price(BaseModel):
    """The indicative price of one resource of a site.

    Attributes
    ----------
    capacity : listed, null where not limited
    posted : a year
    premium : of scarcity, over the posted price
    """

    site: str
    resource: str
    capacity: float | None
    posted: float
    premium: float


class AskedIntroduction(BaseModel):
    """A request to a site for an introduction of a project."""

    model_config = ConfigDict(extra="forbid")

    project: Identity
    site: Identity
    text: Text = ""


class SaidAnswer(BaseModel):
    """What one side answers."""

    model_config = ConfigDict(extra="forbid")

    answer: Literal["accepted", "declined", "message", "withdrawn"]
    text: Text = ""


class MadeIntroduction(BaseModel):
    """The identity of an introduction that was asked for."""

    introduction: str


# Kept whole: a list of routes, none of them over fifteen lines.
def add_docking(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of docking."""
    root = "/api/v1/exchange"

    @app.post(
        f"{root}/clearings",
        status_code=202,
        responses={**REFUSALS, **TOO_MANY},
        tags=TAGS,
        name="clear_exchange",
    )
    def clear() -> Job:
        """Start clearing the market over what is listed."""
        return bench.clear_exchange()

    @app.get(f"{root}/clearings/latest", responses=RESULTS, tags=TAGS, name="get_clearing")
    def cleared(request: Request) -> ClearingSummary:
        """Return what was cleared last, and the proof that the prices clear it."""
        tagged(request, bench.exchange.place())
        return bench.exchange.summary()

    @app.get(f"{root}/prices", responses=RESULTS, tags=TAGS, name="list_exchange_prices")
    def prices(
        request: Request, response: Response, limit: Limit = 100, after: Cursor = ""
    ) -> Page[Price]:
        """Return the indicative prices of all sites, by site and resource."""
        tagged(request, bench.exchange.place())
        every: list[Any] = [Price(**row) for row in bench.exchange.prices().iter_rows(named=True)]
        page: Page[Price] = page_in_memory(
            every, limit, after, lambda each: (each.site, each.resource), (str, str)
        )
        link_next(request, response, page)
        return page

    @app.get(f"{root}/shortlists/{{listing}}", responses=SHORTLIST, tags=TAGS, name="get_shortlist")
    def shortlist(listing: str) -> ToldShortlist:
        """Return where a project of one's own would go, with reasons, at the latest prices."""
        with refused_by_exchange():
            return bench.exchange.shortlist(listing)

    @app.get(f"{root}/prospects/{{listing}}", responses=SHORTLIST, tags=TAGS, name="list_prospects")
    def prospects(listing: str) -> list[LikelyProject]:
        """Return who may come to a site of one's own, without who they are unless listed so."""
        with refused_by_exchange():
            return list(bench.exchange.prospects(listing))

    @app.get(f"{root}/left-out/{{listing}}", responses=SHORTLIST, tags=TAGS, name="get_left_out")
    def left_out(listing: str) -> LeftOut:
        """Return what the latest clearing left out of a listing of one's own, and why."""
        with refused_by_exchange():
            return bench.exchange.left_out(listing)

    @app.get(f"{root}/introductions", responses=REFUSALS, tags=TAGS, name="list_introductions")
    def listed(
        request: Request, response: Response, limit: Limit = 100, after: Cursor = ""
    ) -> Page[Introduction]:
        """Return the introductions that one's organisation asked for or was asked for."""
        key = key_of(after, (str,))
        before = None if key is None else str(key[0])
        with refused_by_docking():
            found = list_introductions(bench.database, current_viewer(), before, limit)
        following = None if found.after is None else cursor_of((found.after,))
        page = Page(items=list(found.introductions), next=following)
        link_next(request, response, page)
        return page

    @app.post(
        f"{root}/introductions",
        status_code=201,
        responses={**SHORTLIST, **UNREAD},
        tags=TAGS,
        name="ask_introduction",
    )
    def ask(said: AskedIntroduction) -> MadeIntroduction:
        """Ask a site for an introduction: from then on its organisation sees the project."""
        made = asked_for(bench, said.project, said.site, said.text)
        return MadeIntroduction(introduction=made)

    own = f"{root}/introductions/{{introduction}}"

    @app.get(own, responses=REFUSALS, tags=TAGS, name="get_introduction")
    def get(introduction: str) -> Introduction:
        """Return an introduction."""
        with refused_by_docking():
            return find_introduction(bench.database, current_viewer(), introduction)

    @app.get(f"{own}/answers", responses=REFUSALS, tags=TAGS, name="list_introduction_answers")
    def answers(introduction: str) -> list[GivenAnswer]:
        """Return what both sides answered, the first first."""
        with refused_by_docking():
            return list(answers_of(bench.database, current_viewer(), introduction))

    @app.post(
        f"{own}/answers",
        status_code=201,
        responses={**SHORTLIST, **UNREAD},
        tags=TAGS,
        name="answer_introduction",
    )
    def answer(introduction: str, said: SaidAnswer) -> Introduction:
        """Answer as the side that one is of."""
        with refused_by_docking():
            who = current_viewer()
            return answer_introduction(bench.database, who, introduction, said.answer, said.text)


def asked_for(bench: Workbench, project: str, site: str, text: str) -> str:
    """Ask a site for an introduction; return its identity.

    Raises
    ------
    Refusal
        404 where one of the two is not to be seen, 409 where it cannot be asked.
    """
    with refused_by_docking():
        return ask_introduction(bench.database, current_viewer(), project, site, text)


@contextmanager
def refused_by_docking() -> Iterator[None]:
    """Turn what the exchange refuses into problem details."""
    try:
        with refused_by_exchange():
            yield
    except NoSuchIntroduction as error:
        said = str(error.args[0])
        en, zh = f"There is no introduction {said!r}.", f"没有引荐“{said}”。"
        raise Refusal(404, en, zh) from None
    except NotIntroduced as error:
        raise Refusal(409, *error.words) from None
