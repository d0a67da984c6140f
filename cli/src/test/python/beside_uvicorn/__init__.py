"""Real apps, served by spvn and by uvicorn: what is asked of them, and what must be the same."""
