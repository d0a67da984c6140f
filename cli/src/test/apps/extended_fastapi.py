"""FastAPI, which tells its clients what to load before it has an answer, and sends files."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse

app = FastAPI()


@app.get("/hints")
async def hints(request: Request) -> dict[str, str]:
    await request.send_early_hints("</style.css>; rel=preload; as=style")
    return {"answer": "yes"}


@app.get("/file")
async def file() -> FileResponse:
    return FileResponse(__file__)
