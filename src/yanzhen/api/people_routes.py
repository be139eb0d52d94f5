"""Addresses about the people of an organisation."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.api.pagination import Cursor, Limit, Page, key_of, link_next, page_of
from yanzhen.api.responses import REFUSALS, TOLD_ONCE, UNREAD, Tags
from yanzhen.api.workbench import Workbench
from yanzhen.store.people.passwords import new_password
from yanzhen.store.people.persons import (
    Person,
    add_person,
    change_role,
    disable_person,
    drop_second_factor,
    enable_person,
    person_of,
    persons_of,
    set_password,
)
from yanzhen.store.people.viewer import Role
from yanzhen.store.people.viewing import current_viewer

TAGS: Tags = ["people"]


class NewPerson(BaseModel):
    """A person to be made."""

    model_config = ConfigDict(extra="forbid")

    login: Annotated[str, Field(pattern=r"^[\w.@+-]{2,200}$", max_length=200)]
    name: Annotated[str, Field(max_length=200)] = ""
    role: Role
    by_openid_alone: Annotated[
        bool, Field(description="Without a password: logs in by OpenID Connect")
    ] = False


class NewRole(BaseModel):
    """Another role for a person."""

    model_config = ConfigDict(extra="forbid")

    role: Role


class PersonTold(BaseModel):
    """A person of one's organisation."""

    id: str
    login: str
    name: str
    role: Role
    has_password: bool
    has_second_factor: bool
    made_at: str
    disabled_at: str | None = Field(description="Null where the person may log in")


class PersonMade(PersonTold):
    """A person who was made, with the password that is told this once."""

    password: str | None = Field(description="Null for a person who logs in by OpenID Connect")


class PasswordTold(BaseModel):
    """A password that is told this once."""

    password: str


# Kept whole: a list of routes, none of them over ten lines.
def add_people(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses about people."""

    @app.get("/api/v1/people", responses=REFUSALS, tags=TAGS)
    def list_people(
        request: Request, response: Response, limit: Limit = 100, after: Cursor = ""
    ) -> Page[PersonTold]:
        """Return the persons of one's organisation, by login."""
        key = key_of(after, (str,))
        behind = "" if key is None else str(key[0])
        found = persons_of(bench.database, current_viewer().organisation, behind, limit + 1)
        told = [PersonTold(**_told(each)) for each in found]
        page = page_of(told, limit, lambda each: (each.login,))
        link_next(request, response, page)
        return page

    @app.post("/api/v1/people", status_code=201, responses={**REFUSALS, **UNREAD}, tags=TAGS)
    def add_person_of_organisation(asked: NewPerson, response: Response) -> PersonMade:
        """Make a person of one's organisation; the password is told this once."""
        viewer = current_viewer()
        password = None if asked.by_openid_alone else new_password()
        who = (asked.login, asked.name, asked.role)
        made = add_person(bench.database, viewer, viewer.organisation, *who, password)
        response.headers.update(TOLD_ONCE)
        return PersonMade(**_told(person_of(bench.database, viewer, made)), password=password)

    @app.get("/api/v1/people/{person}", responses=REFUSALS, tags=TAGS)
    def get_person(person: str) -> PersonTold:
        """Return a person of one's organisation."""
        return PersonTold(**_told(person_of(bench.database, current_viewer(), person)))

    @app.patch("/api/v1/people/{person}", responses={**REFUSALS, **UNREAD}, tags=TAGS)
    def change_role_of_person(person: str, asked: NewRole) -> PersonTold:
        """Give a person another role."""
        change_role(bench.database, current_viewer(), person, asked.role)
        return PersonTold(**_told(person_of(bench.database, current_viewer(), person)))

    @app.delete("/api/v1/people/{person}", status_code=204, responses=REFUSALS, tags=TAGS)
    def disable_person_of_organisation(person: str) -> None:
        """Let a person log in no more; sessions and tokens end at once."""
        disable_person(bench.database, current_viewer(), person)

    @app.post("/api/v1/people/{person}/enabled", status_code=204, responses=REFUSALS, tags=TAGS)
    def enable_person_of_organisation(person: str) -> None:
        """Let a person log in again."""
        enable_person(bench.database, current_viewer(), person)

    @app.post("/api/v1/people/{person}/password", status_code=201, responses=REFUSALS, tags=TAGS)
    def renew_password(person: str, response: Response) -> PasswordTold:
        """Give a person a new password, told this once; sessions end."""
        said = new_password()
        set_password(bench.database, current_viewer(), person, said)
        response.headers.update(TOLD_ONCE)
        return PasswordTold(password=said)

    @app.delete(
        "/api/v1/people/{person}/second-factor", status_code=204, responses=REFUSALS, tags=TAGS
    )
    def drop_factor(person: str) -> None:
        """Take a second factor off a person who has lost it."""
        drop_second_factor(bench.database, current_viewer(), person)


def _told(person: Person) -> dict[str, Any]:
    return {name: value for name, value in asdict(person).items() if name != "organisation"}
