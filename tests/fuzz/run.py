"""Spoil good packages, as many as wanted, and see that none is taken that should not be and nothing falls over.

    python -m tests.fuzz.run --count 10000 [--start 0] [--merge 300]

What is done to a package depends on its number alone (the good packages' keys and signatures are new in each run): a
failure names its number, and --start NUMBER --count 1 does it again (--keep FILE to look at it).  --merge spoils so
many more and merges them into a county's workspace.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import corpus as corpora
import merging
from judge import Judge, spoil


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--count", type=int, default=10_000)
    words.add_argument("--start", type=int, default=0)
    words.add_argument("--merge", type=int, default=0)
    words.add_argument("--keep", type=Path)
    asked = words.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = corpora.build(folder / "good")
        judge = Judge(corpus, folder)
        if asked.keep:
            asked.keep.write_bytes(spoil(corpus, asked.start).data)
        for number in range(asked.start, asked.start + asked.count):
            judge.try_number(number)
            if (number + 1) % 1000 == 0:
                print(f"{number + 1 - asked.start} …", file=sys.stderr, flush=True)
        merged = merging.try_merging(corpus, asked.start, asked.merge, folder)
    print(
        f"{asked.count} spoilt packages from {len(corpus.seeds)} good ones, {time.monotonic() - begun:.0f} s"
    )
    for outcome, count in sorted(judge.outcomes.items()):
        print(f"  {outcome:24} {count}")
    if asked.merge:
        print(f"{asked.merge} merged as well: {merged.summary}")
    violations = [*judge.violations, *merged.violations]
    for violation in violations[:20]:
        print(f"\n{violation.number}: {violation.what}\n{violation.why}")
    print(f"{len(violations)} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
