"""A walk through a page by the keyboard alone: one sees where one is."""

from typing import Any

# Where the keyboard is: its name, and whether a ring of at least two pixels is around it.
STAND = """() => {
  const at = document.activeElement;
  const ringed = at.closest(".q-field") ? at.closest(".q-field__control") : at;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(ringed);
  const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const shadow = boxShadow.match(/(\\d+)px(?! \\d)/g) ?? [];
  return [
    at === document.body,
    at.outerHTML.slice(0, 150),
    outlined || shadow.some((each) => parseFloat(each) >= 2),
  ];
}"""
MOST_STOPS = 150


def walked(view: Any) -> tuple[int, list[str]]:
    """Press Tab until the page ends; how many stops there were, and those that nothing marks."""
    view.wait_for_function("window.did_handshake")
    unseen, stops = [], 0
    while stops < MOST_STOPS:
        view.keyboard.press("Tab")
        is_over, element, seen = view.evaluate(STAND)
        if is_over:
            break
        stops += 1
        if not seen:
            unseen.append(element)
    return stops, unseen


def rest(view: Any) -> None:
    """Leave where the keyboard is, and go back to where the page begins."""
    view.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
