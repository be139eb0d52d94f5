"""Spatial general equilibrium in changes: wages, prices, trade and welfare of regions."""
