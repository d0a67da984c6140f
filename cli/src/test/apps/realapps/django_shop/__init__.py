"""A Django project with a model in the admin, sessions, threads and a lazily imported URLconf."""
