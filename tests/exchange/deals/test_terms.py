"""Terms are versions that each party agrees to itself, and that nobody changes afterwards."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from tests.exchange.deals.parties import (
    FIRM,
    HOME,
    HOST,
    TERMS,
    THIRD,
    add_colleague,
    add_everybody,
    batteries,
    recorded,
    to_agreed,
)
from tests.modes.random_contracts import equity_terms, shared_terms
from yanzhen.exchange.deals.changing import add_party, add_transitions
from yanzhen.exchange.deals.clauses import changed_clauses, clauses_of
from yanzhen.exchange.deals.deal import Contradicts, NewParty, NoSuchDeal, NotForThem
from yanzhen.exchange.deals.finding import find_deal
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.deals.terms import (
    agree,
    canonical,
    changes_between,
    hash_of_terms,
    propose_terms,
    version_of,
    versions_of,
)
from yanzhen.modes.coconstruction.contract.consistency import ContractError, contradictions
from yanzhen.modes.coconstruction.contract.terms import Terms
from yanzhen.modes.coconstruction.contract.terms_toml import write_terms
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deal_agreements, deal_signed_terms, deal_terms


@pytest.fixture
def shared(database: Database) -> Iterator[Database]:
    add_everybody(database)
    yield database


def contract(database: Database) -> tuple[str, str]:
    """A deal of co-construction with proposed terms, and their hash."""
    key = batteries(database, mode="coconstruction")
    return key, propose_terms(database, HOST, key, TERMS).sha256


def test_the_last_partys_agreement_signs_a_version(shared: Database) -> None:
    key, read = contract(shared)
    for viewer in (HOME, HOST):
        version = agree(shared, viewer, key, 1, viewer.organisation, read)
        assert version.signed_at is None
    version = agree(shared, FIRM, key, 1, "firm", read)
    assert version.signed_at is not None
    assert [each.organisation for each in version.agreements] == ["home", "host", "firm"]
    assert versions_of(shared, HOME, key)[0].signed_at == version.signed_at
    to_agreed(shared, key)
    signed = add_transitions(shared, FIRM, key, [Happened("signed", "2026-04-01")])
    assert signed.state == "signed"
    assert [each for each in recorded(shared) if each[2] == "terms"] == [
        *(("hu", "make", "terms"), ("mo", "agree", "terms"), ("hu", "agree", "terms")),
        ("fay", "agree", "terms"),
    ]


def test_who_signs_for_another_or_without_the_role_is_refused_and_recorded(
    shared: Database,
) -> None:
    key, read = contract(shared)
    fund_role = add_colleague(shared, HOST, "flo", "fund")
    auditor = add_colleague(shared, HOST, "una", "auditor")
    before = find_deal(shared, HOST, key), versions_of(shared, HOST, key)
    for viewer, party in ((FIRM, "host"), (fund_role, "host"), (auditor, "host"), (HOST, "third")):
        with pytest.raises(NotForThem, match="recorded"):
            agree(shared, viewer, key, 1, party, read)
    assert (find_deal(shared, HOST, key), versions_of(shared, HOST, key)) == before
    assert recorded(shared)[-4:] == [
        (person, "refuse", "terms") for person in ("fay", "flo", "una", "hu")
    ]


def test_only_the_newest_version_as_it_was_read_is_agreed_to_once(shared: Database) -> None:
    key, read = contract(shared)
    agree(shared, HOST, key, 1, "host", read)
    with pytest.raises(Contradicts, match="has signed"):
        agree(shared, HOST, key, 1, "host", read)
    with pytest.raises(Contradicts, match="Version 1 of the terms says the same"):
        propose_terms(shared, HOME, key, TERMS + "\n# a remark changes nothing\n")
    second = propose_terms(shared, HOME, key, TERMS.replace("50:50", "60:40"))
    assert second.version == 2
    with pytest.raises(Contradicts, match="version 2"):
        agree(shared, HOME, key, 1, "home", read)
    with pytest.raises(Contradicts, match="hash"):
        agree(shared, HOME, key, 2, "home", read)
    with pytest.raises(NoSuchDeal):
        agree(shared, HOME, key, 3, "home", read)
    assert [
        (each.clause, each.before, each.after) for each in changes_between(shared, FIRM, key, 2)
    ] == [("periods.1.split", "50:50", "60:40")]
    first = {each.clause: each.after for each in changes_between(shared, FIRM, key, 1)}
    assert first["periods.1.years"] == "5" and first["tax_kinds"] == "value_added_tax"


def test_who_joins_after_signing_signs_another_version(shared: Database) -> None:
    key, read = contract(shared)
    for viewer in (HOME, HOST, FIRM):
        agree(shared, viewer, key, 1, viewer.organisation, read)
    with pytest.raises(Contradicts, match="says the same"):
        propose_terms(shared, HOST, key, TERMS)
    add_party(shared, HOST, key, NewParty("third", "fund"))
    before = versions_of(shared, HOST, key)
    with pytest.raises(Contradicts, match="before your organisation joined"):
        agree(shared, THIRD, key, 1, "third", read)
    assert versions_of(shared, HOST, key) == before
    assert propose_terms(shared, HOST, key, TERMS).version == 2
    with pytest.raises(Contradicts, match="Version 2 of the terms says the same"):
        propose_terms(shared, HOST, key, TERMS)
    for viewer in (THIRD, HOME, HOST, FIRM):
        version = agree(shared, viewer, key, 2, viewer.organisation, read)
    assert version.signed_at is not None and len(version.agreements) == 4


def test_terms_that_are_wrong_or_out_of_place_are_refused(shared: Database) -> None:
    key, read = contract(shared)
    with pytest.raises(ContractError) as refused:
        propose_terms(shared, HOST, key, 'title_zh = "x"\nbase = "most"\nnothing = 1\n')
    assert {each.column for each in refused.value.problems} >= {"base", "nothing"}
    with pytest.raises(Contradicts, match="co-construction"):
        propose_terms(shared, HOST, batteries(shared), TERMS)
    alone = batteries(shared, mode="coconstruction", parties=(NewParty("firm", "enterprise"),))
    propose_terms(shared, FIRM, alone, TERMS)
    with pytest.raises(Contradicts, match="one party alone"):
        agree(shared, FIRM, alone, 1, "firm", read)
    add_transitions(shared, HOST, key, [Happened("withdrawn", "2026-02-01")])
    with pytest.raises(Contradicts, match="withdrawn"):
        propose_terms(shared, HOST, key, TERMS.replace("50:50", "60:40"))


def test_a_third_organisation_finds_no_terms_and_no_code_changes_them(shared: Database) -> None:
    key, read = contract(shared)
    for viewer in (HOME, HOST, FIRM):
        agree(shared, viewer, key, 1, viewer.organisation, read)
    for ask in (
        lambda: versions_of(shared, THIRD, key),
        lambda: version_of(shared, THIRD, key, 1),
        lambda: agree(shared, THIRD, key, 1, "third", read),
        lambda: propose_terms(shared, THIRD, key, TERMS),
    ):
        with pytest.raises(NoSuchDeal):
            ask()
    for table in (deal_terms, deal_agreements, deal_signed_terms):
        for change in (update(table).values(sha256="0" * 64), delete(table)):
            with pytest.raises(DatabaseError, match="only added"), shared.writing() as connection:
                connection.execute(change)
    assert version_of(shared, FIRM, key, 1).sha256 == read


def test_an_auditor_of_a_party_reads(shared: Database) -> None:
    key, read = contract(shared)
    auditor = add_colleague(shared, HOST, "una", "auditor")
    assert version_of(shared, auditor, key, 1).sha256 == read


@settings(max_examples=25)
@given(*[st.one_of(shared_terms(), equity_terms())] * 2)
def test_what_changed_turns_one_set_of_clauses_into_the_other(before: Terms, after: Terms) -> None:
    found = changed_clauses(before, after)
    said = dict(clauses_of(before))
    for each in found:
        assert said.pop(each.clause, "") == each.before != each.after
        if each.after:
            said[each.clause] = each.after
    assert said == dict(clauses_of(after))
    # The one form says itself again, so that its hash is the terms' own.
    written = write_terms(before)
    if not contradictions(before, ""):
        assert canonical(written) == written
    assert (hash_of_terms(written) == hash_of_terms(write_terms(after))) == (before == after)
