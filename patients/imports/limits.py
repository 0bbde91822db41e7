"""How large a file may be. Each bound is said in the sentence that refuses what exceeds it."""

MEGABYTE = 1024 * 1024
MOST_ROWS = 20_000
MOST_ROWS_OF_PATIENT = 1_000
MOST_SHEETS = 10
MOST_COLUMNS = 60
LONGEST_CELL = 500
MOST_COMMENTS = 1_000
# Inside a workbook, which is a ZIP archive.
MOST_PARTS = 500
MOST_CELLS = 600_000
MOST_CELLS_IN_ROW = 16_384
MOST_UNPACKED_BYTES = 50 * MEGABYTE
MOST_TIMES_PACKED = 100
# A part this small may be packed however well: a few kilobytes of spaces are no bomb.
RATIO_COUNTS_FROM = 256 * 1024
