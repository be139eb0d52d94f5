"""Addresses of what is listed on the exchange."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Body, FastAPI, File, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel

from yanzhen.api.entity_tags import tagged_as
from yanzhen.api.file_refusals import refused_file
from yanzhen.api.pagination import Cursor, Limit, Page, cursor_of, key_of, link_next
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import (
    CONFLICT,
    FILE,
    REFUSALS,
    RESULTS,
    UNREAD,
    UNUSABLE,
    Tags,
)
from yanzhen.api.study_archives import too_large
from yanzhen.api.unpacked_size import require_modest
from yanzhen.api.workbench import Workbench
from yanzhen.exchange.files.kinds import LARGEST, Refused
from yanzhen.exchange.listings.documents import add_document, read_document
from yanzhen.exchange.listings.from_csv import listings_from_csv, template
from yanzhen.exchange.listings.keeping import (
    NotNow,
    confirm_listing,
    make_listings,
    publish_listing,
    revise_listing,
    submit_listing,
    withdraw_listing,
)
from yanzhen.exchange.listings.kinds import Content, Kind
from yanzhen.exchange.listings.searching import (
    Listing,
    ListingVersion,
    NoSuchListing,
    Sought,
    find_listing,
    list_listings,
    versions_of,
)
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study import StudyError

TAGS: Tags = ["exchange"]
Said = Annotated[Content, Body(discriminator="kind")]
Code = Annotated[str, Query(max_length=64)]
CHANGED = {**REFUSALS, **CONFLICT}


class Made(BaseModel):
    """The identity of a listing that was made."""

    listing: str


class MadeListings(BaseModel):
    """Identities of the listings that were made, in the order of their file."""

    listings: list[str]


class PublishedListing(BaseModel):
    """A listing that was published, and those that one sees with the same name, place and kind."""

    listing: Listing
    alike: list[str]


# Kept whole: a list of routes, none of them over fifteen lines.
def add_listings(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of listings."""
    own = "/api/v1/exchange/listings/{listing}"

    # Kept wide: what a page, a search and an answer are asked by.
    @app.get("/api/v1/exchange/listings", responses=REFUSALS, tags=TAGS, name="list_listings")
    def listed(
        request: Request,
        response: Response,
        kind: Kind | None = None,
        industry: Code = "",
        region: Code = "",
        mine: Annotated[bool, Query(description="Those of one's own organisation alone")] = False,
        holding: Annotated[
            str, Query(max_length=200, description="Parts of name, codes or text")
        ] = "",
        limit: Limit = 100,
        after: Cursor = "",
    ) -> Page[Listing]:
        """Return what is listed by others and all of one's own organisation, the newest first."""
        key = key_of(after, (str,))
        before = None if key is None else str(key[0])
        sought = Sought(kind or "", industry, region, "", mine, holding)
        with refused_by_exchange():
            found = list_listings(bench.database, current_viewer(), sought, before, limit)
        following = None if found.after is None else cursor_of((found.after,))
        page = Page(items=list(found.listings), next=following)
        link_next(request, response, page)
        return page

    @app.post(
        "/api/v1/exchange/listings",
        status_code=201,
        responses={**REFUSALS, **UNREAD},
        tags=TAGS,
        name="make_listing",
    )
    def make(said: Said) -> Made:
        """Make a listing, a draft."""
        with refused_by_exchange():
            (made,) = make_listings(bench.database, current_viewer(), [said])
        return Made(listing=made)

    @app.post(
        "/api/v1/exchange/files/{kind}",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **UNUSABLE},
        tags=TAGS,
        name="take_listings",
    )
    def take(kind: Kind, file: Annotated[UploadFile, File()]) -> MadeListings:
        """Make listings of a table (CSV, XLSX, Parquet), drafts: all of them, or none."""
        content = require_modest(file.file.read(LARGEST + 1))
        if len(content) > LARGEST:
            raise too_large()
        with refused_by_exchange():
            contents = listings_from_csv(kind, content, file.filename or "file.csv")
            made = make_listings(bench.database, current_viewer(), contents)
        return MadeListings(listings=list(made))

    @app.get(
        "/api/v1/exchange/files/{kind}",
        responses={200: {"content": {"text/csv": {}}}, **REFUSALS},
        response_class=Response,
        tags=TAGS,
        name="listings_template",
    )
    def empty_file(kind: Kind) -> Response:
        """Return an empty CSV file of listings of a kind, with its columns."""
        headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
        return Response(template(kind), media_type="text/csv; charset=utf-8", headers=headers)

    @app.get(own, responses=RESULTS, tags=TAGS, name="get_listing")
    def get(request: Request, listing: str) -> Listing:
        """Return a listing: one's own as it is, that of others as it was published."""
        with refused_by_exchange():
            found = find_listing(bench.database, current_viewer(), listing)
        parts = (found.id, found.version, found.state, found.confirmed_at[:10], found.stale_since)
        tagged_as(request, "-".join(map(str, parts)))
        return found

    @app.put(own, responses={**CHANGED, **UNREAD}, tags=TAGS, name="revise_listing")
    def revise(
        listing: str,
        said: Said,
        based_on: Annotated[
            int | None, Query(description="Version that was changed, refused if there is a newer")
        ] = None,
    ) -> Listing:
        """Add a version to a listing: a draft, while others see what was published before."""
        with refused_by_exchange():
            return revise_listing(bench.database, current_viewer(), listing, said, based_on)

    @app.get(f"{own}/versions", responses=REFUSALS, tags=TAGS, name="list_listing_versions")
    def versions(listing: str) -> list[ListingVersion]:
        """Return the versions of a listing, the newest first; of others' the published one."""
        with refused_by_exchange():
            return list(versions_of(bench.database, current_viewer(), listing))

    @app.post(f"{own}/submission", responses=CHANGED, tags=TAGS, name="submit_listing")
    def submit(listing: str) -> Listing:
        """Hand a draft over for review by an administrator of one's organisation."""
        with refused_by_exchange():
            return submit_listing(bench.database, current_viewer(), listing)

    @app.post(f"{own}/publication", responses=CHANGED, tags=TAGS, name="publish_listing")
    def publish(listing: str) -> PublishedListing:
        """Publish what is in review."""
        with refused_by_exchange():
            found = publish_listing(bench.database, current_viewer(), listing)
        return PublishedListing(listing=found.listing, alike=list(found.alike))

    @app.post(f"{own}/withdrawal", responses=CHANGED, tags=TAGS, name="withdraw_listing")
    def withdraw(listing: str) -> Listing:
        """Withdraw a listing: nobody else is shown it any more."""
        with refused_by_exchange():
            return withdraw_listing(bench.database, current_viewer(), listing)

    @app.post(f"{own}/confirmation", responses=CHANGED, tags=TAGS, name="confirm_listing")
    def confirm(listing: str) -> Listing:
        """Confirm that what is published still holds."""
        with refused_by_exchange():
            return confirm_listing(bench.database, current_viewer(), listing)

    @app.post(
        f"{own}/documents",
        status_code=201,
        responses={**CHANGED, **UNREAD, **UNUSABLE},
        tags=TAGS,
        name="add_listing_document",
    )
    def add(listing: str, file: Annotated[UploadFile, File()]) -> Listing:
        """Add a photograph or document (PDF, PNG, JPEG): a version of the listing, a draft."""
        content = file.file.read(LARGEST + 1)
        name = file.filename or ""
        with refused_by_exchange():
            who = current_viewer()
            return add_document(bench.database, bench.folder, who, listing, name, content)

    @app.get(
        f"{own}/documents/{{sha256}}",
        responses=FILE,
        response_class=FileResponse,
        tags=TAGS,
        name="get_listing_document",
    )
    def document(listing: str, sha256: str) -> FileResponse:
        """Return a photograph or document of a listing."""
        with refused_by_exchange():
            who = current_viewer()
            found, place = read_document(bench.database, bench.folder, who, listing, sha256)
        # What people bring is saved, never shown as a page of this site.
        return FileResponse(
            place,
            filename=found.name,
            media_type=found.media_type,
            headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"},
        )


@contextmanager
def refused_by_exchange() -> Iterator[None]:
    """Turn what the exchange refuses into problem details."""
    try:
        yield
    except NoSuchListing as error:
        raise no_listing(str(error.args[0])) from None
    except NotNow as error:
        raise Refusal(409, *error.words) from None
    except Refused as error:
        raise refused_file(error) from None
    except StudyError as error:
        count = len(error.problems)
        said = f"{count} thing(s) are wrong.", f"有{count}处须改正。"
        raise Refusal(422, *said, error.problems) from None


def no_listing(said: str) -> Refusal:
    """Return the refusal of a listing that is not there, or not to be seen."""
    return Refusal(404, f"There is no listing {said!r}.", f"没有条目“{said}”。")
