#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark of the daemon. Prints each figure beside its bound, and exits with 1 when one of
them fails. `run.py --help` tells the scenarios; without --build it makes a release build first."""

import argparse
import json
import pathlib
import subprocess
import sys

import scenarios
from bench import Bench, Report

ROOT = pathlib.Path(__file__).resolve().parents[2]


def make_build(folder):
    """A release build, whatever the developer's own build is."""
    if not (folder / 'build.ninja').exists():
        subprocess.run(['meson', 'setup', folder, '-Dbuildtype=release'], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)
    # All of it: the programs read data that no target of theirs depends on.
    subprocess.run(['meson', 'compile', '-C', folder], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('scenario', nargs='*', metavar='SCENARIO',
                        help='of ' + ', '.join(scenarios.ALL) + ' (all)')
    parser.add_argument('--build', type=pathlib.Path, help='measure this build')
    parser.add_argument('--readers', default='100,1000,10000', metavar='N,N,...',
                        help='of the fan-out (100,1000,10000)')
    parser.add_argument('--pairs', type=int, default=3, help='valid pairs (3)')
    parser.add_argument('--short', action='store_true',
                        help='one short pair each: does it work at all?')
    parser.add_argument('--any-load', action='store_true',
                        help='also count runs while the machine does something else')
    parser.add_argument('--json', type=pathlib.Path, help='every single result goes there')
    parser.add_argument('--tap', action='store_true', help='speak TAP, for meson')
    options = parser.parse_args()
    unknown = set(options.scenario) - set(scenarios.ALL)
    if unknown:
        parser.error('unknown scenario: ' + ', '.join(sorted(unknown)))
    options.readers = [int(n) for n in options.readers.split(',')]
    return options


def main():
    options = parse()
    if options.build is None:
        options.build = ROOT / 'build-bench'
        make_build(options.build)
    report = Report(options.tap)
    bench = Bench(options, report)
    for name in options.scenario or scenarios.ALL:
        scenarios.ALL[name](bench)
    if options.json:
        options.json.write_text(json.dumps(bench.results, indent=1))
    return report.end()


if __name__ == '__main__':
    sys.exit(main())
