"""Addresses of scenarios, and of what they change in a plan."""

from fastapi import FastAPI, Request, Response

from yanzhen.api.entity_tags import tagged
from yanzhen.api.models import Findings, ListedScenario, Picture
from yanzhen.api.pagination import Cursor, Limit, Page, key_of, link_next, page_of
from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import REFUSALS, RESULTS, TABLE, Spoken, TableAsked, Tags, sent
from yanzhen.api.workbench import Workbench

TAGS: Tags = ["scenarios"]


# Kept whole: a list of routes, none of them over ten lines.
def add_comparisons(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of scenarios and comparisons."""

    @app.get("/api/v1/scenarios/{study}", responses=REFUSALS, tags=TAGS)
    def list_scenarios(
        request: Request, response: Response, study: str, limit: Limit = 100, after: Cursor = ""
    ) -> Page[ListedScenario]:
        """Return the scenarios that can be set beside a plan, and which are the study's own."""
        own = bench.comparisons.own(bench.studies.find(study).key)
        key = key_of(after, (str,))
        behind = "" if key is None else str(key[0])
        found = [
            ListedScenario(
                name=each.name,
                title_zh=each.title_zh,
                title_en=each.title_en,
                own=each.name in own,
            )
            for each in bench.comparisons.scenarios_after(study, behind, limit + 1)
        ]
        page = page_of(found, limit, lambda each: (each.name,))
        link_next(request, response, page)
        return page

    @app.delete(
        "/api/v1/scenarios/{study}/{scenario}", status_code=204, responses=REFUSALS, tags=TAGS
    )
    def remove_scenario(study: str, scenario: str) -> None:
        """Delete a scenario of a study's own."""
        bench.comparisons.drop(bench.studies.find(study).key, scenario)

    @app.get("/api/v1/comparisons/{study}/{scenarios}/findings", responses=RESULTS, tags=TAGS)
    def comparison_findings(
        request: Request, study: str, scenarios: str, lang: Spoken = "zh"
    ) -> Findings:
        """Return what each scenario does, in sentences; `scenarios` are separated by commas."""
        names = scenarios.split(",")
        tagged(request, bench.comparisons.place(study, names))
        return bench.comparisons.findings(study, names, lang)

    @app.get("/api/v1/comparisons/{study}/{scenarios}/tables/{table}", responses=TABLE, tags=TAGS)
    def comparison_table(
        request: Request, study: str, scenarios: str, table: str, asked: TableAsked
    ) -> Response:
        """Return a table of a comparison."""
        names = scenarios.split(",")
        place = bench.comparisons.place(study, names)
        tagged(request, place)
        plan = bench.comparisons.plan(study, names)
        shown = bench.comparisons.tables(study, names, asked.lang).get(table)
        if shown is None:
            said = f"The comparison has no table {table!r}."
            raise Refusal(404, said, f"比较没有表“{table}”。")
        return sent(request, place, shown, plan, plan.period[0], asked)

    @app.get(
        "/api/v1/comparisons/{study}/{scenarios}/figures/{figure}", responses=RESULTS, tags=TAGS
    )
    def comparison_figure(
        request: Request, study: str, scenarios: str, figure: str, lang: Spoken = "zh"
    ) -> Picture:
        """Return a picture of a comparison as a Vega-Lite specification with its texts."""
        names = scenarios.split(",")
        tagged(request, bench.comparisons.place(study, names))
        return Picture(**bench.comparisons.picture(study, names, figure, lang))
