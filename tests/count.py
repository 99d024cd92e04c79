#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the test cases of a JUnit report: count.py REPORT STATUS [NAME=STATUS...].

STATUS is what meson said, NAME=STATUS is a step beside it that counts as one case. The last line
is "N passed, N failed"; exits with 1 when one failed or none ran."""

import os
import sys
import xml.etree.ElementTree

# In CI everything can be installed, so that a missing tool is no reason to skip. These are reasons:
# the shared test data cannot be fetched by anybody, and no package changes a kernel, a user or
# valgrind.
EXCUSES = ('shared test data', 'this machine allows no', 'this machine has no', 'only root',
           'valgrind has', 'too few descriptors')
is_strict = bool(os.environ.get('CI') or os.environ.get('MARKETWELL_TESTS_REQUIRE_ALL'))

passed = 0
failed = []
skipped = []
excused = []

for case in xml.etree.ElementTree.parse(sys.argv[1]).iter('testcase'):
    name = f'{case.get("classname", "")} {case.get("name", "")}'
    if case.find('failure') is not None or case.find('error') is not None:
        failed.append(name)
    elif case.find('skipped') is not None:
        reason = case.findtext('system-out') or ''
        (excused if any(excuse in reason for excuse in EXCUSES) else skipped).append(
            f'{name}: {reason}')
    else:
        passed += 1

for step in sys.argv[3:]:
    name, code = step.split('=')
    if code == '0':
        passed += 1
    else:
        failed.append(name)

if is_strict:
    failed += [f'{name} (a skip is a failure here)' for name in skipped]
    skipped = []
# A program that died may have reported only what passed before.
if passed + len(failed) == 0 or (sys.argv[2] != '0' and not failed):
    failed.append(f'meson test said {sys.argv[2]}')

for title, names in (('failed', failed), ('skipped', skipped + excused)):
    for name in names:
        print(f'{title}: {name}')
if skipped or excused:
    print(f'{len(skipped) + len(excused)} skipped')
print(f'{passed} passed, {len(failed)} failed')
sys.exit(1 if failed else 0)
