"""Imports a module that is not Python."""

import syntax_error
