"""Cannot be a module."""
