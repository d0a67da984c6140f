"""The compiled part of a worker process: its classes with their busiest methods replaced."""

from typing import final

from spvn_bridge.remote import host, response, wire

@final
class Exchange(response.Exchange): ...

@final
class Host(host.Host): ...

@final
class Outlet(wire.Outlet): ...

@final
class Inlet(wire.Inlet): ...
