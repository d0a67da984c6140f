"""One small app for each framework."""
