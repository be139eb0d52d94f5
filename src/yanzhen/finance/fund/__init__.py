"""A transfer fund: what support adds, and which projects to hold under limits and risk."""
