"""The exchange: where the parties of a transfer meet, agree and settle."""
