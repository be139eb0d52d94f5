"""Addresses of matched achievements, and of readers' verdicts on them."""

from typing import Annotated

from fastapi import FastAPI, Path, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.accounts.panel import base_year
from yanzhen.api.entity_tags import tagged
from yanzhen.api.models import Findings, JudgedMatch, Picture
from yanzhen.api.pagination import Cursor, Limit, Page, link_next, page_in_memory
from yanzhen.api.responses import (
    REFUSALS,
    REPORT,
    RESULTS,
    TABLE,
    UNREAD,
    Spoken,
    TableAsked,
    Tags,
    sent,
    sent_file,
)
from yanzhen.api.technologies import Verdict
from yanzhen.api.workbench import Workbench
from yanzhen.modes.technology.matching.partners import Kind

TAGS: Tags = ["technologies"]
Partner = Annotated[Kind, Path(description="With whom achievements are matched")]


class Judgement(BaseModel):
    """A reader's verdict on a match."""

    model_config = ConfigDict(extra="forbid")

    achievement: str
    partner: str
    verdict: Verdict
    reason: Annotated[str, Field(max_length=500)] = ""


# Kept whole: a list of routes, none of them over ten lines.
def add_technologies(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of matched achievements and of verdicts on them."""

    @app.get("/api/v1/technologies/{study}/verdicts", responses=REFUSALS, tags=TAGS)
    def list_verdicts(
        request: Request, response: Response, study: str, limit: Limit = 100, after: Cursor = ""
    ) -> Page[JudgedMatch]:
        """Return what readers said of matches."""
        rows = bench.technologies.verdicts(bench.studies.find(study).key).to_dicts()
        said = [JudgedMatch(**row) for row in rows]
        page = page_in_memory(
            said, limit, after, lambda each: (each.achievement, each.partner), (str, str)
        )
        link_next(request, response, page)
        return page

    @app.post(
        "/api/v1/technologies/{study}/verdicts",
        status_code=201,
        responses={**REFUSALS, **UNREAD},
        tags=TAGS,
    )
    def judge_match(study: str, said: Judgement) -> JudgedMatch:
        """Keep a verdict on a match; it acts when achievements are matched again."""
        read = bench.studies.read(study)
        pair = (said.achievement, said.partner)
        kept = bench.technologies.judge(read, study, *pair, said.verdict, said.reason)
        row = next(row for row in kept.to_dicts() if (row["achievement"], row["partner"]) == pair)
        return JudgedMatch(**row)

    @app.get("/api/v1/technologies/{study}/{partner}/findings", responses=RESULTS, tags=TAGS)
    def technology_findings(
        request: Request, study: str, partner: Partner, lang: Spoken = "zh"
    ) -> Findings:
        """Return what the matches say, in sentences."""
        tagged(request, bench.technologies.place(study, partner))
        return bench.technologies.findings(study, partner, lang)

    @app.get("/api/v1/technologies/{study}/{partner}/tables/{table}", responses=TABLE, tags=TAGS)
    def technology_table(
        request: Request,
        study: str,
        partner: Partner,
        table: str,
        asked: TableAsked,
        region: str = "",
        holding: str = "",
    ) -> Response:
        """Return a table of matches: of one region, of rows that hold a text, or all."""
        place = bench.technologies.place(study, partner)
        tagged(request, place)
        found = bench.technologies.read(study, partner)
        shown = bench.technologies.table(study, partner, table, asked.lang, region, holding)
        return sent(request, place, shown, found, base_year(found.study), asked)

    @app.get(
        "/api/v1/technologies/{study}/{partner}/figures/{figure}", responses=RESULTS, tags=TAGS
    )
    def technology_figure(
        request: Request, study: str, partner: Partner, figure: str, lang: Spoken = "zh"
    ) -> Picture:
        """Return a picture of matches as a Vega-Lite specification with its texts."""
        tagged(request, bench.technologies.place(study, partner))
        return Picture(**bench.technologies.kept_picture(study, figure, lang, partner))

    @app.get(
        "/api/v1/technologies/{study}/{partner}/report",
        responses=REPORT,
        response_class=FileResponse,
        tags=TAGS,
    )
    def technology_report(
        request: Request, study: str, partner: Partner, lang: Spoken = "zh"
    ) -> FileResponse:
        """Return the report on matches as one HTML file."""
        tagged(request, bench.technologies.place(study, partner))
        path = bench.technologies.report(study, partner, lang)
        return sent_file(path, bench.technologies.read(study, partner).study.about.synthetic)
