"""`python -m gateway` is `leasegraph`."""

from gateway.cli import main

raise SystemExit(main())
