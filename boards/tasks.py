"""Background work of the board: the packet of a meeting. Found by the job runner, which imports this module."""

from boards.packet.job import make_packet

__all__ = ["make_packet"]
