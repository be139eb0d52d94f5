"""Requests about SYNTHETIC statistics, whose answers are the examples of the API."""

from collections.abc import Callable
from typing import Any

from yanzhen.api.workbench import Workbench
from yanzhen.exchange.deals.changing import make_deal
from yanzhen.exchange.deals.deal import NewDeal, NewParty
from yanzhen.exchange.deals.following import Happened
from yanzhen.store.people.persons import add_organisation
from yanzhen.store.people.viewer import LOCAL

SIGNED = (Happened("signed", "2025-03-01", 200_000_000_00),)


def ask_about_statistics(bench: Workbench, ask: Callable[..., Any]) -> None:
    """Publish the statistics of a year in which eight organisations signed, and read them."""
    for number in range(8):
        firm = add_organisation(bench.database, f"SYNTHETIC enterprise {number}")
        parties = (NewParty(LOCAL.organisation, "operator"), NewParty(firm, "enterprise"))
        region = "340000" if number < 6 else "410000"
        said = ("SYNTHETIC", "direct", "IO42-19", "310000", region)
        make_deal(bench.database, LOCAL, NewDeal(*said, parties, SIGNED))
    root = "/exchange/statistics"
    asked = {"period": "2025", "money": "100 million CNY", "synthetic": True}
    made = ask("publish_statistics", "POST", root, asked)
    number = {"number": made["number"]}
    path = f"{root}/{made['number']}"
    ask("list_statistics", "GET", root)
    ask("get_statistics", "GET", path, query={"lang": "en"}, parameters=number)
    wanted = {"form": "csv", "table": "by_industry_and_year", "lang": "en"}
    ask("get_statistics_file", "GET", f"{path}/file", query=wanted, parameters=number)
    ask("verify_statistics", "GET", f"{root}/verification")
