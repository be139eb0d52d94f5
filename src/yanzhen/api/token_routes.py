"""Addresses of the tokens by which one's own programs come."""

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.fields import SAYS_SOMETHING
from yanzhen.api.pagination import Cursor, Limit, Page, key_of, link_next, page_of
from yanzhen.api.responses import CONFLICT, REFUSALS, TOLD_ONCE, UNREAD, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.store.people.api_tokens import (
    LONGEST,
    USUAL_DAYS,
    make_token,
    revoke_token,
    tokens_of,
    told_of,
)
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["tokens"]
TokenScope = Literal["read", "write", "administer"]


class NewToken(BaseModel):
    """A token to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=SAYS_SOMETHING)]
    scopes: Annotated[list[TokenScope], Field(min_length=1, max_length=3)]
    days: Annotated[int, Field(ge=1, le=LONGEST.days, description="That it is valid")] = USUAL_DAYS


class TokenTold(BaseModel):
    """A token of one's own."""

    id: str
    name: str
    scopes: list[TokenScope]
    made_at: str
    expires_at: str | None
    used_at: str | None = Field(description="To the minute")
    revoked_at: str | None = Field(description="Null where it may be used until it expires")


class TokenMade(TokenTold):
    """A token that was made; it is told this once."""

    token: str


def add_tokens(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of tokens."""

    @app.get("/api/v1/tokens", responses=REFUSALS, tags=TAGS)
    def list_tokens(
        request: Request, response: Response, limit: Limit = 100, after: Cursor = ""
    ) -> Page[TokenTold]:
        """Return one's own tokens, the newest first; none tells the token itself."""
        key = key_of(after, (str, str))
        before = None if key is None else (str(key[0]), str(key[1]))
        found = tokens_of(bench.database, current_viewer().person, before, limit + 1)
        told = [TokenTold(**asdict(each)) for each in found]
        page = page_of(told, limit, lambda each: (each.made_at, each.id))
        link_next(request, response, page)
        return page

    @app.post(
        "/api/v1/tokens",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **CONFLICT},
        tags=TAGS,
    )
    def make_token_of_ones_own(asked: NewToken, response: Response) -> TokenMade:
        """Make a token for oneself, told this once; who comes by a token gives no other scope."""
        made = make_token(bench.database, current_viewer(), asked.name, asked.scopes, asked.days)
        response.headers.update(TOLD_ONCE)
        return TokenMade(**asdict(told_of(bench.database, made)), token=made)

    @app.delete("/api/v1/tokens/{token}", status_code=204, responses=REFUSALS, tags=TAGS)
    def revoke_token_of_ones_own(token: str) -> None:
        """Revoke a token of one's own, by its `id`; it is refused from then on."""
        revoke_token(bench.database, current_viewer(), token)
