"""The Python side of workers that are processes of their own.

`forkserver` is what the JVM starts, and what children are forked from. It connects a child to the
JVM and leaves it to `child`.
"""
