"""Misspells a module of its own package."""

from shop.modles import app
