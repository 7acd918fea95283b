"""Asks a gateway what its OpenAPI document allows and what it forbids, and looks whether the answers are in it.

    python fuzz.py URL TOKEN [further options of schemathesis]

The checks are all that schemathesis has but one: that everything which fits the schemas is accepted. Schemas do not say that
a cursor is one that was answered, or that a room of two has two in it.
"""

import sys
import tempfile
from contextlib import chdir

from schemathesis.cli import schemathesis

url, token, *options = sys.argv[1:]
arguments = [
    "run", f"{url}/openapi.json",
    "--header", f"Authorization: Bearer {token}",
    "--checks", "all", "--exclude-checks", "positive_data_acceptance",
    # The same questions each time, and not too many.
    "--generation-deterministic", "--max-examples", "12",
    "--continue-on-failure", "--request-timeout", "30", "--warnings", "off", "--no-color",
]
# It remembers failures in the working folder, and would begin with them the next time.
with tempfile.TemporaryDirectory() as folder, chdir(folder):
    schemathesis(arguments + options)
