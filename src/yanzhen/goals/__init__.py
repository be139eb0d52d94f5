"""What became of goals and of what was signed: indicators, their targets, tracked projects."""
