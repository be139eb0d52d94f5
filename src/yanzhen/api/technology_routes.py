"""Addresses of matched achievements, and of readers' verdicts on them."""

from typing import Annotated, Any

from fastapi import FastAPI, Path, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.accounts.panel import base_year
from yanzhen.api.responses import FILE, REFUSALS, UNREAD, Form, Spoken, sent, sent_file
from yanzhen.api.technologies import Verdict
from yanzhen.api.workbench import Workbench
from yanzhen.modes.technology.matching.partners import Kind

Partner = Annotated[Kind, Path(description="With whom achievements are matched")]


class Judgement(BaseModel):
    """A reader's verdict on a match."""

    model_config = ConfigDict(extra="forbid")

    achievement: str
    partner: str
    verdict: Verdict
    reason: Annotated[str, Field(max_length=500)] = ""


def add_technologies(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of matched achievements and of verdicts on them."""

    @app.get("/api/technologies/{study}/verdicts", responses=REFUSALS)
    def verdicts(study: str) -> list[dict[str, Any]]:
        """Return what readers said of matches."""
        return bench.technologies.verdicts(bench.studies.find(study).key).to_dicts()

    @app.post(
        "/api/technologies/{study}/verdicts", status_code=201, responses={**REFUSALS, **UNREAD}
    )
    def judge(study: str, said: Judgement) -> list[dict[str, Any]]:
        """Keep a verdict on a match; it acts when achievements are matched again."""
        read = bench.studies.read(study)
        return bench.technologies.judge(
            read, study, said.achievement, said.partner, said.verdict, said.reason
        ).to_dicts()

    @app.get("/api/technologies/{study}/{partner}/findings", responses=REFUSALS)
    def technology_findings(study: str, partner: Partner, lang: Spoken = "zh") -> list[str]:
        """Return what the matches say, in sentences."""
        return bench.technologies.findings(study, partner, lang)

    @app.get("/api/technologies/{study}/{partner}/tables/{table}", responses=REFUSALS)
    def technology_table(
        study: str,
        partner: Partner,
        table: str,
        region: str = "",
        holding: str = "",
        lang: Spoken = "zh",
        form: Form = "json",
    ) -> Response:
        """Return a table of matches: of one region, of rows that hold a text, or all."""
        found = bench.technologies.read(study, partner)
        shown = bench.technologies.table(study, partner, table, lang, region, holding)
        return sent(shown, found, base_year(found.study), lang, form)

    @app.get("/api/technologies/{study}/{partner}/figures/{figure}", responses=REFUSALS)
    def technology_figure(
        study: str, partner: Partner, figure: str, lang: Spoken = "zh"
    ) -> dict[str, Any]:
        """Return a picture of matches as a Vega-Lite specification with its texts."""
        return bench.technologies.kept_picture(study, figure, lang, partner)

    @app.get("/api/technologies/{study}/{partner}/report", responses=FILE)
    def technology_report(study: str, partner: Partner, lang: Spoken = "zh") -> FileResponse:
        """Return the report on matches as one HTML file."""
        path = bench.technologies.report(study, partner, lang)
        return sent_file(path, bench.technologies.read(study, partner).study.about.synthetic)
