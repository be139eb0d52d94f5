"""Pictures of a result: Altair charts by name, each drawn when it is asked for."""

import base64
from collections.abc import Callable, Iterator, Mapping

from yanzhen.report.document.parts import picture
from yanzhen.report.figures.theme import Chart


class Pictures(Mapping[str, Chart]):
    """The pictures of a result by name; each is an Altair chart.

    Examples
    --------
    >>> import yanzhen as yz
    >>> figures = yz.diagnose(yz.examples.china_provinces(), lang="en").figures
    >>> list(figures)[:2], type(figures["specialisation"]).__name__
    (['specialisation', 'industry_space'], 'LayerChart')
    """

    def __init__(self, drawn: Mapping[str, Callable[[], Chart]]) -> None:
        self._drawn = dict(drawn)

    def __getitem__(self, name: str) -> Chart:
        return self._drawn[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._drawn)

    def __len__(self) -> int:
        return len(self._drawn)

    def __repr__(self) -> str:
        return f"Pictures({', '.join(self)})"


def picture_address(chart: Chart) -> str:
    """Return a chart as an SVG picture within an address, which asks nothing of any network."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def title_of(chart: Chart) -> str:
    """Return the title of a chart with the line that says how to read it."""
    shown = picture("", chart)
    return f"{shown.title} {shown.reading}".strip()
