"""A small process of its own that runs one PostgreSQL server and stops it when nobody uses it any more.

Every process that uses the database holds a shared lock on one file. The keeper waits for the exclusive one: it gets
it when the last user has left, in whatever way (the kernel drops the locks of killed processes), and then asks
the server to end. So a command may start the server, a node may join it and the command may leave, or be killed,
without the node noticing. If the keeper itself is killed, the server ends (PR_SET_PDEATHSIG) and the next who needs it
starts it anew. The server and all its children hold a second lock, which tells for sure whether any of them lives.

Run as a program, outside our packages: only the standard library, and little of it, since it stays in memory."""

import ctypes
import fcntl
import json
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
ALREADY_RUNNING = 3  # exit status


def main(
    *,
    command: list[str],
    environment: dict[str, str],
    become: list[int],
    log_file: str,
    server_lock_file: str,
    users_lock_file: str,
) -> int:
    """Take the server's lock, go into the background, become the user and group of `become` (unless it is empty)
    and run `command` there. Returns to the caller as soon as the lock is taken, or cannot be."""
    server_lock = os.open(server_lock_file, os.O_RDWR | os.O_NOFOLLOW)
    users_lock = os.open(users_lock_file, os.O_RDWR | os.O_NOFOLLOW)
    log = os.open(log_file, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    try:
        fcntl.flock(server_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return ALREADY_RUNNING
    libc = ctypes.CDLL(None)
    if os.fork():
        return 0
    os.setsid()
    os.chdir("/")
    os.dup2(log, 1)
    os.dup2(log, 2)
    if become:
        os.setgroups([])
        os.setgid(become[1])
        os.setuid(become[0])
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's handler would swallow one that comes before exec
    keeper = os.getpid()
    server = os.fork()
    if not server:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)  # after setuid, which would clear it; SIGINT: fast shutdown
        if os.getppid() != keeper:
            os._exit(1)
        os.set_inheritable(server_lock, True)
        os.execve(command[0], command, environment)  # noqa: S606
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=stop_when_unused, args=(users_lock, server), daemon=True).start()
    os.waitpid(server, 0)
    os._exit(0)


def stop_when_unused(users_lock: int, server: int) -> None:
    """Wait for the last user to leave. The lock is kept until the server has ended, so newcomers wait for that."""
    fcntl.flock(users_lock, fcntl.LOCK_EX)
    while True:  # ended by the end of this process, which follows the server's
        os.kill(server, signal.SIGINT)
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main(**json.loads(sys.argv[1])))
