"""Glossary: what the terms of the pages mean."""

from html import escape

from yanzhen.web.glossary import terms
from yanzhen.web.text import raw
from yanzhen.web.view import View


def glossary(view: View) -> None:
    """Show every term with what it means."""
    said = (
        f'<div id="{key}"><dt>{escape(name)}</dt><dd>{escape(means)}</dd></div>'
        for key, (name, means) in terms(view.lang).items()
    )
    raw("dl", "".join(said), classes="glossary")
