"""Sets up, serves and checks netcare; called by the Makefile with whatever Python the machine has.

Needs the standard library alone, and syntax that an old Python can read as far as the sentence that says it is too old.
Every way in which a machine can fall short ends in such a sentence, never in a traceback. Refuses to install anything
outside `.venv`, and to touch the data in `var/` except through netcare's own commands.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
VERSION = ".".join(str(part) for part in sys.version_info[:2])
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "netcare-installed.json")
LOCKS = {"base": ["base"], "dev": ["base", "dev"]}


class Refusal(Exception):
    """What stands in the way, and what to do about it, in a sentence or two."""


def say(sentence):
    print(sentence, flush=True)


def check_python():
    version = sys.version_info[:2]
    if OLDEST <= version <= NEWEST:
        return
    word = "too old" if version < OLDEST else "newer than what netcare was tested with"
    raise Refusal(
        f"This is Python {VERSION}, which is {word}. netcare needs Python 3.11, 3.12 or 3.13: "
        "install one, or name it: make demo PYTHON=/path/to/python3.11"
    )


def check_port(port):
    """Before anything slow: a port in use is said at once."""
    if not 1 <= port <= 65535:
        raise Refusal(f"The port is {port}. Accepted is a number from 1 to 65535: make demo PORT=8123")
    probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", port))
    except PermissionError:
        raise Refusal(f"Port {port} needs administrator rights. Choose one above 1023: make demo PORT=8123") from None
    except OSError:
        other = port + 1 if port < 65535 else 8000
        raise Refusal(
            f"Port {port} is in use. Stop what is running there, or choose another port: make demo PORT={other}"
        ) from None
    finally:
        probe.close()


def lock_file(name):
    return os.path.join(ROOT, "requirements", name + ".txt")


def lock_digest(name):
    with open(lock_file(name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def installed():
    """The digests of the locks that .venv holds."""
    try:
        with open(STAMP) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def make_venv():
    """Make .venv, with pip inside or, where ensurepip is missing, for this Python's pip to install into."""
    if os.path.isdir(VENV):
        shutil.rmtree(VENV)
    say(f"Making the virtual environment .venv with Python {VERSION} …")
    try:
        import venv  # noqa: F401  (a minimal Python may lack it)
    except ImportError:
        raise Refusal("This Python has no module venv. On Debian or Ubuntu: apt-get install python3-venv") from None
    with_pip = [sys.executable, "-m", "venv", VENV]
    if subprocess.run(with_pip, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    without = subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if without.returncode != 0:
        raise Refusal(
            "The virtual environment .venv could not be made. On Debian or Ubuntu: apt-get install python3-venv\n"
            + without.stdout.decode(errors="replace").strip()
        )


def pip_command():
    """pip inside .venv, else this Python's pip aimed at .venv (pip 22.3 and later can do that)."""
    inside = [VENV_PYTHON, "-m", "pip"]
    if subprocess.run([*inside, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
        return inside
    outside = [sys.executable, "-m", "pip", "--python", VENV_PYTHON]
    if subprocess.run([*outside, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
        return outside
    raise Refusal(
        "Neither the module ensurepip nor a recent pip is on this machine. On Debian or Ubuntu: "
        "apt-get install python3-venv python3-pip"
    )


def venv_works():
    """Whether .venv runs, and with the Python that was asked for; else it is made again."""
    if not os.path.isfile(VENV_PYTHON):
        return False
    test = [VENV_PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        answer = subprocess.run(test, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.decode().strip() == VERSION


def ensure_environment(kind):
    """.venv with the locked packages of this kind; nothing is done when the locks have not changed."""
    check_python()
    if not venv_works():
        make_venv()
    known = installed()
    wanted = {name: lock_digest(name) for name in LOCKS[kind]}
    if all(known.get(name) == digest for name, digest in wanted.items()):
        return
    say("Installing the locked packages (under a minute on a usual connection) …")
    command = [*pip_command(), "install", "--require-hashes", "--disable-pip-version-check", "--no-input", "--quiet"]
    for name in LOCKS[kind]:
        command += ["-r", lock_file(name)]
    if subprocess.run(command).returncode != 0:
        raise Refusal(
            "The packages could not be installed; pip's own words are above. Without a connection to a package index, "
            "or with a proxy, see pip's settings (pip config list), then run the same command again: it goes on "
            "from here."
        )
    known.update(wanted)
    with open(STAMP, "w") as file:
        json.dump(known, file)


def manage(*arguments):
    if subprocess.run([VENV_PYTHON, "manage.py", *arguments], cwd=ROOT).returncode != 0:
        raise Refusal(f"`manage.py {' '.join(arguments)}` did not succeed; its own words are above.")


def prepare(patients):
    """The database, brought up to date, with the starter pathway and the demo people and patients."""
    manage("prepare", "--demo", "--patients", str(patients))


def serve(port):
    """Run the server until it is stopped, and end as it ends."""
    command = [VENV_PYTHON, "manage.py", "serve", "--port", str(port)]
    if os.name == "nt":
        return subprocess.run(command, cwd=ROOT).returncode
    os.chdir(ROOT)
    if sys.stdin.isatty():
        return in_foreground(command)
    sys.stdout.flush()
    return os.execv(VENV_PYTHON, command)


def in_foreground(command):
    """Give the server the terminal, so that Ctrl-C reaches it alone: `make` then ends without an error of its own."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    terminal = sys.stdin.fileno()
    mine = os.getpgrp()
    child = subprocess.Popen(command, process_group=0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: child.send_signal(received))
    # Where this is a job in the background, the terminal is not ours to give; signals are passed on all the same.
    with contextlib.suppress(OSError):
        os.tcsetpgrp(terminal, child.pid)
    code = child.wait()
    with contextlib.suppress(OSError):
        os.tcsetpgrp(terminal, mine)
    return code


def lock():
    """Compile both locks: hashes, every platform and supported Python, and no download address."""
    ensure_environment("dev")
    environment = dict(os.environ, UV_CUSTOM_COMPILE_COMMAND="make lock")
    for name, extra in (("base", []), ("dev", ["--extra", "dev", "-c", "requirements/base.txt"])):
        command = [VENV_PYTHON, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-emit-index-url", "--quiet", "pyproject.toml"]
        command += ["--output-file", f"requirements/{name}.txt", *extra]
        if subprocess.run(command, cwd=ROOT, env=environment).returncode != 0:
            raise Refusal(f"The lock {name} could not be compiled; uv's own words are above.")


def clean():
    for name in (".venv", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".import_linter_cache", ".hypothesis"):
        shutil.rmtree(os.path.join(ROOT, name), ignore_errors=True)
    say("Removed. The data in var/ is untouched.")


def parsed():
    parser = argparse.ArgumentParser(description="Set up, serve and check netcare.")
    commands = parser.add_subparsers(dest="command")
    commands.required = True
    for name in ("setup", "demo"):
        command = commands.add_parser(name)
        command.add_argument("--patients", type=int, default=0)
        if name == "demo":
            command.add_argument("--port", type=int, default=8000)
    commands.add_parser("test").add_argument("--long", action="store_true")
    for name in ("lint", "lock", "bench", "clean"):
        commands.add_parser(name)
    return parser.parse_args()


def perform(options):
    if options.command in ("setup", "demo"):
        check_python()
        if options.command == "demo":
            check_port(options.port)
        ensure_environment("base")
        prepare(options.patients)
        if options.command == "demo":
            return serve(options.port)
        say("Ready. `make demo` starts the server.")
        return 0
    if options.command == "lock":
        lock()
        return 0
    if options.command == "clean":
        clean()
        return 0
    ensure_environment("dev")
    script = os.path.join("bench", "assess.py") if options.command == "bench" else os.path.join("tools", "checks.py")
    arguments = ["--lint"] if options.command == "lint" else ["--long"] if getattr(options, "long", False) else []
    return subprocess.run([VENV_PYTHON, script, *arguments], cwd=ROOT).returncode


def main():
    try:
        return perform(parsed())
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
