"""What a screen shows, looked for on the sheets that a browser prints.

A picture on the screen is found on a sheet where both correlate, colour by colour, at the size
that the style gives it on paper; then each part of it must: a picture that is cut, covered or split
loses a part. Texts are found in the text of the file, spaces apart.
"""

import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from scipy.ndimage import gaussian_filter
from scipy.signal import fftconvolve

DOTS = 96
"""Of a picture of a sheet, an inch."""
COARSE = 3
ALIKE, PART_ALIKE = 0.9, 0.7
"""Least correlation of a picture, and of each of its parts, with what is on the sheet."""
READABLE = 2 / 3
"""Least size on paper, of that on the screen: letters of 10 pixels are 5 points then."""
PARTS = (4, 6)
FOOTER = re.compile(r"^\d+ ?/ ?\d+\s|\s\d+ ?/ ?\d+$")
MARGIN = 8
BLUR = 1.2
A4 = (595, 842)
PAPER = 710.5
"""Breadth of A4 between the margins of the workbench, in pixels of a browser."""
LEFT_OUT = """(() => {
  const said = [];
  const look = (rules, onPaper) => {
    for (const rule of rules) {
      if (rule.media) look(rule.cssRules, onPaper || rule.media.mediaText === "print");
      else if (onPaper && rule.style?.getPropertyValue("--left-out")) said.push(rule.selectorText);
    }
  };
  for (const sheet of document.styleSheets) {
    try { look(sheet.cssRules, false); } catch {}
  }
  return said.join(", ");
})()"""
"""Selectors of what stays off paper: the one rule of the style sheet that says `--left-out`."""
PICTURES = """(chosen) => [...document.querySelectorAll(chosen)]
  .filter((each) => each.checkVisibility()).map((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    const name = each.closest("[data-key]")?.dataset.key ?? each.id;
    return { name, left: left + scrollX, top: top + scrollY, width, height };
  })"""
TEXTS = """(leftOut) => {
  const said = [], UNSEEN = "script, style, noscript";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.closest(`${UNSEEN}, svg, yz-chart, i.q-icon`)) continue;
    if (leftOut && parent.closest(leftOut)) continue;
    if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    range.selectNodeContents(node);
    const { width, height } = range.getBoundingClientRect();
    const held = parent.getBoundingClientRect();
    // What only a screen reader hears is clipped to a point.
    if (width < 2 || height < 2 || held.width < 2 || held.height < 2) continue;
    said.push(node.data);
  }
  for (const box of document.querySelectorAll("input, textarea")) {
    if (/^(checkbox|radio|range|file|hidden|password)$/.test(box.type)) continue;
    if (leftOut && box.closest(leftOut)) continue;
    // What the screen cuts too is not looked for.
    const isCut = box.scrollWidth > box.clientWidth + 1;
    if (box.value && !isCut && box.checkVisibility()) said.push(box.value);
  }
  for (const list of document.querySelectorAll("select")) {
    if ((leftOut && list.closest(leftOut)) || !list.checkVisibility()) continue;
    said.push(...[...list.selectedOptions].map((each) => each.text));
  }
  return said;
}"""
ROOM = """([chosen, paper]) => {
  document.documentElement.style.width = `${paper}px`;
  const found = [...document.querySelectorAll(chosen)].map((each) => {
    const most = parseFloat(getComputedStyle(each).maxHeight);
    const held = each.closest("yz-chart, .chart");
    const zoom = each.currentCSSZoom;
    const wide = held.getBoundingClientRect().width;
    return { width: wide, height: (most || Infinity) * zoom, zoom };
  });
  document.documentElement.style.width = "";
  return found;
}"""
"""The most that the style gives each picture on paper; the window stays as pictures follow it."""
CUT = """(paper) => {
  document.documentElement.style.width = `${paper}px`;
  const cut = [...document.querySelectorAll("body *")].filter((each) => {
    const { overflowX, overflowY } = getComputedStyle(each);
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = each;
    if (!each.checkVisibility() || clientWidth < 2 || clientHeight < 2) return false;
    return (overflowX !== "visible" && scrollWidth > clientWidth + 1)
      || (overflowY !== "visible" && scrollHeight > clientHeight + 1);
  }).map((each) => `${each.localName}.${each.className}: ${each.textContent.slice(0, 60)}`);
  document.documentElement.style.width = "";
  return cut;
}"""
"""What holds more than it shows at the breadth of the paper: its edge cuts the rest."""
Grey = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Sheets:
    """A printed file: each sheet as a picture of ink by colour, none 0 and full 1, and the text.

    Attributes
    ----------
    sizes : of the sheets, in points
    beyond : whether some of a sheet's text goes beyond its edges
    """

    pictures: list[Grey]
    text: str
    sizes: list[tuple[float, float]]
    beyond: list[bool]
    coarse: list[Grey] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """A picture as it is on the screen."""

    name: str
    ink: Grey


def sheets_of(pdf: bytes) -> Sheets:
    """Read the sheets of a PDF file."""
    with pdfium.PdfDocument(pdf) as document:
        pages = [document[i] for i in range(len(document))]
        pictures = [_ink(each.render(scale=DOTS / 72).to_pil()) for each in pages]
        # The number of a page would stand amid what goes on over its end.
        said = [FOOTER.sub("", each.get_textpage().get_text_range().strip()) for each in pages]
        text = "".join(said)
        sizes = [each.get_size() for each in pages]
        beyond = [_is_beyond(each) for each in pages]
    return Sheets(pictures, plain(text), sizes, beyond, [_smaller(each) for each in pictures])


def _is_beyond(page: Any) -> bool:
    """Whether a line of a sheet's text goes beyond its edges."""
    text, (width, height) = page.get_textpage(), page.get_size()
    lines = (text.get_rect(i) for i in range(text.count_rects()))
    return any(
        left < 0 or bottom < 0 or right > width or top > height
        for left, bottom, right, top in lines
    )


def plain(text: str) -> str:
    """Return a text without spaces and marks that a line's end adds or takes."""
    return re.sub(
        r"[\s\u00ad\u200b\ufffe\ufeff\x00-\x1f-]+", "", unicodedata.normalize("NFKC", text)
    ).casefold()


def shown_pictures(view: Any, chosen: str) -> list[Shown]:
    """Return the pictures on the screen, from one photograph of the whole page."""
    places = view.evaluate(PICTURES, chosen)
    if not places:
        return []
    photograph = Image.open(io.BytesIO(view.screenshot(full_page=True, animations="disabled")))
    found = []
    for place in places:
        left, top = round(place["left"]), round(place["top"])
        box = (left, top, left + round(place["width"]), top + round(place["height"]))
        found.append(Shown(place["name"], _ink(photograph.crop(box))))
    return found


def missing_texts(texts: list[str], sheets: Sheets) -> list[str]:
    """Return the texts that no sheet holds."""
    return [text for text in dict.fromkeys(texts) if plain(text) not in sheets.text]


def missing_on_paper(
    view: Any,
    chosen: str,
    paper: float = PAPER,
    readable: float = READABLE,
    beside: Iterable[str] = (),
) -> list[str]:
    """Print a page that stands in a browser; say what its sheets lack of what the screen shows.

    Parameters
    ----------
    chosen : selector of its pictures
    paper : its breadth between the margins, in pixels of a browser
    readable : least size of a picture on paper, of that on the screen
    beside : texts that have to be on paper, on the screen or not
    """
    left_out = view.evaluate(LEFT_OUT)
    pictures, texts = shown_pictures(view, chosen), view.evaluate(TEXTS, left_out)
    sheets = sheets_of(view.pdf(format="A4", prefer_css_page_size=True))
    view.emulate_media(media="print")
    rooms, cut = view.evaluate(ROOM, [chosen, paper]), view.evaluate(CUT, paper)
    view.emulate_media(media="null")
    told = [f"text: {text}" for text in missing_texts([*beside, *texts], sheets)]
    told += [f"cut: {each}" for each in cut]
    for shown, room in zip(pictures, rooms, strict=True):
        share = share_of(shown, room)
        if 0 < share < readable:
            told.append(f"too small to read: {shown.name} ({share:.2f} of the screen)")
            continue
        whole, part, _ = likeness(shown, share, sheets)
        if whole < ALIKE or part < PART_ALIKE:
            told.append(
                f"picture: {shown.name or 'one'} ({whole:.2f}, {part:.2f} in its least part)"
            )
    for i, (picture, size) in enumerate(zip(sheets.pictures, sheets.sizes, strict=True)):
        if tuple(map(round, size)) != A4:
            told.append(f"sheet {i + 1} is no A4")
        if sheets.beyond[i]:
            told.append(f"text goes beyond sheet {i + 1}")
        if picture.max() < 0.2:
            told.append(f"sheet {i + 1} is blank")
    return told


def share_of(shown: Shown, room: dict[str, float]) -> float:
    """Return how large a picture is on paper, of its size on the screen."""
    height, width = shown.ink.shape[:2]
    return min(room["zoom"], room["width"] / width, (room["height"] or np.inf) / height)


def likeness(shown: Shown, share: float, sheets: Sheets) -> tuple[float, float, int]:
    """Return how alike a picture and its best place on paper are, its least part, the sheet."""
    height, width = shown.ink.shape[:2]
    share *= DOTS / 96
    size = (max(round(width * share), 1), max(round(height * share), 1))
    ink = _resized(shown.ink, size)
    if ink.std() < 0.01:
        return 0.0, 0.0, -1
    small = _smaller(ink)
    best = max((*_best_place(small, sheet), i) for i, sheet in enumerate(sheets.coarse))
    _, down, across, sheet = best
    return (*_compared(ink, sheets.pictures[sheet], COARSE * down, COARSE * across), sheet)


def _best_place(small: Grey, sheet: Grey) -> tuple[float, int, int]:
    """Correlate a picture with every place of a sheet; the highest, and where."""
    grey, paper = small.mean(axis=2), sheet.mean(axis=2)
    if any(a > b for a, b in zip(grey.shape, paper.shape, strict=True)):
        return 0.0, 0, 0
    centred = grey - grey.mean()
    ones = np.ones_like(grey)
    product = fftconvolve(paper, centred[::-1, ::-1], mode="valid")
    total = fftconvolve(paper, ones, mode="valid")
    squares = fftconvolve(paper * paper, ones, mode="valid")
    spread = np.sqrt(np.maximum(squares - total * total / grey.size, 1e-6))
    found = product / (spread * np.sqrt((centred**2).sum()))
    down, across = np.unravel_index(int(found.argmax()), found.shape)
    return float(found[down, across]), int(down), int(across)


def _compared(ink: Grey, sheet: Grey, down: int, across: int) -> tuple[float, float]:
    """Correlate a picture and its parts with what is about a place of a sheet, at its best."""
    height, width = ink.shape[:2]
    blurred = gaussian_filter(ink, (BLUR, BLUR, 0))
    edges = ((MARGIN, MARGIN + height), (MARGIN, MARGIN + width), (0, 0))
    paper = gaussian_filter(np.pad(sheet, edges), (BLUR, BLUR, 0))

    def there(y: int, x: int) -> Grey:
        return paper[y : y + height, x : x + width]

    y, x = down + MARGIN, across + MARGIN
    best = _correlation(blurred, there(y, x))
    is_better = True
    while is_better:
        is_better = False
        for dy, dx in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            beside = (max(y + dy, 0), max(x + dx, 0))
            found = _correlation(blurred, there(*beside))
            if found > best:
                best, (y, x), is_better = found, beside, True
    window = there(y, x)
    least = best
    rows = np.array_split(np.arange(height), PARTS[0])
    columns = np.array_split(np.arange(width), PARTS[1])
    for row in rows:
        for column in columns:
            part = np.ix_(row, column)
            if blurred[part].std() > 0.02:
                least = min(least, _correlation(blurred[part], window[part]))
    return best, least


def _correlation(a: Grey, b: Grey) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-9))


def _ink(picture: Any) -> Grey:
    return 1 - np.asarray(picture.convert("RGB"), dtype=np.float32) / 255


def _resized(ink: Grey, size: tuple[int, int]) -> Grey:
    picture = Image.fromarray(np.uint8(255 * (1 - ink)))
    return _ink(picture.resize(size, Image.Resampling.LANCZOS))


def _smaller(ink: Grey) -> Grey:
    height, width = (each // COARSE * COARSE for each in ink.shape[:2])
    cut = ink[:height, :width].reshape(height // COARSE, COARSE, width // COARSE, COARSE, 3)
    return cut.mean(axis=(1, 3))
