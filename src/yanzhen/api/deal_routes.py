"""Addresses of deals: their parties, what happened to them, and their register."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Body, FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from yanzhen.api.deal_refusals import refused_by_deals
from yanzhen.api.docking_routes import refused_by_docking
from yanzhen.api.downloads import attached
from yanzhen.api.fields import Code, Identity, Title
from yanzhen.api.if_match import CHANGED, IfMatch, tag_version, version_in, version_or_any
from yanzhen.api.pagination import Cursor, Limit, Page, cursor_of, key_of, link_next
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import CONFLICT, REFUSALS, UNREAD, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.deals.changing import add_party, add_transitions, change_deal, make_deal
from yanzhen.exchange.deals.deal import Deal, NewDeal, NewParty, Transition
from yanzhen.exchange.deals.finding import find_deal, list_deals, transitions_of
from yanzhen.exchange.deals.following import LARGEST, Happened
from yanzhen.exchange.deals.from_introduction import make_from_introduction
from yanzhen.exchange.deals.register import as_csv, in_yuan, register
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["deals"]
MOST_AT_ONCE = 100
OrganisationId = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[0-9a-z]+$")]
Fen = Annotated[int, Field(ge=1, le=LARGEST, description="Fen")]
State = Literal[
    "contact",
    "talks",
    "offer",
    "terms_agreed",
    "signed",
    "started",
    "in_production",
    "at_capacity",
    "stalled",
    "moved_away",
    "closed",
    "withdrawn",
]
Event = Literal[State, "increase", "funds"]
Capacity = Literal["enterprise", "operator", "host", "home", "fund"]
Mode = Literal["direct", "chain", "coconstruction", "technology"]
MONEY = "100 million CNY"


class EnteredParty(BaseModel):
    """An organisation that takes part in a deal."""

    model_config = ConfigDict(extra="forbid")

    organisation: OrganisationId
    capacity: Capacity


class EnteredTransition(BaseModel):
    """What happens to a deal on a day; the amount is capital signed, added, or arrived."""

    model_config = ConfigDict(extra="forbid")

    event: Event
    on: date
    amount: Fen | None = None

    def happened(self) -> Happened:
        """Return it as deals take it."""
        return Happened(self.event, self.on.isoformat(), self.amount)


class EnteredTransitions(BaseModel):
    """What happens to a deal: all of it is entered, or nothing."""

    model_config = ConfigDict(extra="forbid")

    transitions: Annotated[list[EnteredTransition], Field(min_length=1, max_length=MOST_AT_ONCE)]


class EnteredDeal(EnteredTransitions):
    """A deal as it is entered, with what happened from the first state that is known."""

    title: Title
    mode: Mode
    industry: Code
    origin: Code
    destination: Code
    parties: Annotated[list[EnteredParty], Field(min_length=1, max_length=20)]
    investment: Fen | None = None


class DealOfIntroduction(BaseModel):
    """A deal made from an accepted introduction, which says parties, industry, places, investment.

    Without a title it has the names of project and site; without transitions it begins with the
    contact of the acceptance.
    """

    model_config = ConfigDict(extra="forbid")

    introduction: Identity
    title: Title | None = None
    mode: Mode = "direct"
    transitions: Annotated[list[EnteredTransition], Field(max_length=MOST_AT_ONCE)] = []


def _way_of_making(said: Any) -> str | None:
    if isinstance(said, DealOfIntroduction) or (isinstance(said, dict) and "introduction" in said):
        return "of_introduction"
    return "by_hand" if isinstance(said, dict | EnteredDeal) else None


AnyDeal = Annotated[
    Annotated[EnteredDeal, Tag("by_hand")] | Annotated[DealOfIntroduction, Tag("of_introduction")],
    Discriminator(_way_of_making),
    Body(),
]


class ChangedDeal(BaseModel):
    """What changes of a deal; what is not said stays."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    investment: Fen | None = None
    owner: OrganisationId | None = Field(None, description="Person of one's own organisation")


# Kept whole: a list of routes, none of them over fifteen lines.
def add_deals(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of deals."""

    @app.get("/api/v1/exchange/deals", responses=REFUSALS, tags=TAGS)
    def list_deals_of_parties(
        request: Request,
        response: Response,
        state: State | None = None,
        limit: Limit = 100,
        after: Cursor = "",
    ) -> Page[Deal]:
        """Return the deals to which one's organisation is a party, the newest first."""
        key = key_of(after, (str,))
        before = None if key is None else str(key[0])
        with refused_by_deals():
            found = list_deals(bench.database, current_viewer(), state, before, limit)
        following = None if found.after is None else cursor_of((found.after,))
        page = Page(items=list(found.deals), next=following)
        link_next(request, response, page)
        return page

    @app.post(
        "/api/v1/exchange/deals",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **CONFLICT},
        tags=TAGS,
    )
    def add_deal(asked: AnyDeal, response: Response) -> Deal:
        """Make a deal, one's own organisation among its parties, or that of an introduction."""
        with refused_by_docking(), refused_by_deals():
            return _tagged(response, _made(bench, asked))

    @app.get("/api/v1/exchange/deals/{deal}", responses=REFUSALS, tags=TAGS)
    def get_deal(deal: str, response: Response) -> Deal:
        """Return a deal; its ETag is its version."""
        with refused_by_deals():
            return _tagged(response, find_deal(bench.database, current_viewer(), deal))

    @app.patch(
        "/api/v1/exchange/deals/{deal}", responses={**REFUSALS, **UNREAD, **CHANGED}, tags=TAGS
    )
    def change_deal_of_parties(
        deal: str, asked: ChangedDeal, response: Response, if_match: IfMatch = None
    ) -> Deal:
        """Change title, investment or owner of a deal, of the version in If-Match."""
        with refused_by_deals():
            # What a request asks of versions matters only where it would be answered (RFC 9110,
            # 13.2.1).
            find_deal(bench.database, current_viewer(), deal)
        version, values = version_in(if_match), asked.model_dump(exclude_unset=True)
        if values.get("title", "") is None:
            del values["title"]
        with refused_by_deals():
            changed = change_deal(bench.database, current_viewer(), deal, values, version)
        return _tagged(response, changed)

    @app.post(
        "/api/v1/exchange/deals/{deal}/parties",
        status_code=201,
        responses={**REFUSALS, **UNREAD},
        tags=TAGS,
    )
    def add_party_to_deal(deal: str, asked: EnteredParty, response: Response) -> Deal:
        """Let another organisation take part in a deal, which it sees from then on."""
        party = NewParty(asked.organisation, asked.capacity)
        with refused_by_deals():
            return _tagged(response, add_party(bench.database, current_viewer(), deal, party))

    @app.get("/api/v1/exchange/deals/{deal}/transitions", responses=REFUSALS, tags=TAGS)
    def list_transitions_of_deal(deal: str) -> list[Transition]:
        """Return what happened to a deal, the first first."""
        with refused_by_deals():
            return list(transitions_of(bench.database, current_viewer(), deal))

    @app.post(
        "/api/v1/exchange/deals/{deal}/transitions",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **CHANGED},
        tags=TAGS,
    )
    def enter_transitions_of_deal(
        deal: str, asked: EnteredTransitions, response: Response, if_match: IfMatch = None
    ) -> Deal:
        """Enter what happened to a deal: all of it, or nothing, with everything that is wrong."""
        with refused_by_deals():
            find_deal(bench.database, current_viewer(), deal)
        version = version_or_any(if_match)
        happened = [each.happened() for each in asked.transitions]
        with refused_by_deals():
            changed = add_transitions(bench.database, current_viewer(), deal, happened, version)
        return _tagged(response, changed)

    @app.get(
        "/api/v1/exchange/register",
        response_class=Response,
        responses={200: {"content": {"text/csv": {}}}, **REFUSALS},
        tags=TAGS,
    )
    def register_of_deals(
        money: Annotated[str, Query(description="Unit of amounts, in yuan")] = MONEY,
    ) -> Response:
        """Return what happened from signing on, as a study's table `transitions`."""
        if money not in in_yuan():
            raise _no_unit(money)
        content = as_csv(register(bench.database, current_viewer(), money))
        headers = attached("transitions.csv")
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _made(bench: Workbench, asked: EnteredDeal | DealOfIntroduction) -> Deal:
    viewer = current_viewer()
    happened = tuple(each.happened() for each in asked.transitions)
    if isinstance(asked, DealOfIntroduction):
        said = (asked.introduction, asked.title or "", asked.mode, happened)
        made = make_from_introduction(bench.database, viewer, *said)
    else:
        entered = asked.model_dump(exclude={"parties", "transitions"})
        parties = tuple(NewParty(each.organisation, each.capacity) for each in asked.parties)
        new = NewDeal(**entered, parties=parties, happened=happened)
        made = make_deal(bench.database, viewer, new)
    return find_deal(bench.database, viewer, made)


def _tagged(response: Response, deal: Deal) -> Deal:
    tag_version(response, deal.version)
    return deal


def _no_unit(money: str) -> Refusal:
    known = ", ".join(in_yuan())
    return Refusal(
        422,
        f"There is no unit of money {money!r}; there are: {known}.",
        f"没有货币单位“{money}”；可用：{known}。",
        errors=[{"in": "query", "pointer": "#/money", "detail": f"is none of {known}"}],
    )
