"""Goes on without its fast half, or fails because of that."""

from importlib.machinery import ExtensionFileLoader
from importlib.util import spec_from_loader


def speed(name):
    loader = ExtensionFileLoader(name, "/nowhere.so")
    try:
        return loader.create_module(spec_from_loader(name, loader))
    except ImportError:
        return None


fast = speed("quick._speed")


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200})


def create_app():
    return fast.app
