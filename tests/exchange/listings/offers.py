"""SYNTHETIC listings of two organisations."""

from dataclasses import replace

from yanzhen.exchange.listings.keeping import make_listings, publish_listing, submit_listing
from yanzhen.exchange.listings.kinds import Content, Need, Project, Room, Site
from yanzhen.store.database.connection import Database
from yanzhen.store.people.viewer import Viewer

SITE = Site(
    name="SYNTHETIC 园区",
    expires_on="2999-12-31",
    region="340000",
    room=(
        Room("output", 5.0, "100 million CNY"),
        Room("land", 300.0, "mu", 20.0, "10,000 CNY", one_off=True),
    ),
    industries=("20",),
)
PROJECT = Project(
    name="SYNTHETIC Secretname",
    expires_on="2999-12-31",
    industry="20",
    origin="310000",
    needs=(Need("output", 2.0, "100 million CNY"), Need("land", 60.0, "mu")),
    investment=1.5,
    investment_unit="100 million CNY",
)
NAMED = replace(PROJECT, name="SYNTHETIC Named", confidential=False)


def list_published(database: Database, viewer: Viewer, content: Content) -> str:
    """Publish a listing; return its identity."""
    (made,) = make_listings(database, viewer, [content])
    submit_listing(database, viewer, made)
    publish_listing(database, viewer, made)
    return made
