"""Django Channels beside Django, with its users: consumers in the loop and in threads."""

from __future__ import annotations

import os
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, WebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "realapps.django_shop.settings")
django = get_asgi_application()

from realapps.django_shop.models import Product  # noqa: E402 # not before Django is set up


class Desk(AsyncJsonWebsocketConsumer):
    """Says who is there, counts products, and tells a group of it."""

    async def connect(self) -> None:
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close()
            return
        await self.channel_layer.group_add("desk", self.channel_name)
        await self.accept("desk.v1" if "desk.v1" in self.scope["subprotocols"] else None)
        await self.send_json({"user": user.username})

    async def receive_json(self, content: Any) -> None:
        if content == "leave":
            await self.close(4001, "left")
            return
        count = await database_sync_to_async(Product.objects.count)()
        told = {"type": "told", "asked": content, "products": count}
        await self.channel_layer.group_send("desk", told)

    async def told(self, event: dict[str, Any]) -> None:
        await self.send_json(event)

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("desk", self.channel_name)


class Names(WebsocketConsumer):
    """In a thread, where the ORM may block; an unknown name is an error of its own."""

    def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if bytes_data is not None:
            self.send(bytes_data=bytes_data[::-1])
            return
        self.send(Product.objects.get(name=text_data).name.upper())


sockets = URLRouter([path("desk/", Desk.as_asgi()), path("names/", Names.as_asgi())])
app = ProtocolTypeRouter(
    {
        "http": django,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
    }
)
