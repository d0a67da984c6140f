"""The MCP SDK's server over streamable HTTP."""

from __future__ import annotations

import asyncio

from mcp.server.mcpserver import MCPServer

server = MCPServer("shop")


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.tool()
async def slow(text: str) -> str:
    """Answers after a moment."""
    await asyncio.sleep(0.1)
    return text[::-1]


@server.tool()
def fails() -> str:
    """Always fails."""
    raise ValueError("this tool always fails")


@server.resource("shop://greeting")
def greeting() -> str:
    return "hello"


app = server.streamable_http_app()
