"""Money: products that a market would lend, and a fund that pays where it changes the outcome."""
