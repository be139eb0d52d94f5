"""Addresses of the three modes' answers: chains, docking lists, matched achievements."""

from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Path, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from yanzhen.accounts.panel import base_year
from yanzhen.api.dockings import PICTURE
from yanzhen.api.responses import REFUSALS, UNREAD, Form, Spoken, sent
from yanzhen.api.technologies import Verdict
from yanzhen.api.workbench import Workbench
from yanzhen.modes.technology.matching.partners import Kind

FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}},
    **REFUSALS,
}
Partner = Annotated[Kind, Path(description="With whom achievements are matched")]


class Judgement(BaseModel):
    """A reader's verdict on a match."""

    model_config = ConfigDict(extra="forbid")

    achievement: str
    partner: str
    verdict: Verdict
    reason: Annotated[str, Field(max_length=500)] = ""


def add_chains(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of chains and docking lists."""

    @app.get("/api/chains/{study}/findings", responses=REFUSALS)
    def chain_findings(
        study: str, industry: str = "", region: str | None = None, lang: Spoken = "zh"
    ) -> list[str]:
        """Return what an analysis of chains found, in sentences."""
        return bench.chains.findings(study, industry, lang, region)

    @app.get("/api/chains/{study}/tables/{table}", responses=REFUSALS)
    def chain_table(
        study: str,
        table: str,
        industry: str = "",
        region: str | None = None,
        lang: Spoken = "zh",
        form: Form = "json",
    ) -> Response:
        """Return a table of an analysis of chains, of one region or of all."""
        found = bench.chains.read(study, industry)
        shown = bench.chains.table(study, industry, table, lang, region)
        return sent(shown, found, found.year, lang, form)

    @app.get("/api/chains/{study}/figures/{figure}", responses=REFUSALS)
    def chain_figure(
        study: str, figure: str, industry: str = "", lang: Spoken = "zh"
    ) -> dict[str, Any]:
        """Return a picture of chains as a Vega-Lite specification with its texts."""
        return bench.chains.kept_picture(study, figure, lang, industry)

    @app.get("/api/chains/{study}/report", responses=FILE, response_class=FileResponse)
    def chain_report(
        study: str,
        industry: str = "",
        lang: Spoken = "zh",
        form: Literal["html", "xlsx"] = "html",
    ) -> FileResponse:
        """Return the report on chains as one HTML file or an Excel workbook."""
        path = bench.chains.report(study, industry, lang, form)
        return _file(path, bench.chains.read(study, industry).study.about.synthetic)

    @app.get("/api/dockings/{study}/findings", responses=REFUSALS)
    def docking_findings(study: str, lang: Spoken = "zh") -> list[str]:
        """Return what the docking lists come to, in sentences."""
        return bench.dockings.findings(study, lang)

    @app.get("/api/dockings/{study}/tables/{table}", responses=REFUSALS)
    def docking_table(
        study: str,
        table: str,
        region: str | None = None,
        industry: str | None = None,
        enterprise: str | None = None,
        lang: Spoken = "zh",
        form: Form = "json",
    ) -> Response:
        """Return a docking list: of a region's or an industry's buyers, of one party, or of all."""
        found = bench.dockings.read(study)
        shown = bench.dockings.table(study, table, lang, region, industry, enterprise)
        return sent(shown, found, base_year(found.study), lang, form)

    @app.get("/api/dockings/{study}/figures/docking", responses=REFUSALS)
    def docking_figure(study: str, lang: Spoken = "zh") -> dict[str, Any]:
        """Return the picture of docking as a Vega-Lite specification with its texts."""
        return bench.dockings.kept_picture(study, PICTURE, lang)


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
        return _file(path, bench.technologies.read(study, partner).study.about.synthetic)


def _file(path: FilePath, synthetic: bool) -> FileResponse:
    name = f"{'SYNTHETIC_' if synthetic else ''}{path.name}"
    return FileResponse(path, filename=name, media_type="application/octet-stream")
