"""Datasette over a database of one table, which SHOP_DB names."""

from __future__ import annotations

import asyncio
import os
import sqlite3

from datasette.app import Datasette

ROWS = [(f"product {number}", number * 1.5) for number in range(250)]


def _database() -> str:
    path = os.environ["SHOP_DB"]
    with sqlite3.connect(path) as database:
        database.execute("create table if not exists products (name text, price real)")
        database.execute("delete from products")
        database.executemany("insert into products values (?, ?)", ROWS)
    database.close()
    return path


_datasette = Datasette([_database()], secret="not a secret")
asyncio.run(_datasette.invoke_startup())
app = _datasette.app()
