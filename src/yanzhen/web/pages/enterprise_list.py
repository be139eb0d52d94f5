"""The part of the page for enterprises that takes a list of them and says where each would go."""

import polars as pl
from nicegui import ui

from yanzhen.api.enterprise_lists import asked_by, best_sites
from yanzhen.api.problem_details import Refusal
from yanzhen.market.plan.plan import Plan
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Prices
from yanzhen.report.tables.enterprise import best_sites_table, own_money
from yanzhen.study.names import name_in
from yanzhen.web.card import made_card
from yanzhen.web.combobox import combobox
from yanzhen.web.form import go
from yanzhen.web.text import notice, problems, text
from yanzhen.web.upload import chosen_file
from yanzhen.web.view import View


def enterprise_list(
    view: View, plan: Plan, formulation: Formulation, prices: Prices, quality: str
) -> None:
    """Offer to bring a list; show where each of its enterprises would go."""
    with ui.element("section").classes("card screen-only"):
        text("h2", view.word("enterprise.list"))
        size = formulation.room.size
        resources = [name for name in formulation.room.resources if name != size]
        named = ", ".join([size, *resources])
        text("p", view.word("enterprise.list_how", needs=named), "reading")
        target = f"/api/v1/plans/{view.study}/enterprises"
        chosen_file(view, view.word("data.choose"), target, view.address, ".csv,.xlsx,.xlsm")
        name = view.chosen("list")
        if not name:
            return
        try:
            found = view.bench.enterprise_lists.problems(view.study, name)
        except Refusal as refusal:
            notice(refusal.said(view.lang), "bad")
            return
        if found:
            notice(view.word("problem.title", count=len(found)), "bad")
            problems(view, found)
            return
    listed = view.bench.enterprise_lists.read(view.study, name)
    best = best_sites(formulation, prices, listed, view.lang)
    table = best_sites_table(best, view.reader(plan))
    made_card(view, table, plan, plan.period[0], quality, classes="screen-only")
    chosen = view.one_of(listed["enterprise"], "enterprise", "enterprise.of_list")
    with ui.element("div").classes("choices screen-only"):
        combobox(
            {
                code: name or code
                for code, name in listed.select("enterprise", name_in(view.lang)).iter_rows()
            },
            chosen or None,
            view.word("enterprise.of_list"),
            lambda code: _take(view, plan, formulation, listed, code),
        ).classes("wide-choice")


def _take(
    view: View, plan: Plan, formulation: Formulation, listed: pl.DataFrame, code: str | None
) -> None:
    """Fill the form with one enterprise of the list."""
    if code is None:
        return
    row = listed.filter(enterprise=code).row(0, named=True)
    asked = asked_by(row, formulation)
    output = row["output"]
    own = None if output is None else f"{output * own_money(view.reader(plan)):.12g}"
    needs = {f"need_{name}": f"{need:.12g}" for name, need in asked.needs.items()}
    chosen = {"industry": asked.industry, "origin": asked.origin, "output": own, **needs}
    go(view, {"enterprise": code, **chosen})
