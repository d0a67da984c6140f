"""Small apps of real frameworks and libraries, each served by spvn and by uvicorn and compared."""
