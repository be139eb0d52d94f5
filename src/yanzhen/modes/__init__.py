"""Modes of cooperation between regions: chain, co-construction, technology."""
