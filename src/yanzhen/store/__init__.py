"""What people enter: kept, shown only to whom it belongs, and never lost."""
