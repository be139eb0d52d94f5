"""How it works: each number's definition, its source, and the proof."""

import re
from dataclasses import replace
from html import escape

from yanzhen.report.tables.basis import certificate_table, parameter_table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.limits import limits
from yanzhen.web.card import open_card
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, notice, raw, text
from yanzhen.web.view import View

STEPS = ("choice", "price", "clearing", "proof", "reasons", "uncertainty")
FORMULAS = {
    "choice": "ū_ij = v_ij − Σ_r (q_ir / w_i) p̃_jr,   P_ij ∝ exp(ū_ij / σ)",
    "price": "p̃_jr = p_jr + Σ_{g∋j} p_gr",
    "clearing": "min_{p ≥ 0} Σ_i n_i w_i σ log Σ_k exp(ū_ik / σ) + Σ K p",
    "proof": "(Φ − primal) / Σ_i −n_i w_i σ log P_i0",
    "reasons": "ū_ij − ū_i0 = Σ_t x_ijt",
}


def how(view: View) -> None:
    """Explain the numbers of a study's plan."""
    text("h2", view.word("how.method"))
    for key in STEPS:
        text("h3", view.word(f"how.{key}"))
        text("p", view.word(f"how.{key}_means"))
        if key in FORMULAS:
            raw("p", _set(FORMULAS[key]), classes="formula").props("tabindex=0")
    if not ready(view, "plan"):
        return
    plan = view.bench.plans.read(view.study)
    notice(
        view.word("certificate_passed" if plan.certificate.passed else "certificate_failed"),
        "good" if plan.certificate.passed else "bad",
    )
    quality = "synthetic" if plan.study.about.synthetic else "modelled"
    reader = view.reader(plan)
    for table in (certificate_table(plan, reader), parameter_table(plan, reader)):
        open_card(view, table, f"/api/v1/plans/{view.study}/tables/{table.key}", quality)
    text("h2", view.word("how.limits"))
    bullets(limits(plan, reader))
    text("h2", view.word("how.tables"))
    for table in view.bench.plans.tables(view.study, view.lang).values():
        _meaning(view, table)
    for kind in ("diagnosis", "chain"):
        kept = view.bench.analyses[kind]
        if kept.exists(view.study):
            text("h2", view.word(f"how.tables_{kind}"), "part")
            for table in kept.meanings(view.study, view.lang):
                _meaning(view, replace(table, key=f"{kind}-{table.key}"))


def _set(formula: str) -> str:
    """Set a formula: what follows an underscore stands lower."""
    return re.sub(r"_(?:\{(.*?)\}|(\w+))", r"<sub>\1\2</sub>", escape(formula))


def _meaning(view: View, table: Table) -> None:
    """Say what a table shows and what each of its columns holds."""
    unit = {column.head: f" ({column.unit})" if column.unit else "" for column in table.columns}
    listed = "".join(
        f"<li><strong>{escape(column.head)}</strong>{escape(unit[column.head])}: "
        f"{escape(view.word(f'kind.{column.kind}'))}</li>"
        for column in table.columns
    )
    raw(
        "details",
        f"<summary>{escape(table.title)}</summary><p>{escape(table.note)}</p><ul>{listed}</ul>",
        classes="meaning",
    ).props(f'id="{table.key}"')
