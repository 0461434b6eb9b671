"""Fetch the front end's packages from npm and write down what was taken."""

import hashlib
import json
import subprocess
import tarfile
import tempfile
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

RECORD = "static/vendor/VENDOR.json"
ICONS = """
    arrow-right ban check chevron-down chevron-up circle-user-round copy download
    equal flag globe hourglass inbox info keyboard list menu shield skip-forward
    sun-moon tag thumbs-down triangle-alert undo-2 wifi-off
"""


@dataclass(frozen=True)
class Package:
    """Which files of a package go where; the folder is within the repository."""

    name: str
    version: str
    licence: str
    folder: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        "@fontsource-variable/inter",
        "5.3.0",
        "OFL-1.1",
        "static/vendor/inter",
        ("files/inter-latin-wght-normal.woff2", "LICENSE"),
    ),
    Package(
        "@fontsource/jetbrains-mono",
        "5.3.0",
        "OFL-1.1",
        "static/vendor/jetbrains-mono",
        ("files/jetbrains-mono-latin-400-normal.woff2", "LICENSE"),
    ),
    Package(
        "lucide-static",
        "1.62.0",
        "ISC",
        "static/vendor/lucide",
        (*(f"icons/{name}.svg" for name in ICONS.split()), "LICENSE"),
    ),
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        "tests/vendor/axe-core",
        ("axe.min.js", "LICENSE"),
    ),
)


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Command(BaseCommand):
    help = "Fetch the front end's packages from npm into static/vendor."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", nargs="*", help="only these, by npm name")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = set(options["package"]) or {package.name for package in PACKAGES}
        for package in PACKAGES:
            if package.name in wanted:
                fetch(package)
                self.stdout.write(f"{package.name} {package.version}")
        write_record(Path(settings.BASE))


def fetch(package: Package) -> None:
    with tempfile.TemporaryDirectory() as folder:
        spec = f"{package.name}@{package.version}"
        packed = subprocess.run(  # noqa: S603  names and versions stand above
            ["npm", "pack", spec, "--silent", "--pack-destination", folder],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        if packed.returncode:
            raise CommandError(f"npm pack {spec} failed: {packed.stderr.strip()}")
        copy_files(package, next(Path(folder).glob("*.tgz")))


def copy_files(package: Package, archive: Path) -> None:
    target = Path(settings.BASE) / package.folder
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        for name in package.files:
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise CommandError(f"{package.name} has no file {name}.")
            (target / Path(name).name).write_bytes(member.read())


def write_record(base: Path) -> None:
    record = [
        {
            "package": package.name,
            "version": package.version,
            "licence": package.licence,
            "files": {
                f"{package.folder}/{Path(name).name}": sha256_of(
                    base / package.folder / Path(name).name
                )
                for name in package.files
            },
        }
        for package in PACKAGES
    ]
    text = json.dumps(record, indent=2, ensure_ascii=False)
    (base / RECORD).write_text(text + "\n", encoding="utf-8")
