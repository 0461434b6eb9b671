"""Find the Chromium that the browser tests use; `python -m tests.chromium` gets one."""

import os
import shutil
import subprocess
import sys

# The same browser without a desktop: a third less processor time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")


def of_the_system() -> str | None:
    """CHROMIUM, else the first that is on the PATH."""
    found = (shutil.which(name) for name in NAMES)
    return os.environ.get("CHROMIUM") or next(filter(None, found), None)


def main() -> None:
    if of_the_system():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get, once", flush=True)
        environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            "update -qq",
            f"install -y -qq --no-install-recommends {SHELL}",
        ):
            subprocess.run(
                ["apt-get", *command.split()],
                env=environ,
                check=False,
                stdout=subprocess.DEVNULL,
            )
    if not of_the_system():
        print("Installing Playwright's Chromium, once", flush=True)
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        if subprocess.run(command, check=False).returncode:
            sys.exit(
                "No Chromium for the browser tests: install one, or set CHROMIUM to "
                "the path of a Chrome or Chromium."
            )


if __name__ == "__main__":
    main()
