#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the test cases of a JUnit report: count.py REPORT STATUS. Exits with 1 when one failed,
when none ran, or when meson itself gave a STATUS other than 0."""

import os
import sys
import xml.etree.ElementTree

passed = failed = skipped = 0
for case in xml.etree.ElementTree.parse(sys.argv[1]).iter('testcase'):
    if case.find('failure') is not None or case.find('error') is not None:
        failed += 1
    elif case.find('skipped') is not None:
        skipped += 1
    else:
        passed += 1

# In CI everything can be installed, so that nothing has a reason to be skipped.
if os.environ.get('CI') and skipped > 0:
    print(f'{skipped} skipped tests count as failed in CI')
    failed, skipped = failed + skipped, 0
if passed + failed == 0 or (sys.argv[2] != '0' and failed == 0):
    failed += 1

print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
sys.exit(1 if failed else 0)
