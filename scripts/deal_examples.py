"""The examples of the addresses of deals, as `make_api_examples.py` asks for them."""

from collections.abc import Callable
from typing import Any

from yanzhen.api.workbench import Workbench
from yanzhen.store.people.persons import add_organisation
from yanzhen.store.people.viewer import LOCAL

TERMS = """title_zh = "合成条款"
title_en = "SYNTHETIC terms"
tax_kinds = ["value_added_tax"]

[[periods]]
years = 5
split = "50:50"
"""


# Kept whole: a list of requests.
def ask_about_deals(bench: Workbench, ask: Callable[..., Any]) -> None:
    """Ask about a SYNTHETIC deal of co-construction, with every address of deals."""
    host = add_organisation(bench.database, "SYNTHETIC zone")
    entered = {
        "title": "SYNTHETIC battery plant",
        "mode": "coconstruction",
        "industry": "C38",
        "origin": "310000",
        "destination": "340000",
        "parties": [
            {"organisation": LOCAL.organisation, "capacity": "enterprise"},
            {"organisation": host, "capacity": "host"},
        ],
        "transitions": [{"event": "contact", "on": "2027-01-05"}],
        "investment": 15_000_000_000,
    }
    path = "/exchange/deals"
    made = ask("add_deal", "POST", path, entered)
    deal = {"deal": made["id"]}
    own = f"{path}/{made['id']}"
    ask("list_deals_of_parties", "GET", path, query={"limit": 2})
    ask("get_deal", "GET", own, parameters=deal)
    tag = {"If-Match": '"1"'}
    title = {"title": "SYNTHETIC battery plant, phase 1"}
    ask("change_deal_of_parties", "PATCH", own, title, parameters=deal, headers=tag)
    fund = add_organisation(bench.database, "SYNTHETIC fund")
    party = {"organisation": fund, "capacity": "fund"}
    ask("add_party_to_deal", "POST", f"{own}/parties", party, parameters=deal)
    happened = {"transitions": [{"event": "talks", "on": "2027-02-01"}]}
    to = f"{own}/transitions"
    ask("enter_transitions_of_deal", "POST", to, happened, parameters=deal)
    ask("list_transitions_of_deal", "GET", to, parameters=deal)
    terms = f"{own}/terms"
    told = ask("propose_terms_of_deal", "POST", terms, {"terms": TERMS}, parameters=deal)
    ask("list_terms_of_deal", "GET", terms, parameters=deal)
    first = {**deal, "version": 1}
    ask("get_terms_of_deal", "GET", f"{terms}/1", parameters=first)
    ask("list_changed_clauses", "GET", f"{terms}/1/changes", parameters=first)
    agreed = {"organisation": LOCAL.organisation, "sha256": told["sha256"]}
    ask("agree_to_terms", "POST", f"{terms}/1/agreements", agreed, parameters=first)
    task = {"title": "SYNTHETIC: visit", "organisation": LOCAL.organisation, "due": "2026-01-31"}
    added = ask("add_task_to_deal", "POST", f"{own}/tasks", task, parameters=deal)
    ask("list_tasks_of_deal", "GET", f"{own}/tasks", parameters=deal)
    ask("list_reminders", "GET", "/exchange/reminders")
    of_task = {**deal, "task": added["id"]}
    done, place = {"done_on": "2027-01-30"}, f"{own}/tasks/{added['id']}"
    ask("change_task_of_deal", "PATCH", place, done, parameters=of_task, headers=tag)
    comment = {"text": "SYNTHETIC: the site has a substation."}
    ask("add_comment_to_deal", "POST", f"{own}/comments", comment, parameters=deal)
    ask("list_comments_of_deal", "GET", f"{own}/comments", parameters=deal)
    file = {"file": ("notes.txt", b"SYNTHETIC\n")}
    kept = ask("add_document_to_deal", "POST", f"{own}/documents", files=file, parameters=deal)
    ask("list_documents_of_deal", "GET", f"{own}/documents", parameters=deal)
    of_document = {**deal, "document": kept["id"]}
    place = f"{own}/documents/{kept['id']}"
    ask("get_document_of_deal", "GET", place, parameters=of_document)
    calendars = "/exchange/calendars"
    address = ask("renew_calendar_address", "POST", calendars)["address"]
    secret = address.rpartition("/")[2]
    ask("read_calendar", "GET", f"{calendars}/{secret}", parameters={"secret": secret})
    ask("register_of_deals", "GET", "/exchange/register")
