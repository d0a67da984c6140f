"""A small FastAPI app: path and query parameters, and a JSON body that is checked."""

from __future__ import annotations

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI(title="bit")


class Order(BaseModel):
    """What is ordered."""

    name: str = Field(min_length=1)
    price: float = Field(gt=0)
    quantity: int = Field(default=1, ge=1)


class Receipt(BaseModel):
    """What it costs."""

    name: str
    total: float


@app.get("/")
async def home() -> dict[str, str]:
    """Greets."""
    return {"message": "Hello, world!"}


@app.get("/items/{number}")
async def item(number: int, query: str | None = None) -> dict[str, int | str | None]:
    """Tells the parameters it was given."""
    return {"number": number, "query": query}


@app.post("/orders")
async def order(wanted: Order) -> Receipt:
    """Adds up an order."""
    return Receipt(name=wanted.name, total=wanted.price * wanted.quantity)
