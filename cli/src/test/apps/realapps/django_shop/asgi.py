"""The admin's static files are served by the app, as `runserver` does."""

from __future__ import annotations

import os

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "realapps.django_shop.settings")

application = ASGIStaticFilesHandler(get_asgi_application())
