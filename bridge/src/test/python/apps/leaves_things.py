"""Leaves threads, a task, a generator and exit handlers behind."""

import asyncio
import atexit
import os
import threading
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(1)
log = os.environ["LEAVES_THINGS_LOG"]
kept = []


def note(line):
    with open(log, "a") as file:
        file.write(line + "\n")


def last():
    note(f"exit handler, {threading.active_count()} thread")


def broken():
    raise ValueError("exit handler")


def slow_thread(begun, wait):
    begun.set()
    wait.wait(0.2)
    note("thread")


async def tick():
    try:
        await asyncio.Event().wait()
    finally:
        note("task")


async def numbers():
    try:
        yield 1
        yield 2
    finally:
        note("generator")


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        note("lifespan")
        await send({"type": "lifespan.shutdown.complete"})
        return
    generator = numbers()
    kept.append(generator)
    await anext(generator)
    kept.append(asyncio.create_task(tick()))
    await asyncio.to_thread(note, "to_thread")
    pool.submit(note, "pool").result()
    begun = threading.Event()
    threading.Thread(target=slow_thread, args=(begun, threading.Event())).start()
    begun.wait()
    atexit.register(last)
    atexit.register(broken)
    print("the end of standard output", end="")
    await send({"type": "http.response.start", "status": 200})
