"""A park's infrastructure: what it costs, what pays for it, and who stands first."""
