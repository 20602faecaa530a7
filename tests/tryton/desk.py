# mypy: ignore-errors
"""An accountant at work: `desk.py <configuration> <database> <what to do in Python>`."""

import datetime as dt
import sys
from decimal import Decimal

from proteus import Model, Wizard, config

configuration = config.set_trytond(database=sys.argv[2], config_file=sys.argv[1])

from trytond.pool import Pool  # noqa: E402

Pool(sys.argv[2]).get("res.user.warning").check = staticmethod(lambda _: False)
(company,) = Model.get("company.company").find([])
configuration._context["company"] = company.id
exec(sys.argv[3], {"Model": Model, "Wizard": Wizard, "Decimal": Decimal, "dt": dt})  # noqa: S102 - of our own tests
