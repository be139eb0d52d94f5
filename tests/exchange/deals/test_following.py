"""What can happen to a deal, and that everything wrong is told at once."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from yanzhen.exchange.deals.following import EVENTS, FOLLOWS, Happened, wrong_with
from yanzhen.store.database.deal_tables import DEAL_STATES, PROJECT_STATES
from yanzhen.study.transitions import FOLLOWS as OF_STUDY

WAY = ("contact", "talks", "offer", "terms_agreed", "signed", "started", "in_production")
DAYS = [f"2026-0{month}-01" for month in range(1, 8)]


def told(*entered: Happened, held: tuple[Happened, ...] = ()) -> list[tuple[int | None, str, str]]:
    return [(each.row, each.column, each.expected) for each in wrong_with(held, entered)]


def test_every_state_says_what_follows_and_from_signing_on_as_a_study_does() -> None:
    assert set(FOLLOWS) == set(DEAL_STATES)
    assert {state: FOLLOWS[state] for state in PROJECT_STATES} == dict(OF_STUDY)
    assert all(after in FOLLOWS for others in FOLLOWS.values() for after in others)


def test_a_deal_goes_from_contact_to_production() -> None:
    way = [Happened(state, day) for state, day in zip(WAY, DAYS, strict=True)]
    money = [Happened("funds", "2026-07-01", 5), Happened("increase", "2026-07-02", 7)]
    assert told(*way, *money) == []
    assert told(*money, held=tuple(way)) == []


def test_everything_wrong_is_told_with_its_row_and_field() -> None:
    found = told(
        Happened("talks", "2026-01-31"),
        Happened("in_production", "2026-03-01"),
        Happened("begun", "2026-02-30"),
        Happened("at_capacity", "2026-03-01", 4),
        Happened("funds", "2026-04-01"),
        Happened("contact", "2026-05-01"),
        held=(Happened("contact", "2026-02-01"),),
    )
    assert [(row, column) for row, column, _ in found] == [
        *((1, "on"), (2, "event"), (3, "event"), (3, "on"), (4, "amount"), (4, "event")),
        *((5, "amount"), (6, "event")),
    ]
    assert [said for *_, said in found][:2] == ["2026-02-01 or a later day", "signed first"]
    assert found[5][2] == "one state a day"


def test_money_comes_after_signing_and_nothing_after_an_end() -> None:
    assert told(Happened("funds", "2026-01-01", 1)) == [(1, "event", "signed first")]
    assert told(Happened("signed", "2026-01-01", 0))[0][1] == "amount"
    over = (Happened("withdrawn", "2026-01-01"),)
    assert told(Happened("talks", "2026-02-01"), held=over)[0][2] == "no state after withdrawn"


happened = st.builds(
    Happened,
    st.sampled_from(EVENTS),
    st.sampled_from(DAYS),
    st.one_of(st.none(), st.integers(-1, 3)),
)


@given(st.lists(happened, max_size=6))
def test_what_is_taken_is_forward_in_time_one_state_a_day_in_order(entered: list[Happened]) -> None:
    """The rules once more, each by itself, over the whole of what was entered."""
    states = [each for each in entered if each.event in FOLLOWS]
    pairs = list(pairwise(states))
    money = [(number, each) for number, each in enumerate(entered) if each.event not in FOLLOWS]
    signed = [number for number, each in enumerate(entered) if each.event in OF_STUDY]
    sound = (
        [each.on for each in entered] == sorted(each.on for each in entered)
        and all(a.on != b.on and b.event in FOLLOWS[a.event] for a, b in pairs)
        and all(signed and signed[0] < number for number, _ in money)
        and all(each.amount is not None and each.amount > 0 for _, each in money)
        and len({(each.on, each.event) for _, each in money}) == len(money)
        and all(
            each.amount is None or (each.event == "signed" and each.amount > 0) for each in states
        )
    )
    assert (wrong_with((), entered) == []) == sound
