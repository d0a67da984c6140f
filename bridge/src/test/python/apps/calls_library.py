"""Fails inside the standard library."""

import json

TEXT = "{no json"


VALUES = json.loads(TEXT)
