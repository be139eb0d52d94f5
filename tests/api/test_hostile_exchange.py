"""Hostile input to the exchange: refused, told of in a log, and nothing is changed by it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.api.people import SITE as ADDRESS
from tests.api.people import Guarded, guarded
from tests.api.test_request_log import Remembered
from tests.exchange.files.test_kinds import PDF
from tests.exchange.listings.offers import PROJECT, SITE
from yanzhen.api.request_log import RequestLog
from yanzhen.store.database.tables import METADATA, audit
from yanzhen.store.people.persons import add_organisation

EXCHANGE = "/api/v1/exchange"
HUGE = "x" * 10_000_000
MARKUP = "SYNTHETIC <img src=x onerror=alert(1)> =1+1"
SHORT = 20_000
"""Bytes of an answer: what was sent is not sent back."""
NOT_SAID = {"audit", "api_tokens"}
"""Tables that tell who came, not what there is."""
TERMS = """title_zh = "合成"
title_en = "SYNTHETIC"
tax_kinds = ["value_added_tax"]

[[periods]]
years = 5
split = "50:50"

[exit]
earliest_year = 1
"""
SIGNERS = {"firm": "enterprise", "county": "host", "district": "home"}


@dataclass(frozen=True)
class Standing:
    """An exchange in which there is one of everything.

    Attributes
    ----------
    guard : the workbench
    counts : requests that the server logged
    programs : by login
    persons : their identities
    organisations : by login
    here : identities of what there is, by the placeholders of `ASKED`
    """

    guard: Guarded
    counts: Remembered
    programs: dict[str, TestClient]
    persons: dict[str, str]
    organisations: dict[str, str]
    here: dict[str, str]

    def state(self) -> str:
        """A hash of all that the store holds."""
        with self.guard.bench.database.reading() as connection:
            rows = [
                sorted(map(repr, connection.execute(select(table))))
                for table in METADATA.sorted_tables
                if table.name not in NOT_SAID
            ]
        return sha256(repr(rows).encode()).hexdigest()

    def refusals(self) -> list[tuple[str, str]]:
        """Who was refused what, as the record of changes has it."""
        asked = select(audit).where(audit.c.action == "refuse").order_by(audit.c.sequence)
        with self.guard.bench.database.reading() as connection:
            return [(row.person, row.resource) for row in connection.execute(asked)]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with guarded(tmp_path_factory.mktemp("hostile")) as guard:
        yield made(guard)


# Kept whole: what leads to a statement, one request after another.
def made(guard: Guarded) -> Standing:
    roles = {"firm": "administrator", "county": "administrator", "district": "planner"}
    roles |= {"stranger": "administrator", "auditor": "auditor"}
    of = {login: add_organisation(guard.bench.database, f"SYNTHETIC {login}") for login in roles}
    of["auditor"] = of["district"]
    counts, programs, persons = Remembered(), {}, {}
    for login, role in roles.items():
        viewer = guard.person(login, role, of[login])
        headers = guard.program(viewer).headers
        logged = RequestLog(guard.served, counts)
        programs[login] = TestClient(logged, base_url=ADDRESS, headers=headers)
        persons[login] = viewer.person

    def sent(who: str, path: str, said: Any = None) -> Any:
        answer = programs[who].post(f"{EXCHANGE}{path}", json=said)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json()

    listings = {}
    for who, content in (("county", SITE), ("firm", PROJECT)):
        listings[who] = sent(who, "/listings", asdict(content))["listing"]
        sent(who, f"/listings/{listings[who]}/submission")
        sent(who, f"/listings/{listings[who]}/publication")
    asked = {"project": listings["firm"], "site": listings["county"], "text": ""}
    introduction = sent("firm", "/introductions", asked)["introduction"]
    deal = sent(
        "firm",
        "/deals",
        {
            **{"title": "SYNTHETIC", "mode": "coconstruction", "industry": "C38"},
            **{"origin": "310000", "destination": "340000"},
            "parties": [
                {"organisation": of[who], "capacity": capacity} for who, capacity in SIGNERS.items()
            ],
            "transitions": [{"event": "contact", "on": "2026-01-05"}],
        },
    )["id"]
    told = sent("firm", f"/deals/{deal}/terms", {"terms": TERMS})
    for who in SIGNERS:
        signs = {"organisation": of[who], "sha256": told["sha256"]}
        sent(who, f"/deals/{deal}/terms/1/agreements", signs)
    again = sent("firm", f"/deals/{deal}/terms", {"terms": TERMS.replace("50:50", "40:60")})
    task = {"title": "SYNTHETIC", "organisation": of["firm"], "due": "2026-02-01"}
    sent("firm", f"/deals/{deal}/tasks", task)
    registered = sent(
        "district", "/agreements", {"deal": deal, "start_year": 2026, "synthetic": True}
    )
    agreement = registered["id"]
    accepted = {"party": "host", "answer": "accept", "sha256": registered["sha256"]}
    sent("county", f"/agreements/{agreement}/answers", accepted)
    row = {"project": "SYNTHETIC-1", "year": "2026", "value_added_tax": "1000.00"}
    sent("county", f"/agreements/{agreement}/declared", {"rows": [row]})
    sent("district", f"/agreements/{agreement}/statements", {"period": "2026"})
    other = {"home": "甲", "host": "乙", "start_year": 2026, "terms": TERMS, "synthetic": True}
    other |= {"home_organisation": of["district"], "host_organisation": of["county"]}
    waiting = sent("district", "/agreements", {**other, "reference": "SYNTHETIC-2"})
    here = {"project": listings["firm"], "site": listings["county"], "introduction": introduction}
    here |= {"deal": deal, "sha256": again["sha256"], "agreement": agreement, **of}
    here |= {"waiting": waiting["id"], "waiting_sha256": waiting["sha256"], "terms": TERMS}
    return Standing(guard, counts, programs, persons, of, here)


ASKED: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("county", "POST", "/listings", asdict(SITE)),
    ("firm", "PUT", "/listings/{project}", asdict(PROJECT)),
    (
        *("firm", "POST", "/introductions"),
        {"project": "{project}", "site": "{site}", "text": "t"},
    ),
    (
        *("county", "POST", "/introductions/{introduction}/answers"),
        {"answer": "message", "text": "t"},
    ),
    (
        *("firm", "POST", "/deals"),
        {
            **{"title": "t", "mode": "direct", "industry": "C38"},
            **{"origin": "310000", "destination": "340000"},
            "parties": [{"organisation": "{firm}", "capacity": "enterprise"}],
            "transitions": [{"event": "contact", "on": "2026-01-05"}],
        },
    ),
    ("firm", "POST", "/deals/{deal}/parties", {"organisation": "{stranger}", "capacity": "fund"}),
    (
        *("firm", "POST", "/deals/{deal}/transitions"),
        {"transitions": [{"event": "talks", "on": "2026-02-01"}]},
    ),
    ("firm", "POST", "/deals/{deal}/terms", {"terms": "{terms}"}),
    (
        *("firm", "POST", "/deals/{deal}/terms/2/agreements"),
        {"organisation": "{firm}", "sha256": "{sha256}"},
    ),
    (
        *("firm", "POST", "/deals/{deal}/tasks"),
        {"title": "t", "organisation": "{firm}", "due": "2026-02-01"},
    ),
    ("firm", "POST", "/deals/{deal}/comments", {"text": "t"}),
    (
        *("district", "POST", "/agreements"),
        {
            **{"reference": "r", "home": "甲", "host": "乙", "terms": "{terms}"},
            **{"home_organisation": "{district}", "host_organisation": "{county}"},
            "start_year": 2026,
        },
    ),
    (
        *("county", "POST", "/agreements/{waiting}/answers"),
        {"party": "host", "answer": "accept", "sha256": "{waiting_sha256}"},
    ),
    (
        *("county", "POST", "/agreements/{agreement}/declared"),
        {"rows": [{"project": "p", "year": "2026", "value_added_tax": "1"}]},
    ),
    ("district", "POST", "/agreements/{agreement}/statements", {"period": "2027"}),
    (
        *("district", "POST", "/agreements/{agreement}/statements/1/signatures"),
        {"party": "home", "act": "dispute", "note": "n"},
    ),
    (
        *("county", "POST", "/agreements/{agreement}/transfers"),
        {"debtor": "host", "creditor": "home", "fen": 1, "on": "2026-12-01", "note": "n"},
    ),
)
"""Who asks for what: every address of the exchange that takes words, with what it would take."""


def filled(said: Any, here: dict[str, str]) -> Any:
    """What is said, with the identities of what there is in place of their names."""
    text = json.dumps(said)
    for name, identity in here.items():
        text = text.replace(f'"{{{name}}}"', json.dumps(identity))
    return json.loads(text)


def with_each_text(said: Any, instead: str) -> Iterator[Any]:
    """The same with each of its texts replaced, one at a time."""
    entries = said.items() if isinstance(said, dict) else enumerate(said)
    for key, value in list(entries):
        if isinstance(value, str):
            yield _with(said, key, instead)
        elif isinstance(value, dict | list | tuple):
            for inner in with_each_text(value, instead):
                yield _with(said, key, inner)


def _with(said: Any, key: Any, value: Any) -> Any:
    changed = dict(said) if isinstance(said, dict) else list(said)
    changed[key] = value
    return changed


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked[1]} {asked[2]}")
def test_a_text_of_ten_megabytes_is_refused_and_not_sent_back(
    standing: Standing, asked: tuple[str, str, str, dict[str, Any]]
) -> None:
    who, method, path, said = asked
    before, place = standing.state(), f"{EXCHANGE}{path.format(**standing.here)}"
    bodies = list(with_each_text(filled(said, standing.here), HUGE))
    assert bodies
    for body in bodies:
        answer = standing.programs[who].request(method, place, json=body)
        assert answer.status_code in (404, 409, 422), (answer.status_code, answer.text[:300])
        assert len(answer.content) < SHORT, answer.text[:300]
        assert standing.counts.counted[-1][0::2] == (method, answer.status_code)
    assert standing.state() == before


@pytest.mark.parametrize(
    "added",
    [{HUGE: "x"}, {f"x{number}": "x" for number in range(100_000)}],
    ids=["a field of a long name", "many fields"],
)
def test_fields_that_nobody_declared_are_refused_and_not_sent_back(
    standing: Standing, added: dict[str, str]
) -> None:
    before = standing.state()
    for who, method, path, said in ASKED[:5]:
        body = {**filled(said, standing.here), **added}
        place = f"{EXCHANGE}{path.format(**standing.here)}"
        answer = standing.programs[who].request(method, place, json=body)
        assert answer.status_code == 422
        assert len(answer.content) < SHORT, answer.text[:300]
    assert standing.state() == before


DOCUMENTS = (
    ("run.pdf", b"MZ\x90\0", 415),
    ("page.pdf", b"<html><script>alert(1)</script>", 415),
    ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415),
    ("plan.png", PDF, 415),
    ("plan.pdf.exe", PDF, 415),
    ("plan.pdf", b"", 422),
    ("plan.pdf", PDF + bytes(10 * 1024**2), 413),
    ("<img src=x onerror=alert(1)>.pdf", PDF, 422),
    ("../../store.pdf", PDF, 422),
    ("fdp\u202e.pdf", PDF, 422),
    (f"{'x' * 1000}.pdf", PDF, 422),
)


@pytest.mark.parametrize(("name", "content", "status"), DOCUMENTS)
@pytest.mark.parametrize("path", ["/listings/{project}/documents", "/deals/{deal}/documents"])
def test_a_file_that_is_not_what_it_says_is_refused(
    standing: Standing, path: str, name: str, content: bytes, status: int
) -> None:
    before, files = standing.state(), kept_files(standing)
    place = f"{EXCHANGE}{path.format(**standing.here)}"
    answer = standing.programs["firm"].post(place, files={"file": (name, content)})
    assert answer.status_code == status, answer.text
    assert (standing.state(), kept_files(standing)) == (before, files)
    assert standing.counts.counted[-1][2] == status


def kept_files(standing: Standing) -> set[Path]:
    return {path for path in standing.guard.bench.folder.rglob("*") if path.is_file()}


FOR_ANOTHER: tuple[tuple[str, str, dict[str, Any], bool], ...] = (
    (
        *("county", "/deals/{deal}/terms/2/agreements"),
        *({"organisation": "{firm}", "sha256": "{sha256}"}, True),
    ),
    (
        *("district", "/agreements/{waiting}/answers"),
        *({"party": "host", "answer": "accept", "sha256": "{waiting_sha256}"}, True),
    ),
    (
        *("county", "/agreements/{agreement}/statements/1/signatures"),
        *({"party": "home", "act": "sign"}, True),
    ),
    (
        *("district", "/agreements/{agreement}/statements/1/signatures"),
        *({"party": "host", "act": "dispute", "note": "n"}, True),
    ),
    ("county", "/agreements/{agreement}/notices", {"party": "home", "year": 2027}, True),
    # What a role may not do at all is known before whose it is, and stands in the log.
    (
        *("auditor", "/agreements/{agreement}/statements/1/signatures"),
        *({"party": "home", "act": "sign"}, False),
    ),
    ("auditor", "/deals/{deal}/comments", {"text": "t"}, False),
)


@pytest.mark.parametrize(("who", "path", "said", "recorded"), FOR_ANOTHER)
def test_who_acts_for_another_party_is_refused_and_told_of(
    standing: Standing, who: str, path: str, said: dict[str, Any], recorded: bool
) -> None:
    before, refused = standing.state(), standing.refusals()
    place = f"{EXCHANGE}{path.format(**standing.here)}"
    answer = standing.programs[who].post(place, json=filled(said, standing.here))
    assert answer.status_code == 403, answer.text
    assert standing.state() == before
    assert standing.counts.counted[-1][0::2] == ("POST", 403)
    new = standing.refusals()[len(refused) :]
    assert [person for person, _ in new] == ([standing.persons[who]] if recorded else [])


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked[1]} {asked[2]}")
def test_to_a_stranger_nothing_of_it_is_there(
    standing: Standing, asked: tuple[str, str, str, dict[str, Any]]
) -> None:
    """An administrator of another organisation, who may do all of it with what is his own."""
    _, method, path, said = asked
    before, place = standing.state(), f"{EXCHANGE}{path.format(**standing.here)}"
    body = filled(said, standing.here)
    if path == "/listings":
        return
    answer = standing.programs["stranger"].request(method, place, json=body)
    assert answer.status_code in (404, 422), answer.text
    assert standing.state() == before


def test_markup_is_text_wherever_it_comes_back(standing: Standing) -> None:
    """Kept as it was said, told as JSON that no browser takes for a page."""
    firm, deal = standing.programs["firm"], standing.here["deal"]
    for path, said, field in (
        ("/listings", {**asdict(PROJECT), "name": MARKUP}, "name"),
        (f"/deals/{deal}/comments", {"text": MARKUP}, "text"),
        (
            f"/deals/{deal}/tasks",
            {
                "title": MARKUP,
                "organisation": standing.organisations["firm"],
                "due": "2026-02-01",
            },
            "title",
        ),
    ):
        answer = firm.post(f"{EXCHANGE}{path}", json=said)
        assert answer.status_code == 201, answer.text
        told = firm.get(f"{EXCHANGE}{path}", params={"limit": 100})
        assert told.headers["content-type"] == "application/json"
        assert json.dumps(MARKUP) in json.dumps(told.json()), field
