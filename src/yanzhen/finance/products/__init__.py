"""Financial products: their terms, their dated cash flows between parties, what these are worth."""
