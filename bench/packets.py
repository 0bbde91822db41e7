"""How long a meeting's packet takes: assessing and telling each case, typesetting the PDF, writing the offline folder.

    python -m bench.packets --cases 20

Works on an empty database of its own in a directory that is thrown away, with the demo's patients, repeated as often as it
takes. Prints what was measured; the typesetter's process counts for the machine, not for the peak of this one.
"""

import argparse
import io
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any


def _timed(what: str, act: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    result = act()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<44} {time.perf_counter() - begun:7.2f} s   peak {peak:5.0f} MB", flush=True)
    return result


def measure(cases: int) -> None:
    """Make the demo and the packet, and say how long each step took."""
    from django.core.management import call_command
    from django.utils import timezone
    from pypdf import PdfReader

    from boards.packet.contents import AgendaRow, MeetingPacket, numbered
    from boards.packet.html import meeting_files, zipped
    from boards.packet.job import printing_now
    from boards.packet.making import case_packet
    from boards.packet.pdf import meeting_pdf
    from patients.models import Tumor

    call_command("load_pathway", verbosity=0, stdout=io.StringIO())
    call_command("load_demo", verbosity=0, stdout=io.StringIO())
    tumors = list(Tumor.objects.select_related("patient__institution").order_by("patient__mrn"))
    chosen = [tumors[number % len(tumors)] for number in range(cases)]
    made = _timed(f"{cases} cases told", lambda: [case_packet(tumor, at=timezone.now()) for tumor in chosen])
    placed = numbered("Measured", made)
    rows = tuple(AgendaRow("", n, case.who.known_as, "", "", "") for n, case in enumerate(placed, start=1))
    packet, printing = MeetingPacket("Measured", "today", "", "", (), rows, placed), printing_now("bench")
    pdf = _timed("PDF", lambda: meeting_pdf(packet, printing))
    folder = _timed("offline folder, zipped", lambda: zipped(meeting_files(packet, printing), printing))
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    print(f"{pages} pages, {len(pdf) // 1024} KB of PDF, {len(folder) // 1024} KB of zip")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20)
    cases: int = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as directory:
        os.environ["NETCARE_DATA_DIR"] = directory
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        os.environ["NETCARE_TEST_DATA"] = directory
        import django
        from django.test.utils import setup_test_environment

        django.setup()
        setup_test_environment()
        from django.conf import settings
        from django.db import connection

        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            measure(cases)
        finally:
            connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
