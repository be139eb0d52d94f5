"""The door of notebooks: what `import yanzhen as yz` offers, and results that show themselves.

Nothing is computed here. Each call asks the rooms before and gives back what they found with its
findings in sentences, its tables as Polars frames and its pictures as Altair charts.
"""
