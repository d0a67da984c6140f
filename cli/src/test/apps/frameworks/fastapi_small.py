"""The least that FastAPI does for a response in JSON, for benches."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
async def read_item(item_id: int, q: str | None = None) -> dict[str, object]:
    return {"item_id": item_id, "q": q, "tags": ["one", "two"], "price": 1.5}
