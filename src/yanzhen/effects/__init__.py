"""What a plan does to the whole economy: trade, general equilibrium, disparity, ledgers."""
