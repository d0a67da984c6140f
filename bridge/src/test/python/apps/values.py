"""Things that are not apps."""

import os as module

app = {"a": 1}
none = None
obj = object()
__all__ = ["app", "module", "none", "obj"]
