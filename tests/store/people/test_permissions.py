"""Who may do what: each cell of the table, written down here a second time."""

import pytest

from yanzhen.store.people.permissions import ACTIONS, PERMISSIONS, permitted, scope_of
from yanzhen.store.people.viewer import EVERYTHING, Viewer

ROLES = ("analyst", "enterprise", "zone", "planner", "fund", "auditor", "administrator")
# Under each role what it may do: r(ead), m(ake), c(hange), d (remove); - for nothing.
TABLE = """
studies     rmcd r    r    rmcd r    r    rmcd
imports     rmcd -    -    rmcd -    r    rmcd
results     rm   rm   rm   rm   rm   r    rm
contracts   rm   rm   rm   rm   rm   r    rm
scenarios   rmcd r    rmcd rmcd rmcd r    rmcd
lists       rm   rm   rm   rm   -    r    rm
verdicts    rmc  rmc  rmc  rmc  r    r    rmc
jobs        rmd  rmd  rmd  rmd  rmd  r    rmd
projects    r    -    rmc  rmcd r    r    rmcd
deals       r    rmc  rmc  rmc  rmc  r    rmc
terms       r    rmc  rmc  rmc  rmc  r    rmc
statements  r    r    rmc  rmc  rc   r    rmc
listings      rmc  rmc  rmc  rmc  rmc  r    rmc
publications  -    -    -    -    -    -    m
introductions r    rmc  rc   rmc  r    r    rmc
notices     rc   rc   rc   rc   rc   rc   rc
webhooks    -    -    -    -    -    r    rmcd
statistics  r    r    r    r    r    rm   rm
people      -    -    -    -    -    r    rmcd
tokens      rmd  rmd  rmd  rmd  rmd  rmd  rmd
audit       -    -    -    -    -    r    r
"""
ROWS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}
CELLS = [
    (role, resource, action, letter in may)
    for resource, row in ROWS.items()
    for role, may in zip(ROLES, row, strict=True)
    for action, letter in zip(ACTIONS, "rmcd", strict=True)
]


def test_the_table_names_every_thing() -> None:
    assert set(ROWS) == set(PERMISSIONS)


@pytest.mark.parametrize(("role", "resource", "action", "may"), CELLS)
def test_a_cell(role: str, resource: str, action: str, may: bool) -> None:
    everywhere = Viewer("p", "o", role)  # type: ignore[arg-type]
    assert permitted(everywhere, action, resource) is may  # type: ignore[arg-type]
    # A token without the scope may nothing, one with it alone as much as the person.
    scope = scope_of(action, resource)  # type: ignore[arg-type]
    for scopes, expected in (({scope}, may), (EVERYTHING - {scope}, False), (set(), False)):
        token = Viewer("p", "o", role, frozenset(scopes))  # type: ignore[arg-type]
        assert permitted(token, action, resource) is expected  # type: ignore[arg-type]
