"""Dictionary: every table that a study may hold, and what each of its columns says."""

from html import escape

from yanzhen.study.columns import UNIT_KINDS
from yanzhen.study.tables import REQUIRED_TABLES, TABLES, description, meanings
from yanzhen.web.text import raw
from yanzhen.web.view import View


def dictionary(view: View) -> None:
    """Show the tables in the order in which they are declared."""
    spoken = view.lang == "zh"
    for name in TABLES:
        columns = "".join(
            f"<li><code>{escape(column)}</code>{'*' if said.key else ''} "
            f"{escape(said.zh if spoken else said.en)}"
            + (f" ({escape(UNIT_KINDS[said.unit][spoken])})" if UNIT_KINDS[said.unit][0] else "")
            + "</li>"
            for column, said in meanings(name).items()
        )
        needed = f" · {view.word('dictionary.required')}" if name in REQUIRED_TABLES else ""
        raw(
            "details",
            f"<summary>{escape(name)}{escape(needed)}</summary>"
            f"<p>{escape(description(name)[spoken])}</p><ul>{columns}</ul>",
            classes="meaning",
        ).props(f'id="{name}"')
