"""One run of the typesetter, here or as a process: template, values, the file's date and the fonts in, a tagged PDF out.

Run as a program it reads the values from standard input and writes the PDF to standard output, so that no patient data stand
in a command line or on a disk. It knows nothing of packets. Called by `pdf`.
"""

import sys
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
STANDARD = "ua-1"


def typeset(template: str, values: str, at: int, fonts: Path) -> bytes:
    """The PDF of a template of this folder. Raises typst.TypstError."""
    compiler = typst.Compiler(root=HERE, font_paths=[fonts], ignore_system_fonts=True, sys_inputs={"data": values})
    return bytes(compiler.compile(HERE / template, format="pdf", pdf_standards=STANDARD, timestamp=at))


def _main() -> int:
    template, at, fonts = sys.argv[1:]
    try:
        made = typeset(template, sys.stdin.buffer.read().decode(), int(at), Path(fonts))
    except typst.TypstError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
