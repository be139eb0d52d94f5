"""Everything that reads what people bring, given bytes that nobody would write."""
