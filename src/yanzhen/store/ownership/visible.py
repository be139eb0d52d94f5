"""Who may see a row: decided here, in SQL, and nowhere else.

Rows belong to an organisation, and its members see them; what is about one person's way of logging
in belongs to that person. A row that is not to be seen is treated as one that is not there.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Table, select

from yanzhen.store.database import tables
from yanzhen.store.people.viewer import Viewer

Rule = Callable[[Viewer], ColumnElement[bool]]


def visible(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition under which a viewer sees a row of a table.

    Raises
    ------
    KeyError
        The table holds nothing that anybody may ask for.
    """
    return _RULES[table](viewer)


def owned(table: Table) -> bool:
    """Whether rows of a table belong to somebody, so that they may be asked for."""
    return table in _RULES


def _organisation(table: Table) -> Rule:
    return lambda viewer: table.c.organisation == viewer.organisation


def _person(table: Table) -> Rule:
    return lambda viewer: table.c.person == viewer.person


def _transitions(viewer: Viewer) -> ColumnElement[bool]:
    seen = select(tables.projects.c.id).where(visible(tables.projects, viewer))
    return tables.transitions.c.project.in_(seen)


_RULES: Mapping[Table, Rule] = {
    tables.organisations: lambda viewer: tables.organisations.c.id == viewer.organisation,
    **{
        table: _organisation(table)
        for table in (
            *(tables.persons, tables.studies, tables.projects),
            *(tables.jobs, tables.audit),
        )
    },
    **{
        table: _person(table)
        for table in (
            *(tables.identities, tables.recovery_codes, tables.sessions),
            *(tables.api_tokens, tables.answers),
        )
    },
    tables.transitions: _transitions,
}
