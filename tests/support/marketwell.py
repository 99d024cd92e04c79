# SPDX-License-Identifier: GPL-3.0-or-later
"""The real daemon as a test sees it from outside, and TAP."""

import http.client
import json
import os
import signal
import subprocess
import threading
import time
import traceback

SLOW = float(os.environ.get('MARKETWELL_TEST_SLOW', '1'))
LIST = '/api/v1/widgets/quotes'
STATUS = '/api/v1/status'
STREAM = '/api/v1/stream?topics=quotes,status'


def wait_until(condition, what, seconds=10):
    """The first true value of CONDITION; fails after SECONDS on a machine of usual speed."""
    deadline = time.monotonic() + seconds * SLOW
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f'not in time: {what}')


class Daemon:
    """One marketwelld, from its start to its end."""

    def __init__(self, program, state_dir, *arguments, stderr=subprocess.DEVNULL):
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [program, '--no-bus', '--state-dir', str(state_dir), '--listen', '127.0.0.1:0',
             *arguments], stdout=subprocess.PIPE, stderr=stderr, text=True,
            env={**os.environ, 'HOME': str(state_dir), 'GSETTINGS_BACKEND': 'keyfile'})
        line = self.process.stdout.readline()
        if not line.startswith('listening on '):
            raise AssertionError(f'it did not start: {line!r}, code {self.process.wait()}')
        self.port = int(line.rpartition(':')[2])

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        if self.process.poll() is None:
            self.stop()

    def connect(self, timeout=10):
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout * SLOW)

    def get(self, path):
        """The JSON at PATH; waits while we ask too often."""
        while True:
            connection = self.connect()
            try:
                connection.request('GET', path)
                answer = connection.getresponse()
                body = answer.read()
            finally:
                connection.close()
            if answer.status != 429:
                assert answer.status == 200, (path, answer.status, body)
                return json.loads(body)
            time.sleep(0.05)

    def wait_for_status(self, condition, what, seconds=10):
        return wait_until(lambda: condition(status := self.get(STATUS)) and status,
                          what, seconds)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """SIGTERM -> its exit code."""
        self.process.terminate()
        code = self.process.wait(10 * SLOW)
        self.process.stdout.close()
        return code


class Reader(threading.Thread):
    """Reads the events of one stream until it ends. EVENTS grows: (time, name, id, data)."""

    def __init__(self, daemon, path=STREAM):
        super().__init__(daemon=True)
        self.events = []
        self.connection = daemon.connect(timeout=60)
        self.path = path
        self.start()

    def run(self):
        try:
            self.connection.request('GET', self.path)
            answer = self.connection.getresponse()
            assert answer.status == 200, answer.status
            fields = {}
            for line in answer:
                name, _, value = line.decode().rstrip('\n').partition(': ')
                if line == b'\n':
                    if 'data' in fields:
                        self.events.append((time.monotonic(), fields.get('event'),
                                            fields.get('id'), json.loads(fields['data'])))
                    fields = {}
                else:
                    fields[name] = value
        except (OSError, http.client.HTTPException, ValueError):
            # The other side was killed in the middle of a word.
            pass
        finally:
            self.connection.close()

    def named(self, *names):
        return [event for event in list(self.events) if event[1] in names]

    def wait_for(self, name, seconds=10):
        return wait_until(lambda: self.named(name), f'event {name}', seconds)[0]


def run_tests(tests):
    """Runs functions in their order and speaks TAP -> exit code."""
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            note = test()
        except Exception:  # pylint: disable=broad-except
            failed += 1
            for line in traceback.format_exc().splitlines():
                print(f'# {line}')
            print(f'not ok {number} {name}', flush=True)
            continue
        if note:
            print(f'# {note}')
        print(f'ok {number} {name}', flush=True)
    print(f'1..{len(tests)}')
    return 1 if failed else 0
