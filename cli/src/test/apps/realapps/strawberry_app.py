"""Strawberry: GraphQL queries, mutations and errors over its ASGI app."""

from __future__ import annotations

import asyncio

import strawberry
from strawberry.asgi import GraphQL


@strawberry.type
class Product:
    name: str
    price: float


PRODUCTS = [Product(name="bolt", price=1.5), Product(name="nut", price=0.5)]


@strawberry.type
class Query:
    @strawberry.field
    async def products(self, dearer_than: float = 0) -> list[Product]:
        await asyncio.sleep(0)
        return [product for product in PRODUCTS if product.price > dearer_than]

    @strawberry.field
    def failing(self) -> str:
        raise ValueError("this field always fails")


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def add(self, name: str, price: float) -> Product:
        return Product(name=name, price=price)


app: GraphQL[None, None] = GraphQL(
    strawberry.Schema(Query, Mutation), graphql_ide=None, multipart_uploads_enabled=False
)
