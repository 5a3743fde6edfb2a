#!/usr/bin/env python3
"""Runs the programs of this folder on every Scheme (and Lua) that is installed and compares their CPU time.

    benches/compare.py [-n RUNS] [-o JSON] [--only IMPL,...] [PROGRAM ...]

A program checks its own answer with (check value expected) and prints ok; a time counts only then. It is plain Scheme:
what an implementation lacks, and `check`, stands in its prelude, which is put in front. Times are user + system, the
best of RUNS (3), less the best time of an empty program. Guile compiles each program first, outside the measured
time. SOCKEYE_BIN names the sockeye to measure (target/release/sockeye). Ratios are sockeye's time over theirs, below 1
where sockeye is faster; without a sockeye the table gives ratios to Guile.
"""
import argparse, json, math, os, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
CORE = ["fib", "tak", "float-sum", "mandelbrot", "sort", "binary-trees", "lists", "deriv"]
LIMIT = 120  # seconds after which a run counts as failed
FLOOR = 0.005  # seconds; less than that is noise of the start-up time

CHECK = """(define (check value expected)
  (if (equal? value expected) (display "ok") (begin (display "wrong: ") (write value)))
  (newline))
"""
R7RS = "(import (scheme base) (scheme write) (scheme char) (scheme cxr) (scheme inexact) (scheme r5rs))\n"
GUILE = """(use-modules (srfi srfi-9))
(define (make-table) (make-hash-table))
(define (table-ref table key default) (hash-ref table key default))
(define (table-set! table key value) (hash-set! table key value))
"""
SRFI_69 = """(import (srfi 69))
(define (make-table) (make-hash-table equal?))
(define (table-ref table key default) (hash-table-ref/default table key default))
(define (table-set! table key value) (hash-table-set! table key value))
"""
# Chez has R6RS records under the same name: R7RS's form is spelt in terms of it.
CHEZ = """(import (rename (only (rnrs) define-record-type) (define-record-type r6-record)))
(define-syntax define-record-type
  (syntax-rules ()
    ((_ name (make field0 ...) pred (field get set) ...)
     (r6-record (name make pred) (fields (mutable field get set) ...)))))
(define (make-table) (make-hashtable equal-hash equal?))
(define (table-ref table key default) (hashtable-ref table key default))
(define (table-set! table key value) (hashtable-set! table key value))
"""


def sockeye():
    path = os.environ.get("SOCKEYE_BIN") or os.path.join(HERE, "..", "target", "release", "sockeye")
    return path if os.path.exists(path) else None


def implementations():
    """Name, folder of programs, suffix, prelude, command line."""
    found = []
    if sockeye():
        found.append(("sockeye", HERE, ".scm", R7RS + SRFI_69 + CHECK, [sockeye()]))
    if shutil.which("guile"):
        found.append(("guile", HERE, ".scm", GUILE + CHECK, ["guile", "-s"]))
    chez = shutil.which("chezscheme") or shutil.which("chez")
    if chez:
        found.append(("chez", HERE, ".scm", CHEZ + CHECK, [chez, "--script"]))
    if shutil.which("chibi-scheme"):
        found.append(("chibi", HERE, ".scm", R7RS + SRFI_69 + CHECK, ["chibi-scheme"]))
    if shutil.which("lua5.4"):
        found.append(("lua", os.path.join(HERE, "lua"), ".lua", "", ["lua5.4"]))
    return found


def run_once(command, environment):
    """CPU seconds and output of one run; None for the time when it failed."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=environment)
        deadline = time.monotonic() + LIMIT
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                process.kill()
                _, status, usage = os.wait4(process.pid, 0)
                break
            time.sleep(0.002)
        process.returncode = status
        out.seek(0)
        text = out.read().decode(errors="replace").strip()
    return (usage.ru_utime + usage.ru_stime if status == 0 else None), text


def best(command, environment, runs):
    times = []
    for _ in range(runs):
        seconds, text = run_once(command, environment)
        if seconds is None or text != "ok":
            return None, text
        times.append(seconds)
    return min(times), "ok"


def geomean(values):
    values = [v for v in values if v]
    return math.exp(sum(math.log(v) for v in values) / len(values)) if values else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="*")
    parser.add_argument("-n", type=int, default=3, metavar="RUNS")
    parser.add_argument("-o", metavar="JSON", help="write the times there")
    parser.add_argument("--only", help="implementations to run, with commas between")
    options = parser.parse_args()
    names = options.programs or sorted(f[:-4] for f in os.listdir(HERE) if f.endswith(".scm"))
    names = [n for n in CORE if n in names] + [n for n in names if n not in CORE]
    impls = [i for i in implementations() if not options.only or i[0] in options.only.split(",")]
    times, trouble = {}, []
    with tempfile.TemporaryDirectory() as work:
        environment = dict(os.environ, XDG_CACHE_HOME=work, GUILE_AUTO_COMPILE="1")
        for impl, folder, suffix, prelude, command in impls:
            empty = os.path.join(work, impl + "-empty" + suffix)
            with open(empty, "w") as f:
                f.write(prelude + ('print("ok")\n' if suffix == ".lua" else "(check 1 1)\n"))
            run_once(command + [empty], environment)
            start_up, text = best(command + [empty], environment, max(options.n, 5))
            if start_up is None:
                trouble.append(f"{impl}: the empty program fails: {text[:200]}")
                continue
            for name in names:
                source = os.path.join(folder, name + suffix)
                if not os.path.exists(source):
                    continue
                program = os.path.join(work, f"{impl}-{name}{suffix}")
                with open(source) as f:
                    text = f.read()
                if "(make-table)" in text and "(make-table)" not in prelude:
                    continue  # without hash tables
                with open(program, "w") as f:
                    f.write(prelude + text)
                if impl == "guile":  # compiles into the cache, not measured
                    run_once(command + [program], environment)
                seconds, text = best(command + [program], environment, options.n)
                if seconds is None:
                    trouble.append(f"{name} on {impl}: {text[:200] or 'failed'}")
                else:
                    times[name, impl] = max(seconds - start_up, FLOOR)
                print(f"\r{impl} {name:<24}", end="", file=sys.stderr, flush=True)
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    shown = [i[0] for i in impls]
    base = "sockeye" if "sockeye" in shown else "guile"
    others = [i for i in shown if i != base]

    def ratio(name, other):
        a, b = times.get((name, base)), times.get((name, other))
        return a / b if a and b else None

    def cell(value, form):
        return f"{value:{form}}" if value else f"{'-':>{form.split('.')[0]}}"

    print(f"{'':<16}" + "".join(f"{i + ' s':>11}" for i in shown) + "".join(f"{base + '/' + o:>16}" for o in others))
    for name in names:
        print(f"{name:<16}" + "".join(cell(times.get((name, i)), "11.3f") for i in shown)
              + "".join(cell(ratio(name, o), "16.2f") for o in others))
    for title, group in (("core geomean", [n for n in names if n in CORE]), ("all geomean", names)):
        print(f"{title:<16}" + " " * 11 * len(shown) + "".join(cell(geomean([ratio(n, o) for n in group]), "16.2f") for o in others))
    for line in trouble:
        print("!", line)
    if options.o:
        with open(options.o, "w") as f:
            json.dump({f"{n}/{i}": t for (n, i), t in times.items()}, f, indent=1, sort_keys=True)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
