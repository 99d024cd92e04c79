# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios stand on: servers under test, the load generator, the report."""

import contextlib
import http.client
import json
import os
import resource
import signal
import statistics
import subprocess
import tempfile
import time

# What other programs may take of one core before a run says nothing.
OTHER_SHARE_MAX = 0.15
# A run that is not valid is repeated so often.
ATTEMPTS = 4
START_TIMEOUT_S = 15
STOP_TIMEOUT_S = 5
STREAM = '/api/v1/widgets/quotes/stream?mode=snapshot'
LIST = '/api/v1/widgets/quotes'


class Report:
    """Lines of figures and their bounds; TAP when meson asks."""

    def __init__(self, is_tap):
        self.is_tap = is_tap
        self.n_checks = self.n_failed = 0

    def say(self, text):
        print(('# ' if self.is_tap else '') + text, flush=True)

    def check(self, name, figure, bound, is_good):
        self.n_checks += 1
        self.n_failed += not is_good
        if self.is_tap:
            print(f"{'ok' if is_good else 'not ok'} {self.n_checks} /bench/{name} "
                  f'- {figure} (bound {bound})', flush=True)
        else:
            print(f"{'pass' if is_good else 'FAIL'}  {name:<42} {figure:>16}  bound {bound}",
                  flush=True)

    def at_most(self, name, value, bound, unit=''):
        self.check(name, f'{value:.4g}{unit}', f'<= {bound:g}{unit}', value <= bound)

    def at_least(self, name, value, bound, unit=''):
        self.check(name, f'{value:.4g}{unit}', f'>= {bound:g}{unit}', value >= bound)

    def equal(self, name, value, wanted):
        self.check(name, str(value), f'= {wanted}', value == wanted)

    def end(self):
        if self.is_tap:
            print(f'1..{self.n_checks}')
        else:
            print(f'{self.n_checks - self.n_failed} passed, {self.n_failed} failed')
        return 1 if self.n_failed else 0


class Server:
    """A running server: its address and process."""

    def __init__(self, process, url):
        self.process = process
        self.pid = process.pid
        self.url = url
        self.address = ('127.0.0.1', int(url.rpartition(':')[2]))

    def request(self, method, path, body=None, timeout=10):
        """One request; waits when the daemon says that it comes too early. -> (status, bytes)"""
        while True:
            connection = http.client.HTTPConnection(*self.address, timeout=timeout)
            headers = {'Content-Type': 'application/json'} if body is not None else {}
            try:
                connection.request(method, path,
                                   json.dumps(body) if body is not None else None, headers)
                answer = connection.getresponse()
                data = answer.read()
            finally:
                connection.close()
            if answer.status != 429:
                return answer.status, data
            time.sleep(float(answer.headers.get('Retry-After', '1')))

    def resident_kib(self):
        with open(f'/proc/{self.pid}/status', encoding='ascii') as file:
            return next(int(line.split()[1]) for line in file if line.startswith('VmRSS:'))

    def n_descriptors(self):
        return len(os.listdir(f'/proc/{self.pid}/fd'))

    def is_alive(self):
        return self.process.poll() is None


def read_address(process):
    """The ready line, or an error when none comes in time."""
    timer = None
    try:
        old = signal.signal(signal.SIGALRM, lambda *_: process.kill())
        timer = signal.alarm(START_TIMEOUT_S)
        line = process.stdout.readline()
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)
    if not line.startswith('listening on '):
        raise RuntimeError(f'{process.args[0]} did not start: {line!r}')
    return line.removeprefix('listening on ').strip()


class Bench:
    """Starts what a scenario needs, from one build."""

    def __init__(self, options, report):
        self.options = options
        self.report = report
        self.results = []
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        del soft
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.descriptor_limit = hard

    def seconds(self, full, short):
        return short if self.options.short else full

    @property
    def n_pairs(self):
        return 1 if self.options.short else self.options.pairs

    @contextlib.contextmanager
    def run(self, arguments, environment=None):
        process = subprocess.Popen([str(argument) for argument in arguments],
                                   stdout=subprocess.PIPE, text=True, env=environment)
        try:
            yield Server(process, read_address(process))
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.report.check('server-ends-on-SIGTERM', 'killed', f'{STOP_TIMEOUT_S} s', False)
                process.kill()
                process.wait()
            process.stdout.close()

    @contextlib.contextmanager
    def daemon(self, interval, *arguments, max_streams=12000):
        with tempfile.TemporaryDirectory(prefix='marketwell-bench-') as folder:
            environment = {**os.environ, 'HOME': folder, 'GSETTINGS_BACKEND': 'keyfile'}
            with self.run([self.options.build / 'src/daemon/marketwelld', '--demo', '--no-bus',
                           '--state-dir', folder, '--listen', '127.0.0.1:0', '--interval',
                           f'{interval:g}', '--stamp-frames', '--max-streams', max_streams,
                           '--max-streams-per-client', 0, *arguments], environment) as server:
                yield server

    def bare_loop(self, size, rate=0):
        return self.run([self.options.build / 'tests/bench/bare-loop', f'--size={size}',
                         f'--rate={rate:g}', '--max-time=1800'])

    def load(self, server, *arguments, path=STREAM, label=''):
        """One run of the load generator -> its result."""
        command = [str(self.options.build / 'tests/bench/sse-load'), f'--url={server.url}{path}',
                   f'--pid={server.pid}', f'--label={label}', *arguments]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=1800).stdout
        result = json.loads(output)
        self.results.append(result)
        return result

    def why_invalid(self, result, wanted_versions):
        """None when a run may be counted."""
        share = max(result['other_share'], result['idle_other_share'])
        if share > OTHER_SHARE_MAX and not self.options.any_load:
            return f'other programs took {share:.0%} of a core'
        if result['versions'] < 0.9 * wanted_versions:
            return f"only {result['versions']} of {wanted_versions:g} events were published"
        return None

    def valid(self, attempt, wanted_versions=0):
        """Repeats ATTEMPT until its result may be counted -> the last result."""
        for number in range(ATTEMPTS):
            result = attempt()
            reason = self.why_invalid(result, wanted_versions)
            if reason is None:
                break
            self.report.say(f"{result['label']}: not valid: {reason}"
                            + (', once more' if number + 1 < ATTEMPTS else ', taken as it is'))
        return result


def median_ratio(pairs, key):
    return statistics.median(ratio(pair[0][key], pair[1][key]) for pair in pairs)


def median(results, key):
    return statistics.median(result[key] for result in results)


def ratio(a, b):
    return a / b if b else float('inf')
