#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""rules.py ROOT: prints each security rule and the tests that prove it; exits with 1 when a rule
that is built has none."""

import pathlib
import re
import sys

# The rules of what is built. Those of the dashboard, the feeds, the database and the chat come
# with them.
REQUIRED = ('A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 B2 B3 C1 C2 C3 C4 C5 C7 D4 D5 D6 '
            'E1 E2 E3 E4 E6 F1 F5 F6 F7 F9 F10').split()

NAME = re.compile(r'/rules/([A-H][0-9]+[a-z]?)-[A-Za-z0-9-]+')


def order(rule):
    return rule[0], int(re.sub(r'\D', '', rule)), rule


tests = {}
for path in sorted((pathlib.Path(sys.argv[1]) / 'tests').rglob('*')):
    if path.suffix in ('.c', '.sh', '.py') and path.name != 'rules.py':
        for found in NAME.finditer(path.read_text()):
            tests.setdefault(found[1], set()).add(f'{found[0]} ({path.name})')

for rule in sorted(tests, key=order):
    for test in sorted(tests[rule]):
        print(f'{rule} -> {test}')

missing = [rule for rule in REQUIRED if rule not in tests]
for rule in missing:
    print(f'{rule} -> no test')
sys.exit(1 if missing else 0)
