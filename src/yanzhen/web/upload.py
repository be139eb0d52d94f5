"""A file of the reader's, sent to the API; the page of what it became, or what is the matter."""

from html import escape

from yanzhen.web.address import Address
from yanzhen.web.text import raw
from yanzhen.web.view import View


def chosen_file(view: View, label: str, target: str, after: Address, accept: str) -> None:
    """Offer to send a file.

    Parameters
    ----------
    view : where the reader is
    label : what to choose
    target : address in the API that takes the file and answers with a study
    after : page to go to, of the study that the file became
    accept : suffixes
    """
    raw(
        "form",
        f"<label>{escape(label)} "
        f'<input type="file" accept="{accept}" data-target="{escape(target)}" '
        f'data-after="{escape(after.path)}" data-lang="{view.lang}" '
        'onchange="yanzhen.send(this)"></label>'
        '<div role="status" class="sent"></div>',
        classes="upload",
    )


def sent_here(view: View, label: str, target: str, accept: str) -> None:
    """Offer to send a file to what a page shows, which is then shown anew.

    Parameters
    ----------
    view : where the reader is
    label : what to choose
    target : address in the API that takes the file
    accept : suffixes
    """
    raw(
        "form",
        f"<label>{escape(label)} "
        f'<input type="file" accept="{accept}" data-target="{escape(target)}" '
        f'data-lang="{view.lang}" onchange="yanzhen.send(this)"></label>'
        '<div role="status" class="sent"></div>',
        classes="upload",
    )
