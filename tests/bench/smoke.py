#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""smoke.py BARE-LOOP SSE-LOAD: tries the tools of the benchmark on each other. It checks what they
count, never how fast they are: a benchmark whose judge sees nothing proves nothing."""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import traceback

BARE_LOOP, SSE_LOAD = sys.argv[1:3]
# For what should take a moment, on a machine that is busy with something else.
DEADLINE_S = 60


@contextlib.contextmanager
def bare_loop(*arguments):
    with subprocess.Popen([BARE_LOOP, f'--max-time={DEADLINE_S}', *arguments],
                          stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            yield line.removeprefix('listening on ').strip(), process.pid
        finally:
            process.terminate()


def sse_load(url, pid, *arguments):
    output = subprocess.run([SSE_LOAD, f'--url={url}/stream', f'--pid={pid}', *arguments],
                            check=True, stdout=subprocess.PIPE, timeout=DEADLINE_S).stdout
    return json.loads(output)


def measure(*arguments):
    with bare_loop('--rate=20', '--size=1400', *arguments) as (url, pid):
        return sse_load(url, pid, '--readers=20', '--warm=0.1', '--measure=1')


def quiet_stream_has_no_fault():
    result = measure()
    assert result['opened'] == 20, result
    for fault in ('missing', 'dup', 'disordered', 'unstamped', 'behind', 'refused', 'failed',
                  'broken', 'closed_by_server'):
        assert result[fault] == 0, (fault, result)
    assert result['events'] >= 20, result
    assert result['bytes_per_event'] == 1400, result
    assert 0 < result['delivery_us']['p50'] <= result['delivery_us']['max'], result
    assert result['server_cpu_s'] > 0, result


def lost_events_are_found():
    assert measure('--skip-every=5')['missing'] > 0


def repeated_events_are_found():
    result = measure('--repeat-every=5')
    assert result['dup'] > 0 and result['missing'] == 0, result


def readers_come_and_go():
    with bare_loop('--rate=20') as (url, pid):
        result = sse_load(url, pid, '--readers=10', '--roaming=10', '--no-resume', '--measure=2')
    assert result['opened'] > 10 and result['missing'] == 0 and result['behind'] == 0, result


def silent_readers_are_seen():
    with bare_loop('--rate=50', '--size=20000') as (url, pid):
        result = sse_load(url, pid, '--readers=1', '--silent=4', '--watch', '--measure=1')
    assert result['silent'] == 4 and result['silent_kernel_kib_each'] > 20, result


def cycles_leave_nothing_open():
    with bare_loop('--rate=20') as (url, pid):
        result = sse_load(url, pid, '--cycles=200', '--in-flight=8')
    assert result['cycles'] == 200, result
    assert result['steps'][-1]['descriptors'] == result['descriptors'], result


def half_requests_are_held():
    with bare_loop() as (url, pid):
        result = sse_load(url, pid, '--half=10', '--probes=0', '--max-time=2')
    assert result['held'] == 10 and result['left'] == 10, result


def posted_event_is_broadcast():
    with bare_loop() as (url, _pid):
        address = ('127.0.0.1', int(url.rpartition(':')[2]))
        with socket.create_connection(address, timeout=DEADLINE_S) as reader:
            reader.sendall(b'GET / HTTP/1.1\r\n\r\n')
            received = reader.recv(4096)
            connection = http.client.HTTPConnection(*address, timeout=DEADLINE_S)
            connection.request('POST', '/', '{"seq":7}')
            assert connection.getresponse().status == 200
            connection.close()
            while not received.endswith(b'data: {"seq":7}\n\n\r\n'):
                data = reader.recv(4096)
                assert data, received
                received += data


def other_machines_are_refused():
    result = subprocess.run([SSE_LOAD, '--url=http://192.0.2.1:80/'], stderr=subprocess.PIPE,
                            check=False, timeout=DEADLINE_S)
    assert result.returncode == 1 and b'127.x.y.z' in result.stderr, result


TESTS = (quiet_stream_has_no_fault, lost_events_are_found, repeated_events_are_found,
         readers_come_and_go, silent_readers_are_seen, cycles_leave_nothing_open,
         half_requests_are_held, posted_event_is_broadcast, other_machines_are_refused)

print(f'1..{len(TESTS)}')
for number, test in enumerate(TESTS, 1):
    name = '/bench/' + test.__name__.replace('_', '-')
    try:
        test()
        print(f'ok {number} {name}', flush=True)
    except Exception:
        print(f'not ok {number} {name}', flush=True)
        traceback.print_exc()
