"""Django imports this module, and with it pydantic, at the first request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.contrib import admin
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ValidationError

from realapps.django_shop.models import Product


class Order(BaseModel):
    name: str
    count: int


@csrf_exempt
def order(request: HttpRequest) -> HttpResponse:
    """A blocking view that validates with pydantic and writes in a transaction."""
    try:
        ordered = Order.model_validate_json(request.body)
    except ValidationError as wrong:
        return JsonResponse({"errors": wrong.error_count()}, status=422)
    with transaction.atomic():
        for number in range(ordered.count):
            Product.objects.create(name=f"{ordered.name} {number}", price=number)
    return JsonResponse({"products": Product.objects.count()}, status=201)


def products(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"products": list(Product.objects.order_by("pk").values("name"))})


async def products_async(request: HttpRequest) -> HttpResponse:
    names = [each.name async for each in Product.objects.order_by("pk")]
    return JsonResponse({"products": names, "count": await Product.objects.acount()})


def visits(request: HttpRequest) -> HttpResponse:
    """A session, stored in the database."""
    request.session["visits"] = request.session.get("visits", 0) + 1
    return JsonResponse({"visits": request.session["visits"]})


def threads(request: HttpRequest) -> HttpResponse:
    """A thread of the app, with a database connection of its own."""
    found: list[int] = []

    def count() -> None:
        found.append(Product.objects.count())
        connection.close()

    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    return JsonResponse({"found": found})


async def gathered(request: HttpRequest) -> HttpResponse:
    """Blocking queries from an async view, several at a time."""
    count = sync_to_async(Product.objects.count, thread_sensitive=False)
    return JsonResponse({"counts": await asyncio.gather(*(count() for _ in range(4)))})


async def streamed(request: HttpRequest) -> StreamingHttpResponse:
    async def names() -> AsyncIterator[str]:
        async for each in Product.objects.order_by("pk"):
            yield f"{each.name}\n"

    return StreamingHttpResponse(names(), content_type="text/plain")


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES["file"]
    return JsonResponse({"name": file.name, "size": file.size})


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("this view always fails")


urlpatterns = [
    path("admin/", admin.site.urls),
    path("order", order),
    path("products", products),
    path("products-async", products_async),
    path("visits", visits),
    path("threads", threads),
    path("gathered", gathered),
    path("streamed", streamed),
    path("upload", upload),
    path("boom", boom),
]
