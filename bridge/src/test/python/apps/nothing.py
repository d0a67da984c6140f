"""No app at all."""
