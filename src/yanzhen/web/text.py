"""Words on a page: headings, paragraphs, lists, notices, the problems of a study."""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from html import escape

from nicegui import ui

from yanzhen.study import Problem
from yanzhen.web.view import View

_ADDRESS = re.compile(r'\b(href|src|action|data-target|data-after)="/(?!/)')


def text(tag: str, said: str, classes: str = "") -> ui.html:
    """Show a text as an element of its own."""
    return raw(tag, escape(said), classes=classes)


def raw(tag: str, html: str, label: str = "", classes: str = "") -> ui.html:
    """Show markup that was made here; what comes from elsewhere is escaped before."""
    element = ui.html(under_root(html), sanitize=False, tag=tag).classes(classes)
    if label:
        element.props(f'aria-label="{escape(label)}"')
    return element


def under_root(markup: str) -> str:
    """Return markup whose addresses of this server begin with the path that a proxy put before.

    Everywhere else an address begins at the root of the workbench; `ui.navigate.to` and NiceGUI in
    the browser put the path before by themselves.
    """
    root = root_path()
    return _ADDRESS.sub(rf'\1="{escape(root)}/', markup) if root else markup


def root_path() -> str:
    """Return the path in front of every address of the page at hand, empty where there is none."""
    request = ui.context.client.request
    return str(request.scope.get("root_path", "")) if request is not None else ""


def bullets(said: Iterable[str], classes: str = "", tag: str = "ul") -> None:
    """Show sentences as a list."""
    raw(tag, "".join(f"<li>{escape(each)}</li>" for each in said), classes=classes)


def notice(said: str, kind: str) -> None:
    """Show a message that stands out: good, bad, note or synthetic."""
    text("div", said, f"notice {kind}").props("role=status")


def rows(
    heads: Sequence[str],
    cells: Iterable[Sequence[str]],
    label: str,
    numbers: Container[int] = (),
) -> None:
    """Show a small table of texts.

    Parameters
    ----------
    numbers : places of the columns that hold numbers, which stand below one another
    """
    kinds = [' class="number"' if place in numbers else "" for place in range(len(heads))]
    head = "".join(
        f'<th scope="col"{kind}>{escape(each)}</th>'
        for kind, each in zip(kinds, heads, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))
        + "</tr>"
        for row in cells
    )
    raw(
        "div",
        f'<table class="plain"><caption>{escape(label)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
        classes="scroll",
    ).props(f'tabindex=0 role=region aria-label="{escape(label)}"')


def main_button(said: str, icon: str, press: Callable[[], object]) -> ui.button:
    """Show the button that a page is for."""
    button = ui.button(said, icon=icon, on_click=press, color=None)
    return button.props("unelevated no-caps").classes("yz-main")


def expansion(said: str) -> ui.expansion:
    """Offer what is shown when it is opened; its arrow is named as it is."""
    shown = ui.expansion(said).props("dense")
    shown.props["toggle-aria-label"] = said
    return shown


def closed_on_paper(view: View) -> None:
    """Say on paper that what was not opened above is not printed."""
    text("p", view.word("closed_on_paper"), "reading paper-only")


def problems(view: View, found: Sequence[Problem], caption: str = "") -> None:
    """Show where each problem of a study is, what stands there and what is expected.

    Parameters
    ----------
    caption : of the table, where they are not simply the problems of a study
    """
    if not found:
        return
    warned = all(each.severity == "warning" for each in found)
    last = "suggested" if warned else "expected"
    heads = [
        view.word(f"problem.{key}") for key in ("file", "table", "row", "column", "found", last)
    ]
    chinese = view.lang == "zh"
    rows(
        heads,
        (
            (
                each.file,
                each.table,
                "" if each.row is None else str(each.row),
                each.column,
                each.found_zh if chinese else each.found,
                each.expected_zh if chinese else each.expected,
            )
            for each in found
        ),
        caption or view.word("problem.warnings" if warned else "problem.title", count=len(found)),
    )


def facts(said: Iterable[tuple[str, str]]) -> None:
    """Show a few figures, each under its name."""
    inside = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in said
    )
    raw("dl", inside, classes="facts")
