"""The quantiles of draws that bound an interval, and the one in its middle: 90 % lie between."""

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
ENDS = (LOW, HIGH)
QUANTILES = (LOW, MIDDLE, HIGH)
