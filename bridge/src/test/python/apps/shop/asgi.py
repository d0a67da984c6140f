"""An app in a package."""

from .models import app

__all__ = ["app"]
