"""Imports an extension module that does not load in a sub-interpreter."""

try:
    import readline
except ImportError as error:
    raise RuntimeError("no line editing") from error


async def app(scope, receive, send): ...


__all__ = ["app", "readline"]
