"""Makes its attributes late, and fails."""


def __getattr__(name):
    if name == "app":
        raise ValueError("not configured")
    raise AttributeError(name)
