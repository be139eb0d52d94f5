"""Listings from CSV files and from studies; what is wrong is told by file, row and column."""

import pytest

from tests.study.small_modes import small_modes
from yanzhen.exchange.listings.checking import wrong_with
from yanzhen.exchange.listings.from_csv import columns_of_kind, listings_from_csv, template
from yanzhen.exchange.listings.from_study import FROM, listings_from_study
from yanzhen.exchange.listings.kinds import KINDS, Fund, Kind, Need, Product, Project, Room, Site
from yanzhen.study import StudyError

HEADER = (
    *("name", "expires_on", "text", "region", "output", "output_unit", "industries"),
    *("land", "land_unit", "land_price", "land_price_unit", "land_one_off"),
)
SITES = f"""{",".join(HEADER)}
SYNTHETIC 园区,2999-12-31,,340000,,,20；13,300,mu,20,"10,000 CNY",是
"""


def test_a_site_and_a_project_are_read_from_their_columns() -> None:
    expected = Site(
        name="SYNTHETIC 园区",
        expires_on="2999-12-31",
        region="340000",
        room=(Room("land", 300.0, "mu", 20.0, "10,000 CNY", True),),
        industries=("20", "13"),
    )
    for encoding in ("utf-8-sig", "gb18030"):
        assert listings_from_csv("site", SITES.encode(encoding), "s.csv") == [expected]
    said = (
        "name,expires_on,text,industry,origin,output,output_unit,confidential\n"
        "SYNTHETIC,2999-12-31,,06,110000,2,billion CNY,no\n"
    )
    (project,) = listings_from_csv("project", said.encode(), "p.csv")
    assert isinstance(project, Project) and not project.confidential
    assert project.needs == (Need("output", 2.0, "billion CNY"),)
    assert project.shown == ("industry", "needs", "timing")


def test_a_fund_and_a_product_are_read() -> None:
    said = b"name,expires_on,text,size,unit\nSYNTHETIC,2999-12-31,,5,billion CNY\n"
    (fund,) = listings_from_csv("fund", said, "f.csv")
    assert isinstance(fund, Fund) and (fund.size, fund.region) == (5.0, "")
    said = b"name,expires_on,text,type,rate\nSYNTHETIC,2999-12-31,,loan,0.04\n"
    (product,) = listings_from_csv("product", said, "f.csv")
    assert isinstance(product, Product) and product.rate == 0.04


def test_every_cell_that_is_wrong_is_named() -> None:
    said = (
        "name,expires_on,text,region,land,land_unit,land_one_off\n"
        ",2026-02-30,,340000,1,acre,no\n"
        "SYNTHETIC,2999-12-31,,340000,many,mu,perhaps\n"
        "SYNTHETIC,2999-12-31,,,1,mu,no\n"
    )
    with pytest.raises(StudyError) as caught:
        listings_from_csv("site", said.encode(), "s.csv")
    assert [(each.file, each.row, each.column) for each in caught.value.problems] == [
        ("s.csv", 2, "name"),
        ("s.csv", 2, "expires_on"),
        ("s.csv", 2, "land_unit"),
        ("s.csv", 3, "land"),
        ("s.csv", 3, "land_one_off"),
        ("s.csv", 4, "region"),
    ]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (b"name,expires_on,text,colour\nA,2999-01-01,,red\n", ["colour"]),
        (b"name\nA\n", ["expires_on", "text"]),
        (template("site").encode(), [""]),
        (b"", ["name", "expires_on", "text", ""]),
        (b"\xff\xfe\x00\xff", [""]),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes, columns: list[str]) -> None:
    with pytest.raises(StudyError) as caught:
        listings_from_csv("site", content, "s.csv")
    assert [each.column for each in caught.value.problems] == columns


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_names_every_column(kind: Kind) -> None:
    header = template(kind).removeprefix("\ufeff").strip().split(",")
    assert tuple(header) == columns_of_kind(kind)
    assert {"name", "expires_on", "text"} <= set(header)


@pytest.mark.parametrize("kind", FROM)
def test_what_a_study_lists_can_be_listed(kind: Kind) -> None:
    study = small_modes()
    found = listings_from_study(study, kind, "2999-12-31")
    assert len(found) == study.tables[FROM[kind]].height
    assert [each for content in found for each in wrong_with(content)] == []
