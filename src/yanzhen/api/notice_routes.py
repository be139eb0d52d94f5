"""Addresses of notices: what one was told, what one has read, what comes by e-mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.fields import Identity
from yanzhen.api.pagination import Cursor, Limit, Page, cursor_of, key_of, link_next
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import REFUSALS, UNREAD, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.notices.naming import About
from yanzhen.exchange.notices.notice import Notice
from yanzhen.exchange.notices.reading import (
    COUNTED,
    NoSuchNotice,
    count_unread,
    list_notices,
    mark_all_read,
    mark_read,
)
from yanzhen.exchange.notices.settings import LONGEST, Settings, change_settings, settings_of
from yanzhen.exchange.notices.wording import NotTaken
from yanzhen.store.outbox.kinds import KINDS
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["notices"]
Kind = Annotated[str, Field(min_length=1, max_length=40, json_schema_extra={"enum": list(KINDS)})]
Kinds = Annotated[list[Kind], Field(max_length=len(KINDS))]


class NoticeTold(BaseModel):
    """A notice; `name` and `told_by` are empty where the reader sees nothing of it any more."""

    id: str
    kind: Kind
    about: About
    subject: str = Field(description="Identity of what it is about")
    name: str
    told_by: str = Field(description="Organisation that did it")
    facts: dict[str, str | int]
    title_zh: str
    title_en: str
    page: str = Field(description="Its page in the workbench")
    made_at: str
    read: bool


class Unread(BaseModel):
    """How many notices one has not read."""

    unread: Annotated[int, Field(ge=0, le=COUNTED, description=f"{COUNTED} for so many or more")]


class NewlyRead(BaseModel):
    """Notices that one has read: each of some, or one and all before it."""

    model_config = ConfigDict(extra="forbid")

    notices: Annotated[list[Identity], Field(max_length=500)] = []
    up_to: Identity | None = None


class WantedSettings(BaseModel):
    """What one wants by e-mail, in place of what was."""

    model_config = ConfigDict(extra="forbid")

    mail_address: Annotated[str, Field(min_length=3, max_length=LONGEST)] | None
    mail_kinds: Kinds
    language: Literal["zh", "en"] = "zh"


class SettingsTold(WantedSettings):
    """What one gets by e-mail."""

    mail_error: str = Field(description="Why the newest e-mail did not arrive, if it did not")


def add_notices(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of notices."""

    @app.get("/api/v1/notices", responses=REFUSALS, tags=TAGS)
    def list_notices_of_person(
        request: Request,
        response: Response,
        unread: bool = False,
        limit: Limit = 100,
        after: Cursor = "",
    ) -> Page[NoticeTold]:
        """Return what one's organisation was told and one may read, the newest first."""
        key = key_of(after, (str,))
        before = None if key is None else str(key[0])
        with refused_by_notices():
            found = list_notices(bench.database, current_viewer(), unread, before, limit)
        following = None if found.after is None else cursor_of((found.after,))
        page = Page(items=[_told(each) for each in found.notices], next=following)
        link_next(request, response, page)
        return page

    @app.get("/api/v1/notices/unread", tags=TAGS)
    def count_unread_notices() -> Unread:
        """Return how many notices one has not read."""
        return Unread(unread=count_unread(bench.database, current_viewer()))

    @app.post(
        "/api/v1/notices/readings", status_code=204, responses={**REFUSALS, **UNREAD}, tags=TAGS
    )
    def mark_notices_read(asked: NewlyRead) -> None:
        """Mark notices as read by oneself; they stay unread to one's colleagues."""
        with refused_by_notices():
            if asked.notices:
                mark_read(bench.database, current_viewer(), asked.notices)
            if asked.up_to is not None:
                mark_all_read(bench.database, current_viewer(), asked.up_to)

    @app.get("/api/v1/notices/settings", tags=TAGS)
    def get_notice_settings() -> SettingsTold:
        """Return what one gets by e-mail."""
        return _settings(settings_of(bench.database, current_viewer()))

    @app.put("/api/v1/notices/settings", responses={**REFUSALS, **UNREAD}, tags=TAGS)
    def change_notice_settings(asked: WantedSettings) -> SettingsTold:
        """Say what one wants by e-mail."""
        wanted = Settings(asked.mail_address, tuple(asked.mail_kinds), asked.language)
        with refused_by_notices():
            return _settings(change_settings(bench.database, current_viewer(), wanted))


@contextmanager
def refused_by_notices() -> Iterator[None]:
    """Turn what notices refuse into problem details."""
    try:
        yield
    except NoSuchNotice as error:
        said = error.args[0]
        raise Refusal(
            404, f"There is no {said!r} among your notices.", f"您的通知中没有“{said}”。"
        ) from None
    except NotTaken as error:
        english, chinese = error.words
        wrong = {"in": "body", "pointer": f"#/{error.field}", "detail": english}
        raise Refusal(422, english, chinese, errors=[wrong]) from None


def _told(notice: Notice) -> NoticeTold:
    own = {name: getattr(notice, name) for name in NoticeTold.model_fields if "title" not in name}
    return NoticeTold(**own, title_zh=notice.title("zh"), title_en=notice.title("en"))


def _settings(settings: Settings) -> SettingsTold:
    return SettingsTold(
        mail_address=settings.mail_address,
        mail_kinds=list(settings.mail_kinds),
        language=settings.language,
        mail_error=settings.mail_error,
    )
