#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-source.py ROOT MARKETWELLD NM: what a compiler does not check. Speaks TAP."""

import pathlib
import re
import subprocess
import sys

# A file of src/ has one purpose; a list of cases may be longer.
FILE_LINES_MAX = {'src': 500, 'tests': 700}
FUNCTION_LINES_MAX = 60

# What must not be in the code (comments aside): the sentence that holds, the pattern, and why.
FORBIDDEN = (
    ('libsoup-never-listens', r'\bsoup_server_listen\w*', 'one failed accept makes it deaf for ever'),
    ('nothing-aborts-on-bad-weather', r'\bg_error\s*\(', 'a daemon reports and goes on'),
    ('/rules/F9-nobody-accepts-a-certificate-that-the-system-refuses', r'accept-certificate',
     'an error of the certificate is an error of the provider'),
    ('json-is-read-by-getters-that-check-the-type',
     r'\bjson_(node_get|object_get|array_get)_(double|int|string|boolean)\w*',
     'json-glib reads the text "64000" as 0.0'),
    ('json-is-parsed-behind-the-depth-guard', r'\bjson_(parser_(new|load)|from_string)\w*',
     'json-glib overflows the stack'),
    ('/rules/F10-no-form-multipart-or-websocket-helpers',
     r'\bsoup_(form|multipart)_\w+|\bsoup_server_add_websocket_\w+', 'they have known faults'),
    ('/rules/F10-no-cookies', r'\bsoup_cookie_jar_(?!get_type)\w+', 'no upstream follows anybody'),
    ('no-shared-thread-pool', r'\bg_task_run_in_thread\w*',
     'it gives two threads to one connection'),
    ('the-host-comes-from-the-head', r'\bsoup_server_message_get_uri\b',
     'its host may be that of an absolute target'),
    ('nothing-unsafe-of-the-c-library',
     r'\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atof|alloca|system)\s*\(',
     'no bounds, or no errors'),
    ('no-goto', r'\bgoto\b', 'g_autoptr cleans up'),
    ('plain-types', r'\bg(char|double|short|long)\b', 'char and double need no other name'),
)

# Who may: (file, prefix of what it may).
ALLOWED = (
    ('src/base/quotes-json.c', 'json_'),
    # For the query; the host is none of its business.
    ('src/server/quotes-event-stream-serve.c', 'soup_server_message_get_uri'),
    ('src/server/quotes-history-rest.c', 'soup_server_message_get_uri'),
)

# Symbols that the daemon must not even link.
FORBIDDEN_SYMBOLS = re.compile(
    r'^(soup_multipart|soup_form_|soup_server_add_websocket|soup_cookie_jar_(?!get_type)|'
    r'soup_server_listen|soup_hsts_enforcer_db|soup_cache_new)')

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


def without_comments(text):
    """TEXT with comments blanked out, line by line as before; strings stay."""
    token = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', re.S)
    return token.sub(
        lambda m: re.sub(r'[^\n]', ' ', m[0]) if m[0].startswith('/') else m[0], text)


def functions(text):
    """Yields (name, line number, lines between the braces) of each function of TEXT."""
    lines = text.split('\n')
    start = None
    for i, line in enumerate(lines):
        if line == '{':
            start = i
        elif line == '}' and start is not None:
            head = start - 1
            while head > 0 and not re.match(r'\w+ ?\(', lines[head]):
                head -= 1
            yield re.match(r'\w*', lines[head])[0], start + 1, i - start - 1
            start = None


def is_exempt(name, path):
    """A list of registrations has no branches to lose one's way in."""
    return name.endswith('_class_init') or (name == 'main' and path.startswith('tests/'))


texts = {str(p.relative_to(root)): p.read_text()
         for folder in ('src', 'tests') for p in sorted((root / folder).rglob('*.[ch]'))}
code = {path: without_comments(text) for path, text in texts.items()}
shipped = {path: text for path, text in code.items() if path.startswith('src/')}

check('every-file-begins-with-its-license', [
    path for path, text in texts.items()
    if not text.startswith(('/* SPDX-License-Identifier: GPL-3.0-or-later */\n',
                            '/* SPDX-License-Identifier: LGPL-2.1-or-later */\n'))])

check('every-source-file-includes-config-and-its-own-header-first', [
    path for path, text in texts.items()
    if path.endswith('.c') and not re.match(
        r'/\* SPDX[^\n]*\n\n(/\*.*?\*/\n\n)?#include "config\.h"\n', text, re.S)
    or re.match(r'src/.*\.c$', path) and path[:-1] + 'h' in texts and not re.match(
        r'#include "config\.h"\n\n#include "' + re.escape(pathlib.Path(path).stem) + r'\.h"\n',
        text[text.index('#include'):])])

check('no-include-reaches-into-another-folder', [
    f'{path}: {name}' for path, text in code.items()
    for name in re.findall(r'#include\s+["<]([^">]+)[">]', text)
    if '../' in name or name.startswith(('src/', 'tests/'))])

check('no-file-is-too-long', [
    f'{path}: {text.count(chr(10))} lines' for path, text in texts.items()
    if text.count('\n') > FILE_LINES_MAX[path.split('/')[0]]])

check('no-function-is-too-long', [
    f'{path}:{line}: {name} has {length} lines' for path, text in texts.items()
    for name, line, length in functions(text)
    if length > FUNCTION_LINES_MAX and not is_exempt(name, path)])

check('nothing-is-left-to-do', [
    f'{path}: {word}' for path, text in texts.items()
    for word in re.findall(r'\b(?:TODO|FIXME|XXX|HACK)\b', text)])


# What a table of class_init or a library's signature needs; none of it is written after the start.
STATIC = re.compile(r'^static (?!const\b|[^\n]*\*const\b)[^\n(){}]*?(\w+)(?:\[[^\n]*\])? ?(?:=|;)', re.M)
check('/source/no-state-outlives-its-object', [
    f'{path}: {found[0]}' for path, text in shipped.items() for found in STATIC.finditer(text)
    if not re.match(r'static (guint signals\[|GParamSpec \*props\[|GSourceFuncs )', found[0])])


def forbidden_calls(pattern):
    for path, text in shipped.items():
        for found in re.finditer(pattern, text):
            if not any(path == where and found[0].startswith(what)
                       for where, what in ALLOWED):
                yield f'{path}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]}'


for name, pattern, reason in FORBIDDEN:
    check(name, [f'{fault}: {reason}' for fault in forbidden_calls(pattern)])

# Rule D5: where the value of a header may come from when it is no literal.
HEADER_VALUES = {
    'allow': r'quotes_route_get_allow \(',
    'location': r'g_strdup_printf \(ALERTS "/%" G_GUINT64_FORMAT, ',
    'request_id': r'quotes_problem_dup_request_id \(',
    'seconds': r'g_strdup_printf \("%u"',
    # the table of security headers, expanded by the preprocessor
    'value': r'#define AS_CALL\(name, value\)',
}


def header_faults(path, text):
    """Calls in TEXT that set a header to something that is neither constant nor number."""
    for found in re.finditer(r'soup_message_headers_(?:append|replace)\s*\((.*?)\);', text, re.S):
        value = found[1].rsplit(',', 1)[1].strip()
        sources = re.findall(rf'\b{re.escape(value)} = (.*)', text)
        if value == 'value' and re.search(HEADER_VALUES[value], text):
            continue
        if not re.fullmatch(r'"[^"]*"', value) and not (
                value in HEADER_VALUES and sources and
                all(re.match(HEADER_VALUES[value], source) for source in sources)):
            yield f'{path}: {value}'


check('/rules/D5-header-values-are-constants-or-numbers', [
    fault for path, text in shipped.items() if path.startswith('src/server/')
    for fault in header_faults(path, text)])

symbols = subprocess.run([sys.argv[3], '-u', sys.argv[2]], check=True, capture_output=True,
                         text=True).stdout
names = [line.split()[-1].split('@')[0] for line in symbols.splitlines() if line.strip()]
check('/rules/F10-the-daemon-links-no-multipart-websocket-form-or-cookie-code',
      [name for name in names if FORBIDDEN_SYMBOLS.match(name)]
      or ([] if len(names) > 50 else ['nm shows no symbols']))

print(f'1..{n_cases}')
sys.exit(status)
