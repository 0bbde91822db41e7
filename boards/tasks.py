"""Background work of the board: the packet of a meeting, and taking away files that are kept no longer.

Found by the job runner, which imports this module. Here the packet's job is told how meetings are opened and noted.
"""

from boards.packet.from_models import noted_by_job, open_for_job
from boards.packet.job import make_packet, wire
from boards.retention import tidy_files

wire(open_for_job, noted_by_job)

__all__ = ["make_packet", "tidy_files"]
