"""The tour: five steps from page to page, left at any of them."""

from collections.abc import Mapping
from html import escape

from yanzhen.web.text import raw
from yanzhen.web.view import View

STEPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("/", {}),
    ("/role", {"role": "province"}),
    ("/enterprise", {}),
    ("/planner", {}),
    ("/how", {}),
)


def tour_url(view: View, step: int) -> str:
    """Return the address of a step, the first is 1."""
    path, choices = STEPS[step - 1]
    return view.address.page(path).choosing(**choices, tour=str(step)).url()


def tour(view: View) -> None:
    """Show the step that the address says, with the ways on and out; nothing without one."""
    said = view.chosen("tour")
    if said not in map(str, range(1, len(STEPS) + 1)):
        return
    step = int(said)
    ways = [(view.address.choosing(tour="").url(), "tour.leave")]
    if step > 1:
        ways.insert(0, (tour_url(view, step - 1), "tour.back"))
    if step < len(STEPS):
        ways.insert(0, (tour_url(view, step + 1), "tour.next"))
    links = "".join(
        f'<a class="tool" href="{escape(url)}">{escape(view.word(key))}</a>' for url, key in ways
    )
    count = escape(view.word("tour.step", step=step, of=len(STEPS)))
    text = escape(view.word(f"tour.of_{step}"))
    raw("aside", f"<b>{count}</b> {text} <span>{links}</span>", view.word("tour.name"), "tour")
