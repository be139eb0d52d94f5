"""Listings from CSV files and from studies; what is wrong is told by file, row and column."""

import csv
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.study.small_modes import small_modes
from yanzhen.exchange.listings.cells import columns_of_kind
from yanzhen.exchange.listings.checking import wrong_with
from yanzhen.exchange.listings.from_csv import listings_from_csv, template
from yanzhen.exchange.listings.from_study import FROM, listings_from_study
from yanzhen.exchange.listings.kinds import KINDS, Fund, Kind, Need, Product, Project, Room, Site
from yanzhen.study import Study, StudyError

DAY = "2999-12-31"
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
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        assert listings_from_csv("site", SITES.encode(encoding), "s.csv") == [expected]
    said = (
        "name,expires_on,text,industry,origin,output,output_unit,confidential\n"
        "SYNTHETIC,2999-12-31,,06,110000,2,billion CNY,no\n"
    )
    (project,) = listings_from_csv("project", said.encode(), "p.csv")
    assert isinstance(project, Project) and not project.confidential
    assert project.needs == (Need("output", 2.0, "billion CNY"),)
    assert project.shown == ("industry", "needs", "timing")


def test_a_list_may_be_a_workbook_and_end_in_empty_rows(tmp_path: Path) -> None:
    cells = dict(zip(HEADER, next(csv.reader(SITES.splitlines()[1:])), strict=True))
    pl.DataFrame([cells]).write_excel(tmp_path / "s.xlsx")
    content = (tmp_path / "s.xlsx").read_bytes()
    expected = listings_from_csv("site", SITES.encode(), "s.csv")
    assert listings_from_csv("site", content, "s.xlsx") == expected
    ended = SITES + "," * (len(HEADER) - 1) + "\n"
    assert listings_from_csv("site", ended.encode(), "s.csv") == expected


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ("name,expires_on,text\nA,2999-01-01,what was, meant\n", 2),
        ("name,expires_on,text,text\nA,2999-01-01,one,other\n", 1),
    ],
)
def test_no_cell_is_passed_over(content: str, row: int) -> None:
    """One too many of a row, or a second column of a name: neither is left out silently."""
    with pytest.raises(StudyError) as caught:
        listings_from_csv("site", content.encode(), "s.csv")
    assert row in [each.row for each in caught.value.problems]


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
        (b"", [""]),
        (b"\x00\x01\x02\x03", [""]),
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


def project_of(columns: str, cells: str) -> Project:
    head = f"name,expires_on,text,industry,origin,output,output_unit{columns}"
    said = f"{head}\nSYNTHETIC,2999-12-31,,06,110000,2,billion CNY{cells}\n"
    (project,) = listings_from_csv("project", said.encode(), "p.csv")
    assert isinstance(project, Project)
    return project


@pytest.mark.parametrize(("columns", "cells"), [("", ""), (",confidential", ",")])
def test_a_project_is_confidential_unless_its_file_says_no(columns: str, cells: str) -> None:
    assert project_of(columns, cells).confidential
    assert not project_of(",confidential", ",否").confidential


def test_what_a_file_leaves_open_stays_open() -> None:
    said = b"name,expires_on,text,size,unit,grant_equivalent\nSYNTHETIC,2999-12-31,,5,CNY,\n"
    (fund,) = listings_from_csv("fund", said, "f.csv")
    assert isinstance(fund, Fund) and fund.grant_equivalent is None
    (fund,) = listings_from_csv("fund", said.replace(b",\n", b",0\n"), "f.csv")
    assert isinstance(fund, Fund) and fund.grant_equivalent == 0.0


def test_a_file_says_what_its_figures_are() -> None:
    assert project_of(",status", ",").status == "observed"
    assert project_of(",status", ",Estimated").status == "estimated"
    with pytest.raises(StudyError) as caught:
        project_of(",status", ",guessed")
    assert [each.column for each in caught.value.problems] == ["status"]


def test_a_site_says_what_room_it_has() -> None:
    said = b"name,expires_on,text,region\nSYNTHETIC,2999-12-31,,340000\n"
    with pytest.raises(StudyError) as caught:
        listings_from_csv("site", said, "s.csv")
    assert [(each.row, each.column) for each in caught.value.problems] == [(2, "room")]


@pytest.mark.parametrize("kind", FROM)
def test_what_a_study_lists_can_be_listed(kind: Kind) -> None:
    study = small_modes()
    found = listings_from_study(study, kind, "2999-12-31")
    assert len(found.listed) + len(found.left_out) == study.tables[FROM[kind]].height
    assert [each for content in found.listed for each in wrong_with(content)] == []


def study_with(**rows: list[dict[str, object]]) -> Study:
    """The small study, observed, with rows of some tables instead of its own."""
    study = small_modes()
    tables = {
        name: pl.concat(
            [study.tables[name].clear(), pl.DataFrame(said)], how="diagonal_relaxed"
        ).cast(dict(study.tables[name].schema))
        for name, said in rows.items()
    }
    about = replace(study.about, synthetic=False)
    return replace(study, about=about, tables={**study.tables, **tables})


FIRM = {"enterprise": "f", "industry": "06", "origin": "110000", "count": 1, "output": 2.0}


def test_a_block_is_one_project_of_all_its_enterprises() -> None:
    firms = [{**FIRM, "count": 12, "jobs": 100.0}, {**FIRM, "enterprise": "g", "jobs": 0.0}]
    block, single = listings_from_study(study_with(enterprises=firms), "project", DAY).listed
    assert isinstance(block, Project) and isinstance(single, Project)
    assert {each.resource: each.amount for each in block.needs} == {"output": 24.0, "jobs": 1200.0}
    assert "12" in block.text and single.text == ""
    # Zero was observed; that nothing is said of land was not.
    assert {each.resource: each.amount for each in single.needs} == {"output": 2.0, "jobs": 0.0}


def test_rows_that_say_too_little_are_left_out_and_named() -> None:
    firms = [{**FIRM, "output": None}, {**FIRM, "enterprise": "g", "output": 0.0}]
    sites = [{"site": site, "region": "340000"} for site in ("with", "without")]
    room = [{"place": "with", "resource": "land", "capacity": 3.0}]
    study = study_with(enterprises=firms, sites=sites, resources=room)
    found = listings_from_study(study, "project", DAY)
    assert found.listed == () and [each.code for each in found.left_out] == ["f", "g"]
    found = listings_from_study(study, "site", DAY)
    assert [each.name for each in found.listed] == ["with"]
    assert [each.code for each in found.left_out] == ["without"]
    assert all("room" in each.why[0] and "容量" in each.why[1] for each in found.left_out)


def test_what_a_study_estimates_is_listed_as_estimated() -> None:
    firms = [{**FIRM, "status": status} for status in ("observed", "estimated", None)]
    sites = [{"site": "s", "region": "340000", "status": "observed"}]
    room = [{"place": "s", "resource": "land", "capacity": 3.0, "status": "estimated"}]
    study = study_with(enterprises=firms, sites=sites, resources=room)
    found = listings_from_study(study, "project", DAY).listed
    assert [each.status for each in found] == ["observed", "estimated", "observed"]
    (site,) = listings_from_study(study, "site", DAY).listed
    assert site.status == "estimated" and site.name == "s"
    made_up = replace(study, about=replace(study.about, synthetic=True))
    (site,) = listings_from_study(made_up, "site", DAY).listed
    assert (site.status, site.name) == ("synthetic", "SYNTHETIC s")
