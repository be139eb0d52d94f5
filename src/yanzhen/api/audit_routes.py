"""Addresses of the record of changes: what was changed by whom, and whether the record is whole."""

from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, Field

from yanzhen.api.pagination import Cursor, Limit, Page, key_of, link_next, page_of
from yanzhen.api.responses import REFUSALS, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.store.audit.verifying import verify
from yanzhen.store.ownership.changes import changes_of
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["audit"]


class ChangeTold(BaseModel):
    """What was changed, by whom."""

    at: str
    login: str | None = Field(description="Null for the operator of the machine")
    name: str | None
    action: str
    resource: str
    subject: str
    change: dict[str, Any]
    hash: str = Field(description="Of this row and all before it (SHA-256)")


class Verification(BaseModel):
    """Whether the record is what was written."""

    holds: bool = Field(description="No row was changed, taken out or put in")


def add_audit(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of the record of changes."""

    @app.get("/api/v1/audit", responses=REFUSALS, tags=TAGS)
    def list_changes(
        request: Request, response: Response, limit: Limit = 100, after: Cursor = ""
    ) -> Page[ChangeTold]:
        """Return what was changed in one's organisation, the newest first."""
        key = key_of(after, (str,))
        before = "" if key is None else str(key[0])
        rows = changes_of(bench.database, current_viewer(), before, limit + 1)
        page = page_of([ChangeTold(**row) for row in rows], limit, lambda row: (row.hash,))
        link_next(request, response, page)
        return page

    @app.get("/api/v1/audit/verification", responses=REFUSALS, tags=TAGS)
    def verify_changes() -> Verification:
        """Read the whole record, of all organisations, and return whether it holds.

        Which row is wrong is told to the operator of the machine by `yanzhen store audit --verify`.
        """
        with bench.database.reading() as connection:
            return Verification(holds=not verify(connection).broken)
