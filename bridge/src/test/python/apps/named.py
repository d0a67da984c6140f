"""Apps under other names, among things that are none."""

import os
from pathlib import Path


async def api(scope, receive, send): ...


class Site:
    async def __call__(self, scope, receive, send): ...


class Proxy:
    """An object that wants to be left alone, as Flask's are outside of a request."""

    @property
    def __class__(self):
        raise RuntimeError("working outside of request context")


admin = Site()
proxy = Proxy()
helper = os.path.join
base = Path(__file__)


async def background(): ...


def create_app():
    return api
