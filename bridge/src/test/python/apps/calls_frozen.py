"""Fails inside a module that Python has frozen."""

import os.path

MISSING: object = None


ROOT = os.path.join(MISSING, "x")  # type: ignore[call-overload]
