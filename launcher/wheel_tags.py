"""Tells hatchling for which Pythons and which platform the wheel is that is built here."""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TAG = "SPVN_WHEEL_TAG"


class WheelTags(BuildHookInterface):  # type: ignore[misc] # it has no types where these are checked
    """The tag is in the environment; without one the wheel is for any."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        tag = os.environ.get(TAG)
        if tag:
            build_data["pure_python"] = False
            build_data["tag"] = tag
