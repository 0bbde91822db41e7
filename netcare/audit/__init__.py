"""The audit record: who did, read or was refused what, kept where no code of the application can alter it.

Callers use `record` and nothing else; `AuditUnavailable` means that the row could not be written, and then nothing may
be shown or saved. Called by every policy, every action and every page that shows patient data.
"""

from netcare.audit.recording import AuditUnavailable, record

__all__ = ["AuditUnavailable", "record"]
