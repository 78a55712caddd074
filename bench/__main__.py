"""`make bench`: how far the service is from what its libraries can do, each ratio measured within this run.

Exits with 1 where a target is missed. The machine should have nothing else to do; CPU time is compared, not the clock.
"""

import os
import sys

from bench import excel, matrix, notices
from bench.measure import table


def main() -> int:
    processes = min(2, os.cpu_count() or 1)
    lines = [notices.measured(processes), matrix.measured(), excel.measured()]
    print(table(lines))
    return 0 if all(line.is_met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
