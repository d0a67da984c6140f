"""A worker that is a process of its own: what Java is to an embedded worker, this package is to it.

`forkserver` is the process that children are started from, `child` what each of them runs. `wire`
is the two connections to the server, `host` and `vitals` the functions of `_spvn_host` that speak
over them, and `response` one request's answer. The rest of `spvn_bridge` does not know the
difference.
"""
