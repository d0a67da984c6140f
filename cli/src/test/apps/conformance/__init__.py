"""The app of the conformance tests: each path is one small ASGI app that does one thing."""
