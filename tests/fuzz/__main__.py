"""Fuzz one target: `python -m tests.fuzz hear --seconds 60`; needs atheris (`make fuzz`).

Bytes that break it are left as a file. Move it to `tests/fuzz/found/TARGET` under a name that says
what it is, and add what must be said of it to the table of `tests/fuzz/test_targets.py`.
"""

import argparse
import hashlib
import sys

import atheris

with atheris.instrument_imports(include=["hotline", "sim"]):
    from tests.fuzz.targets import ROOT, TARGETS, starts


def main() -> None:
    """Fuzz until something breaks, or the time is up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    chosen = parser.parse_args()
    corpus = ROOT / "build" / "fuzz" / chosen.target
    corpus.mkdir(parents=True, exist_ok=True)
    for data in starts(chosen.target):
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    limits = [f"-max_total_time={chosen.seconds}", "-max_len=4096", "-timeout=20"]
    where = f"-artifact_prefix={corpus.parent}/{chosen.target}-"
    target = TARGETS[chosen.target]

    def try_it(data: bytes) -> None:
        target(data)

    atheris.Setup([sys.argv[0], *limits, where, str(corpus)], try_it)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
