"""A Django project with the admin, sessions, the ORM on sqlite and async views."""
