"""Requests about a SYNTHETIC agreement, whose answers are the examples of the API."""

from collections.abc import Callable
from typing import Any

from yanzhen.api.workbench import Workbench
from yanzhen.exchange.settlement.kept import KeptAgreement
from yanzhen.exchange.settlement.registering import NewAgreement, register_agreement
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import LOCAL, Viewer

TERMS = """title_zh = "合作园区（合成示例）"
title_en = "Park (SYNTHETIC)"
tax_kinds = ["value_added_tax"]

[[periods]]
years = 10
split = "50:50"

[exit]
earliest_year = 2
"""


def ask_about_agreements(bench: Workbench, ask: Callable[..., Any]) -> None:
    """Ask about an agreement of the local user, both of whose parties it is; accept another's."""
    root = "/exchange/agreements"
    offered = _registered_by_another(bench)
    answer = {"party": "host", "answer": "accept", "sha256": offered.sha256}
    of_another = {"agreement": offered.id}
    place = f"{root}/{offered.id}/answers"
    ask("answer_settled_agreement", "POST", place, answer, parameters=of_another)
    new = {
        "reference": "deal-0001",
        "home": "上海市",
        "host": "合肥市",
        "home_organisation": "local",
        "host_organisation": "local",
        "start_year": 2026,
        "terms": TERMS,
        "synthetic": True,
    }
    made = ask("register_settled_agreement", "POST", root, new)
    own = {"agreement": made["id"]}
    path = f"{root}/{made['id']}"
    ask("list_settled_agreements", "GET", root)
    ask("get_settled_agreement", "GET", path, parameters=own)
    ask("get_agreement_text", "GET", f"{path}/text", query={"form": "md"}, parameters=own)
    row = {"project": "SYNTHETIC-1", "year": "2026", "value_added_tax": "1000.00"}
    ask("declare_rows", "POST", f"{path}/declared", {"rows": [row]}, parameters=own)
    ask("list_declared_rows", "GET", f"{path}/declared", parameters=own)
    ask(
        "issue_agreement_statement",
        "POST",
        f"{path}/statements",
        {"period": "2026"},
        parameters=own,
    )
    ask("list_agreement_statements", "GET", f"{path}/statements", parameters=own)
    first = {**own, "number": 1}
    ask("get_agreement_statement", "GET", f"{path}/statements/1", parameters=first)
    file = f"{path}/statements/1/file"
    ask("get_statement_file", "GET", file, query={"form": "json"}, parameters=first)
    said = {"party": "home", "act": "sign"}
    signatures = f"{path}/statements/1/signatures"
    ask("sign_agreement_statement", "POST", signatures, said, parameters=first)
    paid = {"debtor": "host", "creditor": "home", "fen": 25000, "on": "2027-01-20"}
    entry = ask("record_paid_transfer", "POST", f"{path}/transfers", paid, parameters=own)
    taken = {**own, "number": entry["number"]}
    ask("reverse_transfer", "DELETE", f"{path}/transfers/{entry['number']}", parameters=taken)
    taken = {**own, "number": 1}
    ask("withdraw_declared_row", "DELETE", f"{path}/declared/1", parameters=taken)
    notice = {"party": "home", "year": 2027}
    ask("give_exit_notice", "POST", f"{path}/notices", notice, parameters=own)
    sent = "project,year,value_added_tax\nSYNTHETIC-1,2026,1100.00\n"
    file = {"file": ("payments.csv", sent.encode())}
    ask("declare_file", "POST", f"{path}/declared/files", files=file, parameters=own)


def _registered_by_another(bench: Workbench) -> KeptAgreement:
    """Register an agreement as another organisation, whose host the local user's is."""
    home = add_organisation(bench.database, "SYNTHETIC home")
    password = "correct horse battery"
    person = add_person(bench.database, None, home, "synthetic", "", "planner", password)
    named = ("deal-0002", "上海市", "合肥市", home, LOCAL.organisation, None, 2026, TERMS, True)
    viewer = Viewer(person, home, "planner")
    return register_agreement(bench.database, viewer, NewAgreement(*named))
