#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-docs.py ROOT: what README.md and HACKING.md say exists. Speaks TAP."""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
readme = (root / 'README.md').read_text()
hacking = (root / 'HACKING.md').read_text()
tests = {path: path.read_text() for path in sorted((root / 'tests').rglob('*'))
         if path.suffix in ('.c', '.py', '.sh')}
n_cases = 0
status = 0


def check(name, faults):
    """One TAP case: passes when there are no FAULTS."""
    global n_cases, status
    n_cases += 1
    for fault in faults:
        print('#', fault)
    print('ok' if not faults else 'not ok', n_cases, name)
    if faults:
        status = 1


def is_test(name):
    """Whether a file has NAME, as one text or as the prefix of a macro and a text."""
    prefix, last = name.rsplit('/', 1)
    return any(f'"{name}"' in text or f"'{name}'" in text
               or f'"{prefix}/" name' in text and f'"{last}"' in text
               for text in tests.values())


rows = [line for line in hacking.splitlines() if re.match(r'\| SSE-\d\d ', line)]
table = hacking[hacking.index('| finding |'):]
check('/docs/every-finding-of-the-audit-has-its-row',
      [f'SSE-{i:02} has no row' for i in range(1, 20)
       if not any(row.startswith(f'| SSE-{i:02} ') for row in rows)])
check('/docs/every-row-names-a-test',
      [row[:60] for row in rows if not re.search(r'`/[a-z]', row)])
check('/docs/every-test-of-the-audit-table-exists',
      [name for name in re.findall(r'`(/[^`]+)`', table) if not is_test(name)])

paths = re.findall(r'^  (/\S+):$', (root / 'data/openapi.yaml').read_text(), re.M)
check('/docs/every-path-of-http-is-in-the-readme',
      [path for path in paths if path not in readme] if paths else ['no path found'])
members = re.findall(r'<(?:method|signal|property) name="(\w+)"',
                     ''.join(path.read_text() for path in (root / 'dbus').glob('*.xml.in')))
check('/docs/every-member-of-the-bus-is-in-the-readme',
      [name for name in members if f'`{name}' not in readme] if members else ['no member found'])
options = re.findall(r'^    \{"([a-z-]+)", 0, 0,',
                     (root / 'src/daemon/quotes-options.c').read_text(), re.M)
check('/docs/every-option-of-the-daemon-is-in-the-readme',
      [name for name in options if f'--{name}' not in readme] if options else ['no option found'])
files = re.findall(r'`((?:src|tests|data|dbus|tools|flatpak|po)/[\w./-]+|\.ci/run)`',
                   readme + hacking)
check('/docs/every-file-that-is-named-exists',
      [name for name in files if 'NAME' not in name and not (root / name).exists()])

print(f'1..{n_cases}')
sys.exit(status)
