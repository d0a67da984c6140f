"""What the app in a package needs."""


async def app(scope, receive, send): ...
