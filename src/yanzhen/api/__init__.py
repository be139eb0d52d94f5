"""Answers for the workbench and for programs: read-only JSON, and long work as jobs."""
