"""spvn, a production server for Python ASGI apps, as it is installed: the launcher of the server.

`spvn` and `python -m spvn` compose the command line of a Java that runs the server, and become it.
"""

__version__ = "0.1.0"
