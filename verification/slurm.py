"""A Slurm of two nodes on this host, for tests: as root, on loopback, without systemd or cgroups.

Debian: ``apt-get install --no-install-recommends slurm-wlm munge``.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROGRAMS = ("slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "munge", "munged")
CONFIGURATION = """\
ClusterName=sandbox
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
StateSaveLocation={home}/state
SlurmdSpoolDir={home}/spool.%n
SlurmctldPidFile={home}/slurmctld.pid
SlurmdPidFile={home}/slurmd.%n.pid
SlurmctldLogFile={home}/slurmctld.log
SlurmdLogFile={home}/slurmd.%n.log
SlurmctldPort={port}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,default_queue_depth=1000
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmdParameters=config_overrides
ReturnToService=2
MailProg=/bin/true
NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first}-{last}] CPUs=2 RealMemory=4000
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
STARTING = 30.0  # seconds


def missing() -> str:
    """Return why there can be no Slurm here; empty if there can."""
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if absent:
        return f"not installed: {', '.join(absent)}"
    if os.getuid() != 0:
        return "Slurm's daemons of several nodes on a host are started by root"
    try:
        address = socket.gethostbyname(socket.gethostname())
    except OSError:
        address = "nothing"
    if not address.startswith("127."):
        return f"the host's name leads to {address}; it must lead to 127.0.0.1 (/etc/hosts)"
    return ""


@contextmanager
def slurm(home: Path, port: int = 26817) -> Iterator[None]:
    """Run a Slurm with the nodes n1 and n2, and set SLURM_CONF to it."""
    for name in ("state", "spool.n1", "spool.n2"):
        (home / name).mkdir(parents=True)
    host = socket.gethostname()
    text = CONFIGURATION.format(host=host, home=home, port=port, first=port + 1, last=port + 2)
    (home / "slurm.conf").write_text(text)
    before = os.environ.get("SLURM_CONF")
    os.environ["SLURM_CONF"] = str(home / "slurm.conf")
    _munge()
    try:
        for command in (["slurmctld"], ["slurmd", "-N", "n1"], ["slurmd", "-N", "n2"]):
            subprocess.run(command, check=True, capture_output=True, timeout=STARTING)
        wait_for(lambda: asked("sinfo", "-h", "-t", "idle", "-o", "%D") == "2")
        yield
    finally:
        _stop(home)
        if before is None:
            del os.environ["SLURM_CONF"]
        else:
            os.environ["SLURM_CONF"] = before


def asked(*command: str) -> str:
    """Return what a command of Slurm prints."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=STARTING)
    return done.stdout.strip()


def wait_for(condition, seconds: float = STARTING) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("Slurm does not get there")
        time.sleep(0.1)


def _munge() -> None:
    """Start munge, which signs what Slurm's programs say to each other, unless it runs."""
    if subprocess.run(["munge", "-n"], capture_output=True).returncode == 0:
        return
    owner = ["-o", "munge", "-g", "munge", "-m", "0755"]
    subprocess.run(["install", "-d", *owner, "/run/munge"], check=True)
    subprocess.run(["runuser", "-u", "munge", "--", shutil.which("munged") or "munged"], check=True)
    wait_for(lambda: subprocess.run(["munge", "-n"], capture_output=True).returncode == 0)


def _stop(home: Path) -> None:
    """End all jobs and the daemons."""
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(["scancel", "--user", "root"], capture_output=True, timeout=STARTING)
    time.sleep(1)
    for name in ("slurmd.n1", "slurmd.n2", "slurmctld"):
        with suppress(OSError, ValueError):
            os.kill(int((home / f"{name}.pid").read_text()), signal.SIGTERM)
    with suppress(TimeoutError):
        wait_for(lambda: not list(home.glob("*.pid")))
