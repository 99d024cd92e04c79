#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-openapi.py ROOT MARKETWELLD: the HTTP interface is what data/openapi.yaml says. Speaks TAP."""

import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(sys.argv[1])
SLOW = float(os.environ.get('MARKETWELL_TEST_SLOW', '1'))
QUOTES = '/api/v1/widgets/quotes'
HISTORY = QUOTES + '/{symbol}/history'


# The subset of YAML in which the document is written.

def parse_scalar(text):
    """One value on one line."""
    if text.startswith('[') and text.endswith(']'):
        return [parse_scalar(part.strip()) for part in text[1:-1].split(',') if part.strip()]
    if text == '{}':
        return {}
    if text.startswith("'") and text.endswith("'"):
        return text[1:-1].replace("''", "'")
    if text in ('true', 'false', 'null'):
        return {'true': True, 'false': False, 'null': None}[text]
    return int(text) if re.fullmatch(r'-?\d+', text) else text


def parse_block(lines, at, indent):
    """The value that begins at line AT with this INDENT; and the line behind it."""
    is_list = lines[at][1].startswith('- ')
    value = [] if is_list else {}
    while at < len(lines) and lines[at][0] == indent and lines[at][1].startswith('- ') == is_list:
        text = lines[at][1]
        if is_list:
            # The first member of an item stands behind its dash.
            lines[at] = (indent + 2, text[2:])
            if re.match(r"('[^']*'|[^':\[]+):( |$)", text[2:]):
                item, at = parse_block(lines, at, indent + 2)
            else:
                item, at = parse_scalar(text[2:]), at + 1
            value.append(item)
            continue
        match = re.match(r"('[^']*'|[^':]+):(?: (.*))?$", text)
        assert match, text
        key, rest = str(parse_scalar(match[1])) if match[1][0] == "'" else match[1], match[2]
        assert key not in value, key
        at += 1
        if rest == '>-':
            words = []
            while at < len(lines) and lines[at][0] > indent:
                words.append(lines[at][1])
                at += 1
            value[key] = ' '.join(words)
        elif rest is not None:
            value[key] = parse_scalar(rest)
        else:
            value[key], at = parse_block(lines, at, lines[at][0])
    return value, at


def parse_document(text):
    lines = []
    for line in text.split('\n'):
        if line.strip() and not line.lstrip().startswith('#'):
            lines.append((len(line) - len(line.lstrip()), line.strip()))
    value, end = parse_block(lines, 0, 0)
    assert end == len(lines), lines[end]
    return value


DOCUMENT = parse_document((ROOT / 'data' / 'openapi.yaml').read_text(encoding='utf-8'))


def resolve(node):
    """What NODE refers to, or NODE."""
    while '$ref' in node:
        target = DOCUMENT
        for part in node['$ref'].removeprefix('#/').split('/'):
            target = target[part]
        node = target
    return node


TYPES = {
    'array': list, 'boolean': bool, 'integer': int, 'null': type(None), 'number': (int, float),
    'object': dict, 'string': str,
}
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00')


def find_faults(value, schema, where):
    """What of VALUE the SCHEMA does not describe; unknown members are faults here."""
    schema = resolve(schema)
    types = schema['type'] if isinstance(schema['type'], list) else [schema['type']]
    if not any(isinstance(value, TYPES[name]) and
               (name == 'boolean' or not isinstance(value, bool)) for name in types):
        return [f'{where}: {value!r} is no {types}']
    faults = []
    if 'enum' in schema and value not in schema['enum']:
        faults.append(f'{where}: {value!r} is not in {schema["enum"]}')
    if schema.get('format') == 'date-time' and value is not None and not TIME.fullmatch(value):
        faults.append(f'{where}: {value!r} is no time')
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not schema.get('minimum', value) <= value <= schema.get('maximum', value):
            faults.append(f'{where}: {value!r} is out of range')
    if isinstance(value, list):
        for i, item in enumerate(value):
            faults += find_faults(item, schema['items'], f'{where}[{i}]')
    if isinstance(value, dict):
        for name in schema.get('required', []):
            if name not in value:
                faults.append(f'{where}: no {name}')
        for name, member in value.items():
            if name in schema['properties']:
                faults += find_faults(member, schema['properties'][name], f'{where}.{name}')
            else:
                faults.append(f'{where}: {name} is not described')
    return faults


# What the source says.

def read_routes():
    """The route table: path -> methods."""
    text = (ROOT / 'src' / 'server' / 'quotes-routes.c').read_text(encoding='utf-8')
    macros = dict(re.findall(r'#define (\w+) "([^"]*)"', text))
    routes = {}
    for path, methods in re.findall(
            r'\{QUOTES_ROUTE_\w+,\s*([^,]+),\s*((?:QUOTES_METHOD_\w+[ |\n]*)+),', text):
        for name, word in macros.items():
            path = re.sub(rf'\b{name}\b(?=([^"]*"[^"]*")*[^"]*$)', f'"{word}"', path)
        path = ''.join(re.findall(r'"([^"]*)"', path))
        routes[path] = {word.lower() for word in re.findall(r'QUOTES_METHOD_(\w+)', methods)}
    return routes


def read_codes():
    """Every problem code that the server can send."""
    codes = set()
    for path in (ROOT / 'src' / 'server').glob('*.c'):
        text = path.read_text(encoding='utf-8')
        codes |= set(re.findall(r'\b(?:[45]\d\d|(?:SOUP_)?STATUS_\w+),\s*"([a-z_]+)"', text))
        codes |= set(re.findall(r'return "(bad_[a-z]+|json(?:_[a-z]+)?)"', text))
        codes |= set(re.findall(r'problem_code = "([a-z_]+)"', text))
    return codes


def find_refs(node):
    if isinstance(node, dict):
        if '$ref' in node:
            yield node
        for value in node.values():
            yield from find_refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from find_refs(value)


def check_source():
    routes = read_routes()
    check('the-source-has-routes', [] if len(routes) >= 8 else [f'only {sorted(routes)}'])
    paths = DOCUMENT['paths']
    check('every-route-is-described', [
        f'{method} {path}' for path, methods in routes.items() for method in sorted(methods)
        if method not in paths.get(path, {})])
    check('everything-described-is-a-route', [
        f'{method} {path}' for path, item in paths.items() for method in item
        if method != 'parameters' and method not in routes.get(path, set())])
    described = {item['code'] for item in
                 DOCUMENT['components']['schemas']['Problem']['properties']['code']['x-codes']}
    codes = read_codes()
    check('the-source-has-codes', [] if len(codes) >= 20 else [f'only {sorted(codes)}'])
    check('every-code-is-described', sorted(codes - described))
    faults = []
    for node in find_refs(DOCUMENT):
        try:
            resolve(node)
        except KeyError:
            faults.append(node['$ref'])
    check('every-reference-leads-somewhere', faults)


# What the real daemon says.

def ask(port, method, path, body=None):
    """Status, content type and body of one answer."""
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=10 * SLOW)
    headers = {'Content-Type': 'application/json'} if body is not None else {}
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    data = answer.read()
    kind = answer.headers.get_content_type()
    connection.close()
    return answer.status, kind, data


def check_answer(port, method, path, route, status, body=None):
    """One answer is the one that its route describes for STATUS."""
    found, kind, data = ask(port, method, path, body)
    operation = DOCUMENT['paths'][route][method.lower()]
    where = f'{method} {path}'
    faults = [f'{where}: {found} is not {status}'] if found != status else []
    answers = operation['responses']
    if str(found) not in answers:
        faults.append(f'{where}: {found} is not described')
    else:
        content = resolve(answers[str(found)])['content']
        if kind not in content:
            faults.append(f'{where}: {kind} is not described')
        elif kind.endswith('json'):
            value = json.loads(data)
            faults += find_faults(value, content[kind]['schema'], where)
            if kind == 'application/problem+json' and value['status'] != found:
                faults.append(f'{where}: says {value["status"]}')
    check(f'{method}-of-{route}-gives-a-described-{status}', faults)


def read_events(port, path, wanted):
    """The first event of each name in WANTED, as a stream at PATH sends them."""
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=20 * SLOW)
    connection.request('GET', path)
    answer = connection.getresponse()
    events, name = {}, None
    while not wanted <= set(events):
        line = answer.readline().decode('utf-8').rstrip('\n')
        if line.startswith('event: '):
            name = line.removeprefix('event: ')
        elif line.startswith('data: '):
            events.setdefault(name, json.loads(line.removeprefix('data: ')))
    connection.close()
    return events


def check_events(port, path, route, wanted):
    described = DOCUMENT['paths'][route]['get']['responses']['200']['content'][
        'text/event-stream']['x-events']
    faults = []
    for name, value in read_events(port, path, wanted).items():
        if name in described:
            faults += find_faults(value, described[name], name)
        else:
            faults.append(f'{name} is not described')
    check(f'events-at-{path}-are-described', faults)


def wait_for_quotes(port):
    end = time.monotonic() + 20 * SLOW
    while not json.loads(ask(port, 'GET', QUOTES)[2])['quotes']:
        assert time.monotonic() < end
        time.sleep(0.2)


def check_alerts(port):
    alerts = '/api/v1/alerts'
    gold = '{"kind":"above","symbol":"XAU","level":1e9}'
    check_answer(port, 'POST', alerts, alerts, 201, gold)
    check_answer(port, 'POST', alerts, alerts, 404, gold.replace('XAU', 'NOPE'))
    check_answer(port, 'POST', alerts, alerts, 422, gold.replace('1e9', '"1"'))
    check_answer(port, 'POST', alerts, alerts, 400, '[')
    check_answer(port, 'GET', alerts, alerts, 200)
    alert = json.loads(ask(port, 'GET', alerts)[2])['alerts'][0]
    one = f'{alerts}/{alert["id"]}'
    check_answer(port, 'PATCH', one, alerts + '/{id}', 200, '{"snooze_s":60}')
    check_answer(port, 'PATCH', one, alerts + '/{id}', 422, '{}')
    check_answer(port, 'DELETE', one, alerts + '/{id}', 200)
    check_answer(port, 'DELETE', one, alerts + '/{id}', 404)


def check_daemon(port):
    wait_for_quotes(port)
    check_answer(port, 'GET', '/health', '/health', 200)
    check_answer(port, 'GET', '/metrics', '/metrics', 200)
    check_answer(port, 'GET', '/api/v1/status', '/api/v1/status', 200)
    check_answer(port, 'GET', QUOTES, QUOTES, 200)
    check_answer(port, 'GET', QUOTES + '/XAU', QUOTES + '/{symbol}', 200)
    check_answer(port, 'GET', QUOTES + '/NOPE', QUOTES + '/{symbol}', 404)
    check_answer(port, 'GET', QUOTES + '?sparkline=1', QUOTES, 200)
    check_answer(port, 'GET', QUOTES + '?sparkline=x', QUOTES, 400)
    check_answer(port, 'GET', QUOTES + '/XAU/history?range=5d', HISTORY, 200)
    check_answer(port, 'GET', QUOTES + '/XAU/history?points=2', HISTORY, 400)
    check_answer(port, 'GET', QUOTES + '/NOPE/history', HISTORY, 404)
    check_answer(port, 'GET', '/api/v1/history?interval=tick', '/api/v1/history', 200)
    check_answer(port, 'GET', '/api/v1/history', '/api/v1/history', 400)
    check_answer(port, 'POST', QUOTES, QUOTES, 200, '{"instrument":"XAU"}')
    check_answer(port, 'POST', QUOTES, QUOTES, 201, '{"instrument":"yahoo:AAPL"}')
    check_answer(port, 'POST', QUOTES, QUOTES, 422, '{"instrument":"nobody:X"}')
    check_answer(port, 'POST', QUOTES, QUOTES, 400, '[')
    check_answer(port, 'DELETE', QUOTES + '/AAPL', QUOTES + '/{symbol}', 200)
    check_answer(port, 'DELETE', QUOTES + '/AAPL', QUOTES + '/{symbol}', 404)
    check_answer(port, 'POST', QUOTES + '/refresh', QUOTES + '/refresh', 202, '{"symbols":[]}')
    check_answer(port, 'POST', QUOTES + '/refresh', QUOTES + '/refresh', 404,
                 '{"symbols":["NOPE"]}')
    check_alerts(port)
    check_events(port, QUOTES + '/stream', QUOTES + '/stream', {'snapshot', 'update', 'status'})
    check_events(port, QUOTES + '/stream?last_event_id=x', QUOTES + '/stream', {'gap', 'snapshot'})
    check_events(port, '/api/v1/stream?topics=quotes,status', '/api/v1/stream',
                 {'quotes.snapshot', 'quotes.update', 'status'})
    check_answer(port, 'GET', '/api/v1/stream?topics=weather', '/api/v1/stream', 400)


def main():
    check_source()
    with tempfile.TemporaryDirectory() as state:
        daemon = subprocess.Popen(
            [sys.argv[2], '--demo', '--no-bus', '--interval', '0.3', '--listen', '127.0.0.1:0',
             '--stamp-frames', '--state-dir', state], stdout=subprocess.PIPE, text=True)
        try:
            check_daemon(int(daemon.stdout.readline().rsplit(':', 1)[1]))
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(10 * SLOW)
        check('it-ends-with-0', [] if daemon.returncode == 0 else [str(daemon.returncode)])
    print(f'1..{N_CASES}')


N_CASES = 0


def check(name, faults):
    """One TAP case: passes when there are no FAULTS."""
    global N_CASES
    N_CASES += 1
    for fault in faults:
        print('#', fault)
    print('not ok' if faults else 'ok', N_CASES, f'/openapi/{name}', flush=True)


main()
