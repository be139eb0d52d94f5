"""What an accepted introduction says of the deal that both sides can make from it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from yanzhen.exchange.docking.introductions import NotIntroduced, decision_on, seen_introduction
from yanzhen.exchange.docking.wording import PHRASES
from yanzhen.exchange.listings.content import read_content
from yanzhen.exchange.listings.kinds import Project
from yanzhen.store.people.viewer import Viewer


@dataclass(frozen=True)
class Accepted:
    """An introduction that was accepted and is not withdrawn.

    Attributes
    ----------
    organisation, site_organisation : identities of who asked and of who accepted
    project, site : listings
    content : of the project, as it was when the introduction was asked for
    site_name, site_region : of the site as it was published then
    on : day of the acceptance, YYYY-MM-DD
    """

    organisation: str
    site_organisation: str
    project: str
    site: str
    content: Project
    site_name: str
    site_region: str
    on: str


def accepted(connection: Connection, viewer: Viewer, introduction: str) -> Accepted:
    """Return an introduction from which a deal can be made; nobody answers it meanwhile.

    Raises
    ------
    NoSuchIntroduction
        There is none that the viewer sees.
    NotIntroduced
        It was not accepted, or was withdrawn since.
    """
    row = seen_introduction(connection, viewer, introduction, to_change=True)
    state, since = decision_on(connection, introduction)
    if state != "accepted":
        raise NotIntroduced("not_accepted", answer=PHRASES.words(f"answer.{state}"))
    content = read_content(row.content)
    assert isinstance(content, Project)
    return Accepted(
        organisation=row.organisation,
        site_organisation=row.site_organisation,
        project=row.project,
        site=row.site,
        content=content,
        site_name=row.site_name,
        site_region=row.site_region,
        on=since[:10],
    )
