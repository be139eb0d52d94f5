"""The tests, and what they share; a package of its own, as others install one of this name."""
