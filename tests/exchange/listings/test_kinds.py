"""What is listed, beside what the study and the store know of it."""

from yanzhen.exchange.listings.kinds import KINDS, RESOURCES
from yanzhen.store.database.listing_tables import LISTING_KINDS
from yanzhen.study.tables import enterprises


def test_listings_are_of_the_kinds_and_resources_that_store_and_study_know() -> None:
    assert KINDS == LISTING_KINDS
    assert RESOURCES == enterprises.RESOURCES
