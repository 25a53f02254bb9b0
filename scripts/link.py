"""Make this folder importable in its virtual environment, and give it the `omkering` command.

What `pip install -e .` does, without a build step that would fetch packages of its own.
"""

import stat
import sysconfig
from pathlib import Path

root = Path(__file__).resolve().parents[1]
scripts = Path(sysconfig.get_path("scripts"))
Path(sysconfig.get_path("purelib"), "omkering.pth").write_text(f"{root}\n", encoding="utf-8")
command = scripts / "omkering"
# Through the shell, because a path with a space cannot stand after #!
command.write_text(
    "#!/bin/sh\n"
    '\'\'\'exec\' "$(dirname "$0")/python" "$0" "$@"\n'
    "' '''\n"
    "import sys\n"
    "from omkering.cli import main\n"
    "sys.exit(main())\n",
    encoding="utf-8",
)
command.chmod(command.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
