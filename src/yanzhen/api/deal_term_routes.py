"""Addresses of the terms of deals: versions, what changed between them, who agreed."""

from typing import Annotated

from fastapi import FastAPI, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.deal_refusals import refused_by_deals
from yanzhen.api.responses import CONFLICT, REFUSALS, UNREAD, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.deals.clauses import Clause
from yanzhen.exchange.deals.terms import (
    LONGEST,
    Version,
    agree,
    changes_between,
    propose_terms,
    version_of,
    versions_of,
)
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["deals"]
LAST = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=LAST)]


class ProposedTerms(BaseModel):
    """Terms of a contract as TOML, in any order and form that is read."""

    model_config = ConfigDict(extra="forbid")

    terms: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class Agreed(BaseModel):
    """For which party somebody agrees, and to what he read."""

    model_config = ConfigDict(extra="forbid")

    organisation: Annotated[
        str, Field(max_length=32, pattern=r"^[0-9a-z]+$", description="One's own")
    ]
    sha256: Annotated[
        str, Field(pattern=r"^[0-9a-f]{64}$", description="Of the version that was read")
    ]


def add_deal_terms(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of terms."""
    below = "/api/v1/exchange/deals/{deal}/terms"
    writing = {**REFUSALS, **UNREAD, **CONFLICT}

    @app.get(below, responses=REFUSALS, tags=TAGS)
    def list_terms_of_deal(deal: str) -> list[Version]:
        """Return the versions of a deal's terms, the first first."""
        with refused_by_deals():
            return list(versions_of(bench.database, current_viewer(), deal))

    @app.post(below, status_code=201, responses=writing, tags=TAGS)
    def propose_terms_of_deal(deal: str, asked: ProposedTerms) -> Version:
        """Propose terms: they become the newest version, which parties can agree to."""
        with refused_by_deals():
            return propose_terms(bench.database, current_viewer(), deal, asked.terms)

    @app.get(f"{below}/{{version}}", responses=REFUSALS, tags=TAGS)
    def get_terms_of_deal(deal: str, version: Number) -> Version:
        """Return a version of a deal's terms."""
        with refused_by_deals():
            return version_of(bench.database, current_viewer(), deal, version)

    @app.get(f"{below}/{{version}}/changes", responses=REFUSALS, tags=TAGS)
    def list_changed_clauses(
        deal: str,
        version: Number,
        since: Annotated[
            int | None, Query(ge=1, le=LAST, description="Earlier version; the one before")
        ] = None,
    ) -> list[Clause]:
        """Return the clauses of a version that are not as they were."""
        with refused_by_deals():
            viewer = current_viewer()
            return list(changes_between(bench.database, viewer, deal, version, since))

    @app.post(f"{below}/{{version}}/agreements", status_code=201, responses=writing, tags=TAGS)
    def agree_to_terms(deal: str, version: Number, asked: Agreed) -> Version:
        """Agree to a version for one's own organisation; the last party's agreement signs it."""
        with refused_by_deals():
            viewer, party = current_viewer(), asked.organisation
            return agree(bench.database, viewer, deal, version, party, asked.sha256)
