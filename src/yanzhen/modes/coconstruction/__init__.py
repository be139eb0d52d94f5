"""Co-construction: contracts between a home and a host region, computed and bargained over."""

from yanzhen.modes.coconstruction.contract.consistency import ContractError, check_contracts
from yanzhen.modes.coconstruction.contract.terms import Contract, Terms
from yanzhen.modes.coconstruction.contract.terms_toml import parse_terms, read_terms, write_terms
from yanzhen.modes.coconstruction.gains.bargaining import nash_division, shapley
from yanzhen.modes.coconstruction.gains.contract_offer import ContractOffer, contract_offer
from yanzhen.modes.coconstruction.gains.gains import Case, Gains, gains, sensitivity
from yanzhen.modes.coconstruction.gains.market_with_contract import choice_probability, clear_with
from yanzhen.modes.coconstruction.gains.nash_share import NashShare, nash_share
from yanzhen.modes.coconstruction.gains.pair_gains import (
    PairGains,
    induced_moves,
    pair_gains,
)
from yanzhen.modes.coconstruction.gains.share_curve import GainInterval, gain_curve, gain_interval
from yanzhen.modes.coconstruction.settlement.ledger import Ledger, ledger_frame, settle
from yanzhen.modes.coconstruction.settlement.presets import (
    PRESETS,
    Given,
    Preset,
    SideBySide,
    preset,
    side_by_side,
)
from yanzhen.modes.coconstruction.settlement.projects import Projects, one_contract
from yanzhen.modes.coconstruction.settlement.projects_csv import read_projects
from yanzhen.modes.coconstruction.settlement.tax_split import (
    local_part,
    local_shares,
    tax_split_table,
)
from yanzhen.modes.coconstruction.surveys.mode_choice import choose_mode
from yanzhen.modes.coconstruction.surveys.pairing import Pairing, pair
from yanzhen.modes.coconstruction.surveys.trusteeship import Trusteeship, trusteeship_gains

__all__ = [
    "PRESETS",
    "Case",
    "Contract",
    "ContractError",
    "ContractOffer",
    "GainInterval",
    "Gains",
    "Given",
    "Ledger",
    "NashShare",
    "PairGains",
    "Pairing",
    "Preset",
    "Projects",
    "SideBySide",
    "Terms",
    "Trusteeship",
    "check_contracts",
    "choice_probability",
    "choose_mode",
    "clear_with",
    "contract_offer",
    "gain_curve",
    "gain_interval",
    "gains",
    "induced_moves",
    "ledger_frame",
    "local_part",
    "local_shares",
    "nash_division",
    "nash_share",
    "one_contract",
    "pair",
    "pair_gains",
    "parse_terms",
    "preset",
    "read_projects",
    "read_terms",
    "sensitivity",
    "settle",
    "shapley",
    "side_by_side",
    "tax_split_table",
    "trusteeship_gains",
    "write_terms",
]
