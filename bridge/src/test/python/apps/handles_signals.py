"""Sets handlers of signals while it is imported."""

import signal

came = []

before = signal.signal(signal.SIGUSR1, lambda number, _frame: came.append(number))
stop_before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
int_before = signal.signal(signal.SIGINT, lambda *_: came.append("int"))


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200})
