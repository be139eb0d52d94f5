"""Requests about a SYNTHETIC agreement, whose answers are the examples of the API."""

from collections.abc import Callable
from typing import Any

TERMS = """title_zh = "合作园区（合成示例）"
title_en = "Park (SYNTHETIC)"
tax_kinds = ["value_added_tax"]

[[periods]]
years = 10
split = "50:50"

[exit]
earliest_year = 2
"""


def ask_about_agreements(ask: Callable[..., Any]) -> None:
    """Ask about an agreement of the local user, both of whose parties it is."""
    root = "/exchange/agreements"
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
    notice = {"party": "home", "year": 2027}
    ask("give_exit_notice", "POST", f"{path}/notices", notice, parameters=own)
    sent = "project,year,value_added_tax\nSYNTHETIC-1,2026,1100.00\n"
    file = {"file": ("payments.csv", sent.encode())}
    ask("declare_file", "POST", f"{path}/declared/files", files=file, parameters=own)
