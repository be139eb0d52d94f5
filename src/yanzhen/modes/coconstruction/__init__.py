"""Co-construction: contracts between a home and a host region, computed and bargained over."""
