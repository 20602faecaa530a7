"""What every connector must keep, as tests for whoever writes one: see docs/connectors.md.

The only part of the product that imports pytest, and nothing of the product imports it.
"""

import pkgutil

import pytest

pytest.register_assert_rewrite(*(each.name for each in pkgutil.iter_modules(__path__, f"{__name__}.")))
