"""The JSON API, of one version; OpenAPI at `/api/v1/openapi.json`."""

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from yanzhen import __version__
from yanzhen.api.analysis_routes import add_analysis
from yanzhen.api.audit_routes import add_audit
from yanzhen.api.comparison_routes import add_comparisons
from yanzhen.api.contract_routes import add_contracts
from yanzhen.api.deal_matter_routes import add_deal_matters
from yanzhen.api.deal_routes import add_deals
from yanzhen.api.deal_term_routes import add_deal_terms
from yanzhen.api.description import describe
from yanzhen.api.docking_routes import add_docking
from yanzhen.api.entity_tags import EntityTags, NotModified, not_modified
from yanzhen.api.exchange_routes import add_listings
from yanzhen.api.idempotency import Idempotency
from yanzhen.api.import_routes import add_imports
from yanzhen.api.job_routes import add_jobs
from yanzhen.api.notice_routes import add_notices
from yanzhen.api.own_site import OwnSiteOnly
from yanzhen.api.people_routes import add_people
from yanzhen.api.permission import demand
from yanzhen.api.plan_routes import add_plans
from yanzhen.api.problem_details import Refusal, answered, misread, unread
from yanzhen.api.project_routes import add_projects_routes
from yanzhen.api.role_routes import add_roles
from yanzhen.api.server_routes import add_server
from yanzhen.api.settlement_routes import add_settlement
from yanzhen.api.statistics_routes import add_statistics
from yanzhen.api.study_routes import add_studies
from yanzhen.api.technology_routes import add_technologies
from yanzhen.api.token_routes import add_tokens
from yanzhen.api.webhook_routes import add_webhooks
from yanzhen.api.workbench import Workbench
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.report.analyses.analysis import NotThere
from yanzhen.store.database.connection import Unavailable
from yanzhen.store.people.refusals import PeopleError


def make_app(bench: Workbench) -> FastAPI:
    """Return the API over a workbench."""
    app = FastAPI(
        title="Yanzhen",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(demand)],
        generate_unique_id_function=lambda route: route.name,
        exception_handlers={
            Refusal: answered,
            PeopleError: answered,
            NoPrices: answered,
            NotThere: answered,
            Unavailable: answered,
            NotModified: not_modified,
            Exception: answered,
            RequestValidationError: misread,
            HTTPException: unread,
        },
    )
    # The last is the first to see a request.
    app.add_middleware(Idempotency, database=lambda: bench.database)
    app.add_middleware(EntityTags)
    app.add_middleware(OwnSiteOnly)
    add_studies(app, bench)
    add_imports(app, bench)
    add_plans(app, bench)
    add_roles(app, bench)
    add_comparisons(app, bench)
    for kept in bench.analyses.values():
        add_analysis(app, kept)
    add_technologies(app, bench)
    add_jobs(app, bench)
    add_contracts(app, bench)
    add_projects_routes(app, bench)
    add_deals(app, bench)
    add_deal_terms(app, bench)
    add_deal_matters(app, bench)
    add_listings(app, bench)
    add_docking(app, bench)
    add_settlement(app, bench)
    add_notices(app, bench)
    add_webhooks(app, bench)
    add_statistics(app, bench)
    add_people(app, bench)
    add_tokens(app, bench)
    add_audit(app, bench)
    add_server(app, bench)
    describe(app)
    return app
