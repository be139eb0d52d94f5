"""Addresses of studies: what there is, what is wrong with it, and taking others."""

from fastapi import FastAPI, Request, Response, UploadFile

from yanzhen.api.downloads import attached, empty_workbook
from yanzhen.api.models import ListedStudy, StudyTold, Taken
from yanzhen.api.pagination import Cursor, Limit, Page, link_next, page_in_memory
from yanzhen.api.responses import FILE, REFUSALS, UNREAD, UNUSABLE, WORKBOOK
from yanzhen.api.studies import KnownStudy
from yanzhen.api.study_archives import LARGEST_UPLOAD
from yanzhen.api.unpacked_size import require_modest
from yanzhen.api.workbench import Workbench
from yanzhen.study import Problem


# Kept whole: a list of routes, none of them over ten lines.
def add_studies(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of studies."""

    def listed(known: KnownStudy) -> ListedStudy:
        return ListedStudy(
            study=known.key,
            origin=known.origin,
            title_zh=known.title_zh,
            title_en=known.title_en,
            synthetic=known.synthetic,
            plan=bench.plans.exists(known.key),
            diagnosis=bench.exists("diagnosis", known.key),
        )

    @app.get("/api/v1/studies", responses=REFUSALS, tags=["studies"])
    def list_studies(
        request: Request, response: Response, limit: Limit = 100, after: Cursor = ""
    ) -> Page[ListedStudy]:
        """Return the studies, and whether plan and diagnosis have been made."""
        page = page_in_memory(bench.studies.all(), limit, after, lambda known: (known.key,))
        link_next(request, response, page)
        return Page(items=[listed(known) for known in page.items], next=page.next)

    @app.post(
        "/api/v1/studies",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **UNUSABLE},
        tags=["studies"],
    )
    def upload_study(file: UploadFile) -> Taken:
        """Take a study: an Excel workbook, or a ZIP archive of its tables."""
        return Taken(study=bench.studies.upload(file.filename or "", content_of(file)).key)

    @app.post(
        "/api/v1/studies/{study}/tables/{table}",
        status_code=201,
        responses={**REFUSALS, **UNREAD, **UNUSABLE},
        tags=["studies"],
    )
    def replace_table(study: str, table: str, file: UploadFile) -> Taken:
        """Take a table as CSV: a new study, the same as another but for that table."""
        return Taken(study=bench.studies.with_table(study, table, content_of(file)).key)

    @app.get("/api/v1/studies/{study}", responses=REFUSALS, tags=["studies"])
    def get_study(study: str) -> StudyTold:
        """Return what a study says about itself, and how many rows each table has."""
        read = bench.studies.read(study)
        rows = {name: table.height for name, table in read.tables.items()}
        return StudyTold(about=read.about, rows=rows)

    @app.get(
        "/api/v1/studies/{study}/files", response_class=Response, responses=FILE, tags=["studies"]
    )
    def study_files(study: str) -> Response:
        """Return the files of a study that was uploaded or imported, as a ZIP archive."""
        content = bench.studies.archive(study)
        return Response(content, media_type="application/zip", headers=attached(f"{study}.zip"))

    @app.get("/api/v1/studies/{study}/problems", responses=REFUSALS, tags=["studies"])
    def study_problems(study: str) -> list[Problem]:
        """Return everything that is wrong with a study, and what it warns of, by severity."""
        return [*bench.studies.problems(study), *bench.studies.warnings(study)]

    @app.get(
        "/api/v1/template",
        response_class=Response,
        responses={200: {"content": {WORKBOOK: {}}}},
        tags=["studies"],
    )
    def get_template() -> Response:
        """Return an empty workbook to fill in with a study of one's own."""
        headers = {"Content-Disposition": 'attachment; filename="yanzhen-template.xlsx"'}
        return Response(empty_workbook(), media_type=WORKBOOK, headers=headers)


def content_of(file: UploadFile) -> bytes:
    """Read what was sent, one byte beyond the limit at most, and nothing that unpacks to more."""
    return require_modest(file.file.read(LARGEST_UPLOAD + 1))
