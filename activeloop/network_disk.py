"""Whether a path is on a network disk, where SQLite's write-ahead log does not work."""

from __future__ import annotations

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")  # Linux; elsewhere it cannot be told, and nothing is said
_KINDS = {"9p", "afs", "beegfs", "ceph", "cifs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
_FUSE = {"fuse.glusterfs", "fuse.sshfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.ceph"}
_OCTAL = re.compile(r"\\(\d{3})")  # how the table writes a blank in a name


def network_disk(path: Path) -> str:
    """Give the kind of the network disk that a path is on ("nfs4", "cifs"), "" for a disk of this machine.

    Read from the table of mounts: the mount with the longest matching folder, the newest of several.

    >>> network_disk(Path("/proc"))
    ''
    """
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    here, found, longest = os.path.realpath(path), "", -1
    for line in lines:
        before, _, after = line.partition(" - ")
        folder = _OCTAL.sub(lambda one: chr(int(one[1], 8)), before.split(" ")[4]).rstrip("/")
        if len(folder) >= longest and (here == folder or here.startswith(f"{folder}/")):
            found, longest = after.split(" ")[0], len(folder)
    return found if found in _KINDS | _FUSE else ""
