"""What a page of the workbench lacks on paper, and the pages of the SYNTHETIC exchange to print."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from tests.printed import missing_on_paper

CHARTS = "yz-chart svg.marks"
ALL_DRAWN = """async () => {
  const charts = [...document.querySelectorAll("yz-chart")];
  await Promise.all(charts.map((chart) => chart.show()));
  const undrawn = charts.filter((chart) => chart.dataset.state !== "drawn");
  return undrawn.map((chart) => chart.dataset.key);
}"""
CLOSED = ".q-expansion-item--collapsed:not(.opened, :has(.deal-form, .q-btn, .upload))"
"""What hides a text or a table of what people entered, and is no form."""
UNFOLD = (
    "(closed) => document.querySelectorAll(`${closed} .q-item`).forEach((each) => each.click())"
)
UNFOLDED = """(closed) => !document.querySelector(closed) && ![
  ...document.querySelectorAll(".q-expansion-item__content"),
].some((each) => each.style.overflowY)"""
STATISTICS = "/api/v1/exchange/statistics"
PERIOD = "2024"
"""The year in which deals of the demonstration were signed."""


class Stop(NamedTuple):
    """A page to print: its name, who looks at it, and its address."""

    key: str
    who: str
    path: str


def lacking(view: Any, beside: Iterable[str] = ()) -> list[str]:
    """Draw and unfold all of a page that stands in a browser; say what its print lacks."""
    assert view.evaluate(ALL_DRAWN) == []
    if view.locator(CLOSED).count():
        view.evaluate(UNFOLD, CLOSED)
        view.wait_for_function(UNFOLDED, arg=CLOSED)
    return missing_on_paper(view, CHARTS, beside=beside)


def stops(asked: Callable[[str, str], Any]) -> Iterator[Stop]:
    """Give the pages of the demonstration that hold something, each for a role that sees it.

    Parameters
    ----------
    asked : what the API answers a role at a path of the exchange
    """

    def listed(who: str, path: str) -> list[Any]:
        found = asked(who, path)
        items: list[Any] = found["items"] if isinstance(found, dict) else found
        return items

    own = listed("enterprise", "/listings?mine=true&limit=100")
    project = next(each["id"] for each in own if each["state"] == "published")
    (site,) = listed("zone", "/listings?mine=true")
    yield Stop("catalogue", "planner", "/exchange")
    yield Stop("own-projects", "enterprise", "/exchange?mine=1&kind=project")
    yield Stop("shortlist", "enterprise", f"/exchange?listing={project}")
    yield Stop("prospects", "zone", f"/exchange?listing={site['id']}")
    yield Stop("introductions", "zone", "/exchange?mine=1")
    deals = listed("planner", "/deals?limit=100")
    started = next(each["id"] for each in deals if each["state"] == "in_production")
    yield Stop("deals", "planner", "/deals")
    yield Stop("deal", "planner", f"/deals?deal={started}")
    accepted = next(
        each["id"] for each in listed("planner", "/agreements") if each["state"] == "accepted"
    )
    issued = listed("planner", f"/agreements/{accepted}/statements")[-1]["number"]
    yield Stop("agreements", "planner", "/statements")
    yield Stop("agreement", "planner", f"/statements?agreement={accepted}")
    yield Stop("statement", "planner", f"/statements?agreement={accepted}&statement={issued}")
    yield Stop("statistics", "analyst", f"/statistics?period={PERIOD}")
    yield Stop("notices", "zone", "/notices")
    yield Stop("people", "administrator", "/people")
    yield Stop("account", "administrator", "/account")
    yield Stop("changes", "auditor", "/people/changes")


def publish_statistics(view: Any, address: str) -> None:
    """Publish the statistics of a year as whoever is logged in, where they are not published yet.

    Parameters
    ----------
    view : a page of the workbench in that browser
    address : of the server
    """
    listed = view.request.get(f"{address}{STATISTICS}").json()
    if any(each["period"] == PERIOD for each in listed):
        return
    token = view.locator("meta[name=csrf-token]").get_attribute("content")
    said = {"period": PERIOD, "synthetic": True}
    headers = {"X-CSRF-Token": token}
    answer = view.request.post(f"{address}{STATISTICS}", data=said, headers=headers)
    assert answer.ok, answer.text()
