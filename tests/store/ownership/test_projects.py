"""Projects are listed, found and moved on by those to whom they belong, and by nobody else."""

from collections.abc import Iterator
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.store.ownership.organisations import OTHERS, OURS, add_organisations
from yanzhen.store.audit.verifying import verify
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import audit, projects, transitions
from yanzhen.store.ownership.project_words import index_anew, plain
from yanzhen.store.ownership.projects import (
    LONGEST,
    NewProject,
    NoSuchProject,
    add_projects,
    add_transition,
    find_project,
    list_projects,
    transitions_of,
)
from yanzhen.study import StudyError

STEEL = NewProject(
    "合肥钢构件厂",
    "金属制品业",
    "上海",
    "安徽合肥",
    1.5e8,
    "signed",
    "2026-01-05",
    investment_unit="CNY",
)
CHIPS = NewProject("Wuxi Chip Packaging", "C39", "无锡", "芜湖", 2e9, "started", "2026-02-01")


@pytest.fixture
def shared(database: Database) -> Iterator[Database]:
    add_organisations(database)
    yield database


def found(database: Database, said: str = "", **asked: str) -> list[str]:
    return [each.name for each in list_projects(database, OURS, said, **asked).projects]


def test_a_project_is_there_with_its_first_state_and_in_the_record(shared: Database) -> None:
    (key,) = add_projects(shared, OURS, [STEEL])
    project = find_project(shared, OURS, key)
    assert replace(STEEL) == NewProject(
        **{name: value for name, value in asdict(project).items() if name in asdict(STEEL)}
    )
    assert [(each.state, each.on) for each in transitions_of(shared, OURS, key)] == [
        ("signed", "2026-01-05")
    ]
    with shared.reading() as connection:
        row = connection.execute(select(audit)).one()
        assert (row.action, row.resource, row.subject) == ("make", "project", key)
        assert (row.person, row.organisation) == ("ann", "ours")


def test_a_state_follows_and_is_the_projects_own_at_once(shared: Database) -> None:
    (key,) = add_projects(shared, OURS, [STEEL])
    after = add_transition(shared, OURS, key, "started", "2026-03-01")
    assert (after.state, after.state_on) == ("started", "2026-03-01")
    assert find_project(shared, OURS, key) == after
    assert [each.state for each in transitions_of(shared, OURS, key)] == ["signed", "started"]
    assert found(shared, state="started") == [STEEL.name] == found(shared, "合肥", state="started")
    assert found(shared, state="signed") == [] == found(shared, "合肥", state="signed")
    with shared.reading() as connection:
        assert verify(connection).rows == 2


@pytest.mark.parametrize(
    ("state", "on", "said"),
    [
        ("in_production", "2026-01-05", ["a day after 2026-01-05"]),
        ("signed", "2025-12-31", ["a day after 2026-01-05", "after signed one of"]),
        ("begun", "2026-02-30", ["one of signed", "a day, YYYY-MM-DD"]),
        ("started", "20260301", ["a day, YYYY-MM-DD"]),
    ],
)
def test_what_cannot_follow_is_refused_with_all_reasons(
    shared: Database, state: str, on: str, said: list[str]
) -> None:
    (key,) = add_projects(shared, OURS, [STEEL])
    with pytest.raises(StudyError) as refused:
        add_transition(shared, OURS, key, state, on)
    assert len(refused.value.problems) == len(said)
    for problem, expected in zip(refused.value.problems, said, strict=False):
        assert any(expected in each.expected for each in refused.value.problems), problem
    assert len(transitions_of(shared, OURS, key)) == 1


def test_nothing_follows_an_end(shared: Database) -> None:
    (key,) = add_projects(shared, OURS, [replace(STEEL, state="closed")])
    with pytest.raises(StudyError, match="no state after closed"):
        add_transition(shared, OURS, key, "started", "2026-05-01")


def test_everything_wrong_is_told_at_once_and_nothing_is_kept(shared: Database) -> None:
    wrong = NewProject(" ", "x" * 65, "\ud800", "合\0肥", float("nan"), "gone", "soon")
    wrong = replace(wrong, investment_unit="pieces of eight")
    with pytest.raises(StudyError) as refused:
        add_projects(shared, OURS, [STEEL, wrong])
    told = [(problem.row, problem.column) for problem in refused.value.problems]
    assert told == [(2, field.name) for field in fields(NewProject)]
    assert found(shared) == []


def test_the_texts_are_as_long_as_their_columns() -> None:
    assert {name: projects.c[name].type.length for name in LONGEST} == LONGEST  # type: ignore[attr-defined]


def test_a_part_of_any_text_finds_it(shared: Database) -> None:
    add_projects(shared, OURS, [STEEL, CHIPS])
    add_projects(shared, OTHERS, [STEEL])
    by_names = {
        (STEEL.name,): ("合肥", "肥钢构", "钢", "厂", "上海 金属"),
        (CHIPS.name,): ("湖", "chip PACK", "ｃｈｉｐ", "c39", "hi"),
        (): ("合钢", "厂金", "上海 无锡", '\' OR "1" & ! :* -', "𠮷", "\0"),
        (CHIPS.name, STEEL.name): ("", "  "),
    }
    wanted = {said: list(names) for names, every in by_names.items() for said in every}
    assert {said: found(shared, said) for said in wanted} == wanted
    with shared.writing() as connection:
        index_anew(connection)
    assert {said: found(shared, said) for said in wanted} == wanted


def test_pages_go_through_all_once(shared: Database) -> None:
    add_projects(shared, OURS, [replace(STEEL, name=f"厂{number}") for number in range(7)])
    add_projects(shared, OTHERS, [replace(STEEL, name=f"别家{number}") for number in range(7)])
    for said in ("", "合肥"):
        names, after = [], None
        while True:
            page = list_projects(shared, OURS, said, after=after, limit=3)
            names += [each.name for each in page.projects]
            after = page.after
            if after is None:
                break
        assert names == [f"厂{number}" for number in range(6, -1, -1)]


def test_others_see_nothing_of_it(shared: Database) -> None:
    (key,) = add_projects(shared, OURS, [STEEL])
    assert list_projects(shared, OTHERS).projects == ()
    assert list_projects(shared, OTHERS, "合肥", state="signed").projects == ()
    for asked in (key, "0" * 32, "\0"):
        for look in (
            lambda asked=asked: find_project(shared, OTHERS, asked),
            lambda asked=asked: transitions_of(shared, OTHERS, asked),
            lambda asked=asked: add_transition(shared, OTHERS, asked, "started", "2026-03-01"),
            lambda asked=asked: list_projects(shared, OTHERS, after=asked),
        ):
            with pytest.raises(NoSuchProject, match=asked):
                look()


TEXTS = st.text("合肥芜湖ab Ｂ1", min_size=1, max_size=5).filter(str.strip)


def test_a_search_finds_what_reading_every_row_finds(shared: Database) -> None:
    @given(st.lists(TEXTS, min_size=1, max_size=6), st.text("合肥芜湖ab ", max_size=4))
    @settings(max_examples=30)
    def agrees(names: list[str], said: str) -> None:
        with shared.writing() as connection:
            connection.execute(delete(transitions))
            connection.execute(delete(projects))
            index_anew(connection)
        add_projects(
            shared,
            OURS,
            [
                replace(STEEL, name=name, origin="q", destination="q", industry="q")
                for name in names
            ],
        )
        parts = plain(said).split()
        wanted = [name for name in names if all(part in plain(name) for part in parts)]
        assert found(shared, said) == wanted[::-1]

    agrees()
