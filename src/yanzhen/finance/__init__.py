"""Finance: products that a market would lend, who pays for a park, and what a fund supports."""
