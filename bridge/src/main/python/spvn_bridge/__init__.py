"""The Python side of an spvn worker: it runs one ASGI app on one asyncio loop.

Everything else (sockets, HTTP, queues, limits, signals) lives on the JVM, which enters this
package once per interpreter, by `worker.main(settings)`, and stays inside it until the worker is
over. All of it runs on that one thread. The way back to Java is the module `_spvn_host`. In a
worker that is a process of its own `remote` enters it, and is that module. `trial` finds out what
sub-interpreters of an environment would refuse.

A request walks through `loop.Feed` (takes it from Java) and `http.Requests` (a task around the
app); the app then calls `http.receive` and a `send` made by Java. `importer` finds the app,
`interface` turns what it finds into ASGI 3 (`wsgi` does it for WSGI), `refusal` tells what a
sub-interpreter does not allow, `lifespan` talks to the app before the first and after the last
request, `ending` lets go of threads and exit handlers within the time that `deadline` leaves,
`failure` and `journal` put into words what went wrong. `settings` and `asgi` are the vocabulary.

`signals`, `faults` and `warned` make Python's signal handlers, faulthandler and warnings get on
with a process that is the JVM's; `watch` shows what blocks the loop.
"""
