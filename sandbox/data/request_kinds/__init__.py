"""The kinds of requests that the back office takes: a module each, found by being here."""

from importlib import import_module
from pkgutil import iter_modules

from sandbox.data.request_kind import RequestKind

_MODULES = sorted(found.name for found in iter_modules(__path__))
KINDS: tuple[RequestKind, ...] = tuple(import_module(f"{__name__}.{name}").KIND for name in _MODULES)
