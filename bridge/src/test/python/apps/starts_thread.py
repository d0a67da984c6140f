"""Has a thread since its import."""

import threading
import time

from plain import app

threading.Thread(target=time.sleep, args=(3600,), name="poller", daemon=True).start()
