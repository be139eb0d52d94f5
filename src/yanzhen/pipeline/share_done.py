"""Share of a plan's work that is done when each stage begins."""

SHARE_DONE = {
    "study": 0.0,
    "accounts": 0.05,
    "advantage": 0.1,
    "market": 0.15,
    "uncertainty": 0.2,
    "options": 0.6,
    "scenarios": 0.65,
    "chains": 0.67,
    "cooperation": 0.68,
    "effects": 0.69,
    "fund": 0.71,
    "track": 0.73,
    "goals": 0.74,
    "report": 0.75,
    "done": 1.0,
}
