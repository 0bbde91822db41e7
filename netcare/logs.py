"""Logs without patient data: a filter on every handler, set in `netcare.settings`.

An address may hold a patient's identifier, and its query string a name that somebody searched for; an error's text may
quote a row. So addresses are cut to their fixed parts, and of an exception only its kind and place are logged.
"""

import logging
import re
import traceback

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_QUERY = re.compile(r"\?[^\s\"']*")


def without_patient_data(text: str) -> str:
    """The text with identifiers and query strings replaced."""
    return _QUERY.sub("?…", _UUID.sub("<id>", text))


class WithoutPatientData(logging.Filter):
    """Rewrites each record: the message scrubbed, the exception reduced to its kind and the lines it passed."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_patient_data(record.getMessage())
        record.args = ()
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = (f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace))
            record.msg = "\n  ".join([f"{record.msg} ({kind.__name__})", *frames])
            record.exc_info = None
            record.exc_text = None
        return True
