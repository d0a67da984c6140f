"""An app that cannot be imported."""

raise RuntimeError("this app does not start")
