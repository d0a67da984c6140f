"""Apps that cannot be started, each for a reason of its own."""
