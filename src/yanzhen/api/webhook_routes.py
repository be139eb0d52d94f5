"""Addresses of webhooks, by which an organisation's programs are told of notices."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.notice_routes import Kinds, refused_by_notices
from yanzhen.api.pagination import Cursor, Limit, Page, link_next, page_in_memory
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import REFUSALS, TOLD_ONCE, UNREAD, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.notices.hooks import (
    LONGEST,
    NoSuchWebhook,
    Webhook,
    enable_webhook,
    make_webhook,
    remove_webhook,
    webhooks_of,
)
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["webhooks"]


class NewWebhook(BaseModel):
    """A webhook to be made."""

    model_config = ConfigDict(extra="forbid")

    address: Annotated[str, Field(min_length=1, max_length=LONGEST, description="https://…")]
    kinds: Annotated[Kinds, Field(min_length=1)]


class WebhookTold(BaseModel):
    """A webhook of one's organisation."""

    id: str
    address: str
    kinds: Kinds
    made_at: str
    delivered_at: str | None = Field(description="When the newest notice arrived")
    failures: int = Field(description="Attempts since then that failed")
    last_error: str
    disabled_at: str | None = Field(description="Null while notices are sent")


class WebhookMade(WebhookTold):
    """A webhook that was made; its secret is told this once."""

    secret: str


def add_webhooks(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of webhooks."""

    @app.get("/api/v1/webhooks", responses=REFUSALS, tags=TAGS)
    def list_webhooks(
        request: Request, response: Response, limit: Limit = 100, after: Cursor = ""
    ) -> Page[WebhookTold]:
        """Return the webhooks of one's organisation; none tells its secret."""
        every = map(_told, webhooks_of(bench.database, current_viewer()))
        page = page_in_memory(every, limit, after, lambda each: (each.made_at, each.id), (str, str))
        link_next(request, response, page)
        return page

    @app.post("/api/v1/webhooks", status_code=201, responses={**REFUSALS, **UNREAD}, tags=TAGS)
    def make_webhook_of_organisation(asked: NewWebhook, response: Response) -> WebhookMade:
        """Make a webhook; the secret that signs what is sent there is told this once."""
        wanted = (asked.address, tuple(asked.kinds))
        with refused_by_webhooks():
            made, secret = make_webhook(bench.database, current_viewer(), *wanted)
        response.headers.update(TOLD_ONCE)
        return WebhookMade(**_told(made).model_dump(), secret=secret)

    @app.post("/api/v1/webhooks/{webhook}/enabled", responses=REFUSALS, tags=TAGS)
    def enable_webhook_of_organisation(webhook: str) -> WebhookTold:
        """Let a webhook that was disabled be sent to again, from now on."""
        with refused_by_webhooks():
            return _told(enable_webhook(bench.database, current_viewer(), webhook))

    @app.delete("/api/v1/webhooks/{webhook}", status_code=204, responses=REFUSALS, tags=TAGS)
    def remove_webhook_of_organisation(webhook: str) -> None:
        """Remove a webhook; nothing is sent there any more, and its secret is forgotten."""
        with refused_by_webhooks():
            remove_webhook(bench.database, current_viewer(), webhook)


@contextmanager
def refused_by_webhooks() -> Iterator[None]:
    """Turn what webhooks refuse into problem details."""
    try:
        with refused_by_notices():
            yield
    except NoSuchWebhook as error:
        said = error.args[0]
        raise Refusal(
            404, f"There is no {said!r} among your webhooks.", f"本单位的网络回调中没有“{said}”。"
        ) from None


def _told(webhook: Webhook) -> WebhookTold:
    return WebhookTold.model_validate(vars(webhook) | {"kinds": list(webhook.kinds)})
