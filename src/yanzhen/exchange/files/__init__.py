"""Files that people bring to the exchange: which are taken, and under which name."""
