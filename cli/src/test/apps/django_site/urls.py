"""The views and where they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def groups(request: HttpRequest) -> HttpResponse:
    """POST makes a group, GET lists all: the ORM in a blocking view."""
    if request.method == "POST":
        Group.objects.create(name=request.POST["name"])
    return JsonResponse({"groups": list(Group.objects.values_list("name", flat=True))})


async def groups_async(request: HttpRequest) -> HttpResponse:
    """The ORM in an async view."""
    names = [group.name async for group in Group.objects.order_by("name")]
    return JsonResponse({"groups": names, "count": await Group.objects.acount()})


async def stream_async(request: HttpRequest) -> StreamingHttpResponse:
    async def pieces() -> AsyncIterator[str]:
        for number in range(5):
            yield f"piece {number}\n"
            await asyncio.sleep(0.01)

    return StreamingHttpResponse(pieces(), content_type="text/plain")


def stream_blocking(request: HttpRequest) -> StreamingHttpResponse:
    pieces: Iterator[str] = (f"piece {number}\n" for number in range(5))
    return StreamingHttpResponse(pieces, content_type="text/plain")


@csrf_exempt
def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body, content_type="application/octet-stream")


def where(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {"path": request.path, "path_info": request.path_info, "url": reverse(where)}
    )


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("boom in a Django app")


urlpatterns = [
    path("admin/", admin.site.urls),
    path("groups", groups),
    path("groups-async", groups_async),
    path("stream-async", stream_async),
    path("stream-blocking", stream_blocking),
    path("echo", echo),
    path("where", where),
    path("boom", boom),
]
