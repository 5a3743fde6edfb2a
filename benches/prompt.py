#!/usr/bin/env python3
"""How fast the prompt is, as a person at a terminal sees it: starts it in a pseudo-terminal and takes the time until the first
prompt stands there, until a hint and a completion answer a key, and until the value of a line is printed.

    cargo build --release && python3 benches/prompt.py [--runs=20] [--check] [SOCKEYE]

The bars: 30 ms from the start to the prompt, 50 ms for a line. Hints and completion have 1 ms of the processor, which a test
holds (`answers_come_within_a_millisecond` in src/cli/assist.rs); here they are seen through the terminal and the line editor,
which adds its drawing. With --check, a median beyond its bar makes the exit status 1. An idle machine gives steady numbers."""

import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time

BARS = {"prompt": 30, "hint": 50, "completion": 50, "(+ 1 2)": 50, ",doc accept": 50, ",sockets": 50, "an error": 50}
ESCAPES = re.compile(rb"\x1b\[[?0-9;]*[A-Za-z]|\x1b[=>]|\r")


class Prompt:
    def __init__(self, command, home):
        self.begun = time.perf_counter()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execve(command, [command], {"TERM": "xterm-256color", "HOME": home, "PATH": "/usr/bin:/bin"})
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))

    def until(self, wanted, patience=10):
        """Seconds from the start, or from the last key, until this text has come."""
        seen, end = b"", time.perf_counter() + patience
        while wanted not in ESCAPES.sub(b"", seen):
            left = end - time.perf_counter()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                sys.exit(f"waited for {wanted!r}, saw {seen!r}")
            seen += os.read(self.terminal, 65536)
        return time.perf_counter() - self.begun

    def quiet(self):
        """Reads what is still being drawn."""
        while select.select([self.terminal], [], [], 0.02)[0]:
            os.read(self.terminal, 65536)

    def type(self, text):
        self.quiet()
        self.begun = time.perf_counter()
        os.write(self.terminal, text)

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def run(command, home):
    """One session: what took how long."""
    prompt = Prompt(command, home)
    took = {"prompt": prompt.until(b"\n> ")}

    def step(what, keys, wanted):
        prompt.type(keys)
        took[what] = prompt.until(wanted)

    step("(+ 1 2)", b"(+ 1 2)\r", b"$1 = 3")
    prompt.type(b"(accept sock")
    prompt.until(b"sock")
    step("hint", b" ", b"[flags]")
    prompt.type(b"\x03")
    prompt.type(b"(setsockopt s SOL_SOCKET SO_REUSE")
    prompt.until(b"SO_REUSE")
    step("completion", b"\t\t", b"SO_REUSEPORT")
    prompt.type(b"\x03")
    step(",doc accept", b",doc accept\r", b"EOPNOTSUPP")
    step(",sockets", b",sockets\r", b"no sockets")
    step("an error", b"(accept (socket PF_INET SOCK_STREAM 0))\r", b" in    top level")
    prompt.end()
    return took


def main():
    runs, check = 20, "--check" in sys.argv
    command = os.path.join(os.path.dirname(__file__), "../target/release/sockeye")
    for argument in sys.argv[1:]:
        if argument.startswith("--runs="):
            runs = int(argument.removeprefix("--runs="))
        elif argument != "--check":
            command = argument
    command = os.path.abspath(command)
    with tempfile.TemporaryDirectory() as home:
        sessions = [run(command, home) for _ in range(runs)]
    slow = False
    print(f"{'':<14}{'median':>10}{'worst':>10}{'bar':>10}")
    for what, bar in BARS.items():
        times = [session[what] * 1000 for session in sessions]
        median = statistics.median(times)
        slow |= median > bar
        print(f"{what:<14}{median:>7.1f} ms{max(times):>7.1f} ms{bar:>7} ms")
    return int(check and slow)


if __name__ == "__main__":
    sys.exit(main())
