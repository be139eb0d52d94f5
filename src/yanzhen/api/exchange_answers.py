"""What the exchange tells: a clearing, a shortlist with its reasons, what was left out."""

from dataclasses import dataclass

from yanzhen.exchange.docking.introductions import ResponseTime
from yanzhen.exchange.listings.kinds import Status
from yanzhen.phrasebook import Words


@dataclass(frozen=True)
class ClearingSummary:
    """What was cleared and when, and the proof.

    Attributes
    ----------
    study : key
    on : day
    sites : that took part
    projects : that took part, rounded down to tens; null for fewer than ten
    status : of the figures: observed, estimated or synthetic, the least sure of what took part
    certificate : each check and what it found
    tolerance : what each must not exceed
    passed : whether none does
    """

    study: str
    on: str
    sites: int
    projects: int | None
    status: Status
    certificate: dict[str, float]
    tolerance: float
    passed: bool


@dataclass(frozen=True)
class ShortSite:
    """A site of a shortlist.

    Attributes
    ----------
    rank : 1 for the best
    site, name, organisation, region : of the listing
    own : whether it is of one's own organisation, which need not be asked
    kilometres : from the project's origin
    gain : over staying a year, share of output
    gain_money : the same in the study's money; None where nothing tells
    probability : of choosing it
    gain_low, gain_high, gain_money_low, gain_money_high, probability_low, probability_high : 5 and
        95 per cent quantiles over the draws; None without draws
    first_share : of the draws in which it is the best
    terms : whose sum the gain is
    unevaluated : requirements of rules that the study has no figure for
    gates : rules that the site states it meets
    stale_since : day, None where the listing is fresh
    response : how soon the organisation answers, None of too few answers
    """

    rank: int
    site: str
    name: str
    own: bool
    organisation: str
    region: str
    kilometres: float
    gain: float
    gain_low: float | None
    gain_high: float | None
    gain_money: float | None
    gain_money_low: float | None
    gain_money_high: float | None
    probability: float
    probability_low: float | None
    probability_high: float | None
    first_share: float | None
    terms: dict[str, float]
    unevaluated: list[str]
    gates: list[str]
    stale_since: str | None
    response: ResponseTime | None


@dataclass(frozen=True)
class RefusedSite:
    """A site that a rule closes to a project."""

    site: str
    name: str
    listing: str
    rule: str | None


@dataclass(frozen=True)
class ChangingFund:
    """A fund whose support would change where a project goes: P(support) − P(0) at a site."""

    fund: str
    name: str
    site: str
    added_probability: float


@dataclass(frozen=True)
class FundNotScreened:
    """A fund of which nobody can say what it would change.

    Attributes
    ----------
    fund, name : of the listing
    reason : no_investment, other_currency, unknown_unit or grant_not_stated
    """

    fund: str
    name: str
    reason: str


@dataclass(frozen=True)
class ToldCohort:
    """A project and others that one sees anyway, which are worth more at one site than apart.

    Attributes
    ----------
    lead, suppliers : identities of listings
    names : of all of them, by identity
    site, site_name : the best for all together
    value, beyond, apart : money of the study a year over staying: together, how much of it comes of
        being together, and each at its own best site
    together : whether it is worth more than apart
    strength_needed : margin of full linkage from which it is, None where they would trade nothing
    """

    lead: str
    suppliers: list[str]
    names: dict[str, str]
    site: str
    site_name: str
    value: float
    beyond: float
    apart: float
    together: bool
    strength_needed: float | None


@dataclass(frozen=True)
class LeftOut:
    """What the clearing left out of a listing: all of it, or room of some resources of a site.

    Attributes
    ----------
    whole : whether all of it
    reasons : in English and Chinese; none where nothing was left out
    """

    whole: bool
    reasons: tuple[Words, ...]


@dataclass(frozen=True)
class ToldShortlist:
    """Where a project would go, with reasons.

    Attributes
    ----------
    on : day of the clearing
    staying, staying_low, staying_high : probability and its interval; None ends without draws
    draws : that intervals are of: the market of what is listed, cleared again under so many
        drawn parameters
    output, output_unit : that gains are a share of
    money_unit : of gains in money
    sites : the best first
    refused_count : sites that a rule closes
    refused : the first of them
    funds : that would change the outcome, the largest change first
    funds_not_screened : of which that cannot be said, and why
    cohorts : with projects of one's own and those listed by name; None where the study has no
        input-output table
    achievements : identities and names of those listed for the project's industry
    """

    on: str
    staying: float
    staying_low: float | None
    staying_high: float | None
    draws: int
    output: float
    output_unit: str
    money_unit: str
    sites: list[ShortSite]
    refused_count: int
    refused: list[RefusedSite]
    funds: list[ChangingFund]
    funds_not_screened: list[FundNotScreened]
    cohorts: list[ToldCohort] | None
    achievements: dict[str, str]
