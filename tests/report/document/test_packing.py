"""What is packed into a page comes out as it was."""

import re
import zlib

import pytest

from tests.report.synthetic_places import HARMFUL
from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.html import page
from yanzhen.report.document.packing import packed, packed_json, unpacked
from yanzhen.report.document.vega import vega_bundle
from yanzhen.report.text.reader import Reader


def test_texts_come_back_and_end_no_element() -> None:
    for text in ("", "安徽 </script>", HARMFUL, "\u2028\0"):
        assert unpacked(packed(text)) == text
        assert re.fullmatch(r"[A-Za-z0-9+/]*=*", packed(text))


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError):
        packed_json([float("nan")])


def test_the_example_s_report_is_below_a_megabyte(example_plan: Plan) -> None:
    """The plan alone; its other chapters bring some 250 kB."""
    html = page(plan_document(example_plan, Reader(example_plan.study, "zh")))
    assert len(html.encode()) < 750_000
    assert unpacked(re.findall(r'id="bundle"[^>]*>([^<]*)<', html)[0]) == vega_bundle()
    assert zlib.crc32(html.encode()) == zlib.crc32(
        page(plan_document(example_plan, Reader(example_plan.study, "zh"))).encode()
    )
