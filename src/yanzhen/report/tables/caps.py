"""The table of caps and their prices."""

from yanzhen.market.large.standing_market import CAPS
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.protocols import RegionalResult
from yanzhen.report.text.reader import Reader


def caps_table(caps: RegionalResult, reader: Reader) -> Table:
    """Return every region's cap, how much of it is used, and its price, the dearest first."""
    heads = {name: reader.word(f"column.cap_{name}") for name in ("cap", "used", "price")}
    rows = caps.regions.sort("price", "region", descending=[True, False])
    return shown_table(reader, "caps", rows, CAPS, heads=heads)
