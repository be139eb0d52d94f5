"""What a unit under each region's cap is worth: the map beside the planner's slider."""

from typing import Any

from yanzhen.report.figures.coloured_map import Scale, coloured_map
from yanzhen.report.figures.geography import geography
from yanzhen.report.figures.theme import EVEN, VERMILION, Chart, finished
from yanzhen.report.text.protocols import RegionalResult
from yanzhen.report.text.quantities import small
from yanzhen.report.text.reader import Reader


def cap_prices(caps: RegionalResult, reader: Reader, most: float, chosen: str) -> Chart:
    """Draw the price of every region's cap.

    Parameters
    ----------
    caps : whose `regions` have the columns of `yanzhen.market.large.standing_market.CAPS`
    most : price at the end of the scale, so that maps before and after compare
    chosen : region whose cap is moved
    """
    place = geography(caps)
    rows: list[dict[str, Any]] = [
        {
            "region": region,
            "name": reader.names.regions.get(region, region),
            "value": price,
            "said": small(price),
            "label": small(price) if price > 0 else "",
            "chosen": region == chosen,
        }
        for region, price in caps.regions.select("region", "price").iter_rows()
    ]
    title = reader.word("column.cap_price")
    chart = coloured_map(rows, place, Scale(title, ".3~g", [0.0, most], [EVEN, VERMILION]), reader)
    return finished(
        chart,
        reader,
        "cap_prices",
        basemap=reader.word(f"basemap.{place.basemap}", source=place.source),
    )
