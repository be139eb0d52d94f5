"""What can be listed on the exchange: sites, projects, achievements, funds and financial products.

Each kind says what others need to judge it, in units of the list `yanzhen.study.units.UNITS`, so
that a market in the units of any study can take it. Codes of regions and industries are those of
the study that the exchange clears over; docking says which it does not know.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

Kind = Literal["site", "project", "achievement", "fund", "product"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Resource = Literal["output", "land", "jobs", "energy", "emissions"]
RESOURCES: tuple[Resource, ...] = get_args(Resource)
UNIT_KINDS = {
    "output": "money",
    "land": "area",
    "jobs": "persons",
    "energy": "energy",
    "emissions": "emissions",
}
"""Kind of unit that an amount of each resource is told in."""
Status = Literal["observed", "estimated", "synthetic"]
Shown = Literal["industry", "origin", "needs", "timing", "investment"]
ProductType = Literal["loan", "guarantee", "lease", "insurance", "equity", "reit"]
# Strict where a request is read: what is not declared is a mistake, not an addition.
DECLARED = {"extra": "forbid", "allow_inf_nan": False}


@dataclass(frozen=True)
class Room:
    """Room of one resource at a site.

    Attributes
    ----------
    resource : output, land, jobs, energy or emissions
    amount : that newcomers can take, a year but for land; None where it is not limited
    unit : of the amount
    price : posted, for one unit; None where none is asked
    price_unit : of money
    one_off : whether the price is paid once, not each year
    """

    __pydantic_config__: ClassVar = DECLARED
    resource: Resource
    amount: float | None
    unit: str
    price: float | None = None
    price_unit: str = ""
    one_off: bool = False


@dataclass(frozen=True)
class Need:
    """What a project needs of one resource, a year but for land; of output, what it will make."""

    __pydantic_config__: ClassVar = DECLARED
    resource: Resource
    amount: float
    unit: str


@dataclass(frozen=True)
class Document:
    """A photograph or document of a listing.

    Attributes
    ----------
    sha256 : of the content, by which it is found
    name : as its owner called it; never a path
    media_type : found in the content
    size : bytes
    """

    __pydantic_config__: ClassVar = DECLARED
    sha256: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What every listing says.

    Attributes
    ----------
    name : of what is listed
    expires_on : last day on which it holds, YYYY-MM-DD
    text : in its owner's words
    status : of its figures, the least sure one: observed as its owner states them, estimated, or
        synthetic, that is made up
    documents : photographs and documents
    """

    __pydantic_config__: ClassVar = DECLARED
    name: str
    expires_on: str
    text: str = ""
    status: Status = "observed"
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Site(Offer):
    """A place for enterprises to move to.

    Attributes
    ----------
    region : code
    room : by resource, at least of one; what is not named is not limited and costs nothing
    longitude, latitude : degrees, both or neither; those of the region without them
    gates : rules that the site states it meets
    industries : codes of its leading industries
    """

    kind: Literal["site"] = "site"
    region: str
    room: tuple[Room, ...]
    longitude: float | None = None
    latitude: float | None = None
    gates: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Project(Offer):
    """A project of an enterprise that looks for a place.

    Attributes
    ----------
    industry, origin : codes
    needs : by resource, the output it will make among them
    starts_on : day on which it would begin, YYYY-MM-DD; empty where open
    investment, investment_unit : money
    confidential : whether nobody sees who it is before being introduced
    shown : what sites may be told of a confidential project without its name
    """

    kind: Literal["project"] = "project"
    industry: str
    origin: str
    needs: tuple[Need, ...]
    starts_on: str = ""
    investment: float | None = None
    investment_unit: str = ""
    confidential: bool = True
    shown: tuple[Shown, ...] = ("industry", "needs", "timing")


@dataclass(frozen=True, kw_only=True)
class Achievement(Offer):
    """A scientific or technological achievement offered for transfer.

    Attributes
    ----------
    industry : code of the industry that would use it
    region : of its owner
    readiness : technology readiness level, 1 to 9
    patent_classes : of the International Patent Classification
    """

    kind: Literal["achievement"] = "achievement"
    industry: str
    region: str
    readiness: int | None = None
    patent_classes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fund(Offer):
    """A fund that supports projects.

    Attributes
    ----------
    size, unit : of the fund, money
    region : that it serves, with all below it; empty for any
    industries : that it supports; none for any
    most : largest support of one project, in the same unit
    grant_equivalent : share of the support that is worth a gift to who gets it, 0 to 1; None
        where it is not stated
    """

    kind: Literal["fund"] = "fund"
    size: float
    unit: str
    region: str = ""
    industries: tuple[str, ...] = ()
    most: float | None = None
    grant_equivalent: float | None = None


@dataclass(frozen=True, kw_only=True)
class Product(Offer):
    """A financial product.

    Attributes
    ----------
    type : loan, guarantee, lease, insurance, equity or reit
    region : in which it is offered, with all below it; empty for any
    industries : to which; none for any
    rate : a year, share of the amount
    """

    kind: Literal["product"] = "product"
    type: ProductType
    region: str = ""
    industries: tuple[str, ...] = ()
    rate: float | None = None


Content = Site | Project | Achievement | Fund | Product
CLASSES: dict[Kind, type[Site] | type[Project] | type[Achievement] | type[Fund] | type[Product]] = {
    "site": Site,
    "project": Project,
    "achievement": Achievement,
    "fund": Fund,
    "product": Product,
}


def industry_of(content: Content) -> str:
    """Return the industry that a listing is about; empty where it is about several or none."""
    return content.industry if isinstance(content, Project | Achievement) else ""


def region_of(content: Content) -> str:
    """Return the region that a listing is about, the origin of a project."""
    return content.origin if isinstance(content, Project) else content.region
