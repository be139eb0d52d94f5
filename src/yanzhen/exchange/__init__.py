"""Where the parties of a transfer meet, agree and settle, and what is published of it."""
