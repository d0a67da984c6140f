"""Has the name of a module that is there already."""


async def app(scope, receive, send): ...
