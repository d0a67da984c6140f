"""What `take()` returns beside requests and the numbers of exchanges: orders to the worker.

What is below STOP and above CANCEL, but for DRAIN, is a signal for the app: STOP less its number.
"""

from __future__ import annotations

STOP = -1
DRAIN = -1000
CANCEL = -1_000_000  # less the number of a request whose task is to be cancelled
