"""Industrial and supply chains: who supplies whom, what is missing, who moves together, security.

`chain_analysis` puts all of it together for one study; `SupplyWeb` is the table it rests on.
"""

from yanzhen.modes.chain.network.analysis import ChainAnalysis, chain_analysis
from yanzhen.modes.chain.network.guard import Guard
from yanzhen.modes.chain.network.multiregional_flows import SupplyWeb, supply_web

__all__ = ["ChainAnalysis", "Guard", "SupplyWeb", "chain_analysis", "supply_web"]
