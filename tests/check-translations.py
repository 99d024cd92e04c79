#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-translations.py ROOT: every string a user can read can be translated, and is, in every
language of po/LINGUAS. Speaks TAP. Needs xgettext, msgmerge and msgfmt."""

import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
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


def run(*command):
    result = subprocess.run(command, cwd=root, capture_output=True, text=True,
                            env={'LC_ALL': 'C.UTF-8', 'PATH': '/usr/bin:/bin'})
    return result.returncode, result.stdout + result.stderr


def read_list(name):
    lines = (root / 'po' / name).read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith('#')]


MARKED = re.compile(r'\b(?:N?C?_|ngettext|g_dngettext) \("')

listed = read_list('POTFILES.in')
marked = [str(path.relative_to(root)) for path in sorted((root / 'src').rglob('*.[ch]'))
          if MARKED.search(path.read_text())]
marked += [str(path.relative_to(root)) for path in sorted((root / 'data').glob('*.gschema.xml.in'))]

check('every-file-with-strings-is-in-potfiles',
      [f'{path} is missing in po/POTFILES.in' for path in marked if path not in listed])
check('potfiles-lists-nothing-else',
      [f'{path} has no strings' for path in listed if path not in marked])
check('potfiles-is-sorted', [] if listed == sorted(listed) else ['po/POTFILES.in is not sorted'])

with tempfile.TemporaryDirectory() as folder:
    template = f'{folder}/marketwell.pot'
    # The keywords of meson's preset "glib".
    code, said = run(
        'xgettext', '--from-code=UTF-8', '--add-comments', '--keyword=_', '--keyword=N_',
        '--keyword=C_:1c,2', '--keyword=NC_:1c,2', '--keyword=g_dcgettext:2',
        '--keyword=g_dngettext:2,3', '--keyword=g_dpgettext2:2c,3', '--flag=N_:1:pass-c-format',
        '--flag=C_:2:pass-c-format', '--flag=NC_:2:pass-c-format',
        '--flag=g_strdup_printf:1:c-format', '--flag=g_set_error:4:c-format',
        '--files-from=po/POTFILES.in', f'--output={template}')
    check('the-template-can-be-made', [said] if code != 0 else [])

    languages = read_list('LINGUAS')
    check('there-is-a-second-language', [] if 'ar' in languages else ['po/LINGUAS lacks ar'])
    for language in languages:
        merged = f'{folder}/{language}.po'
        code, said = run('msgmerge', '--no-fuzzy-matching', '--quiet', f'--output-file={merged}',
                         f'po/{language}.po', template)
        check(f'{language}-merges', [said] if code != 0 else [])
        code, said = run('msgfmt', '--check', '--output-file=/dev/null', f'po/{language}.po')
        check(f'{language}-is-well-formed', [said] if code != 0 else [])
        code, said = run('msgfmt', '--check', '--statistics', '--output-file=/dev/null', merged)
        check(f'{language}-is-complete',
              [said] if code != 0 or 'untranslated' in said or 'fuzzy' in said else [])

print(f'1..{n_cases}')
sys.exit(status)
