"""Addresses hold the whole state of a view."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanzhen.web.address import Address, spoken

NAMES = st.text("abcxyz", min_size=1).filter(lambda name: name not in ("lang", "study"))


@given(choices=st.dictionaries(NAMES, st.text(min_size=1)), study=st.text(min_size=1))
def test_what_is_chosen_is_read_back_from_the_address(choices: dict[str, str], study: str) -> None:
    url = Address("/region", "zh", study, choices).url()
    asked = {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}
    assert asked == {"study": study, "lang": "zh", **choices}


def test_another_page_of_the_same_study_forgets_what_was_chosen() -> None:
    here = Address("/region", "en", "s", {"region": "410000"})
    assert here.page("/").url() == "/?study=s&lang=en"
    assert here.speaking("zh").url() == "/region?study=s&lang=zh&region=410000"
    assert here.choosing(region="").url() == "/region?study=s&lang=en"


@pytest.mark.parametrize(
    ("asked", "accepted", "answer"),
    [
        ("en", "zh-CN", "en"),
        (None, "zh-CN,zh;q=0.9", "zh"),
        (None, "en-GB", "en"),
        (None, "fr-FR", "zh"),
        ("fr", "", "zh"),
    ],
)
def test_a_reader_is_answered_in_the_language_asked_for(
    asked: str | None, accepted: str, answer: str
) -> None:
    assert spoken(asked, accepted, "zh") == answer
