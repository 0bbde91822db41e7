#!/usr/bin/env python
"""The command line of netcare: `python manage.py help` lists its commands.

A wrong or missing environment value ends the command with the sentence that says what to do, and no traceback.
"""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcare.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(f"netcare is not configured: {problem}")


if __name__ == "__main__":
    main()
