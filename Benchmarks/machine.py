# SPDX-License-Identifier: MIT
"""What the figures were measured on."""

import os
import platform
import resource
import subprocess


def describe():
    """One line about the machine."""
    model = "unknown CPU"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 1048576
    try:
        with open("/etc/os-release") as file:
            system = dict(line.rstrip().split("=", 1) for line in file if "=" in line)["PRETTY_NAME"].strip('"')
    except (OSError, KeyError):
        system = platform.system()
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return (
        f"{os.cpu_count()} cores of {model}, {memory:.0f} GB, {system}, Linux {platform.release()}, "
        f"at most {files:,} open files"
    )


def commit():
    """The commit that was measured."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], stdout=subprocess.PIPE, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def most_streams(wanted):
    """So many streams as a gateway can carry here: each needs two of its files."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return min(wanted, (files - 300) // 2)
