"""Third-party style sheets, scripts and fonts, served out of the installed packages that ship them.

No third-party file is committed: each asset is named here, with the static name that templates use, and a missing
one fails `collectstatic` and the system check instead of giving an unstyled page. htmx comes with django-htmx and is
found by Django's own finder (`{% htmx_script %}`).
"""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage


def _package_directory(package: str) -> Path:
    """Where an installed package keeps its files; the package itself is not imported."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"The package {package} is not installed: run `make setup`.")
    return Path(spec.submodule_search_locations[0])


# static name -> (importable package, file inside it). The wheel bootstrap-wrapper ships its files as `bootstrap`.
PACKAGED = {
    "bootstrap/css/bootstrap.min.css": ("bootstrap", "css/bootstrap.min.css"),
    "bootstrap/css/bootstrap.min.css.map": ("bootstrap", "css/bootstrap.min.css.map"),
    "bootstrap/js/bootstrap.bundle.min.js": ("bootstrap", "js/bootstrap.bundle.min.js"),
    "bootstrap/js/bootstrap.bundle.min.js.map": ("bootstrap", "js/bootstrap.bundle.min.js.map"),
    "inter/inter.ttf": ("fontpkg_inter", "files/Inter[opsz,wght].ttf"),
    "inter/inter-italic.ttf": ("fontpkg_inter", "files/Inter-Italic[opsz,wght].ttf"),
}


class _PackagedStorage(FileSystemStorage):
    """A read-only view of the packaged files under their static names."""

    prefix = None

    def path(self, name: str) -> str:
        package, inside = PACKAGED[name.replace("\\", "/")]
        return str(_package_directory(package) / inside)


class PackagedAssetsFinder(BaseFinder):
    """Finds exactly the files of `PACKAGED`, under the names given there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = _PackagedStorage()

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [name for name in PACKAGED if not Path(self.storage.path(name)).is_file()]
        return [
            Error(f"The static file {name} is not in the package that should ship it.", hint="Run `make setup`.")
            for name in missing
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        if path not in PACKAGED:
            return []
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, FileSystemStorage]]:
        return ((name, self.storage) for name in PACKAGED)
