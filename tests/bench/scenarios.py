# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured. Each scenario takes a Bench and reports to it."""

import contextlib
import json
import os
import pathlib
import resource
import socket
import sqlite3
import subprocess
import tempfile
import time

from bench import LIST, STREAM, median, median_ratio, ratio

# The yardsticks of the fan-out are about an event of this size.
EVENT_BYTES = 1400
FANOUT_RATE = 10
# Bound of CPU per delivery against the bare loop, by readers.
FANOUT_BOUNDS = ((100, 1.6), (1000, 1.25), (10**9, 1.2))
LONG_INTERVAL_S = 3600
# Of a list that waits for its prices, ten a second.
PRICE_ATTEMPTS = 100


def get_symbols(server, n=1):
    """The list, once it has at least N prices."""
    for _ in range(PRICE_ATTEMPTS):
        status, body = server.request('GET', LIST)
        if status != 200:
            raise RuntimeError(f'GET {LIST}: {status}')
        symbols = [quote['symbol'] for quote in json.loads(body)['quotes']]
        if len(symbols) >= n:
            return symbols
        time.sleep(0.1)
    raise RuntimeError(f'GET {LIST}: {len(symbols)} prices, not {n}')


def resize_list(server, n):
    """Removes symbols, or adds made-up instruments, until there are N."""
    symbols = get_symbols(server)
    for symbol in symbols[n:]:
        server.request('DELETE', f'{LIST}/{symbol}')
    for i in range(n - len(symbols)):
        status, body = server.request('POST', LIST, {'instrument': f'yahoo:BENCH{i}'})
        if status not in (200, 201, 202):
            raise RuntimeError(f'POST {LIST}: {status} {body!r}')
    get_symbols(server, n)


def measure_frame(bench, server):
    """Bytes of one event as it goes over the wire, and what one symbol adds."""
    return bench.load(server, '--readers=1', '--warm=0.5', '--measure=1',
                      label='frame')['bytes_per_event']


def find_list_length(bench, wanted_bytes):
    """How many symbols make an event of about so many bytes."""
    with bench.daemon(0.1) as server:
        n = len(get_symbols(server))
        return max(1, round(wanted_bytes / measure_frame(bench, server) * n))


def check_nothing_lost(bench, name, results, may_be_announced=True):
    """Versions that were left out without a word, came twice or in the wrong order."""
    for fault in ('missing', 'dup', 'disordered', 'unstamped', 'broken', 'failed', 'refused',
                  'behind'):
        bench.report.equal(f'{name}-{fault}', sum(result[fault] for result in results), 0)
    if not may_be_announced:
        bench.report.equal(f'{name}-conflated', sum(result['announced'] for result in results), 0)


def pair(bench, name, n_versions, daemon, bare):
    """Valid runs of both, in turn, so that a drift of the machine hits both -> list of pairs."""
    pairs = []
    for number in range(bench.n_pairs):
        order = (daemon, bare) if number % 2 == 0 else (bare, daemon)
        first, second = (bench.valid(run, n_versions) for run in order)
        pairs.append((first, second) if number % 2 == 0 else (second, first))
        bench.report.say(
            f"{name}: pair {number + 1}: daemon {pairs[-1][0]['cpu_us_per_event']:.2f} us, bare "
            f"loop {pairs[-1][1]['cpu_us_per_event']:.2f} us of CPU per delivery; p99 "
            f"{pairs[-1][0]['delivery_us']['p99'] / 1000:.1f} and "
            f"{pairs[-1][1]['delivery_us']['p99'] / 1000:.1f} ms")
    return pairs


def fanout_rate(bench, n, n_symbols):
    """CPU per delivery at N readers."""
    seconds = bench.seconds(10, 3)
    arguments = (f'--readers={n}', '--warm=1', f'--measure={seconds}')
    frames = []

    def daemon():
        with bench.daemon(1 / FANOUT_RATE) as server:
            resize_list(server, n_symbols)
            result = bench.load(server, *arguments, label=f'daemon {n}')
        frames.append(result['bytes_per_event'])
        return result

    def bare():
        with bench.bare_loop(round(frames[-1]), FANOUT_RATE) as server:
            return bench.load(server, *arguments, label=f'bare loop {n}')

    # The first daemon run tells the bytes for the bare loop that may come before the next one.
    pairs = pair(bench, f'fanout-{n}', seconds * FANOUT_RATE, daemon, bare)
    bound = next(bound for most, bound in FANOUT_BOUNDS if n <= most)
    bench.report.say(f'fanout-{n}: {median([p[0] for p in pairs], "bytes_per_event"):.0f} bytes '
                     'per event, ' + ', '.join(
                         f"{who} p99 {median([p[i]['delivery_us'] for p in pairs], 'p99') / 1e3:.1f} ms"
                         for i, who in enumerate(('daemon', 'bare loop'))))
    bench.report.at_most(f'fanout-{n}-cpu-per-delivery', median_ratio(pairs, 'cpu_us_per_event'),
                         bound, 'x')
    check_nothing_lost(bench, f'fanout-{n}', [p[0] for p in pairs])


def fanout_ramp(bench, n):
    """Connecting, memory and idling at N readers, while nothing is published."""
    idle = bench.seconds(16, 2)

    def daemon():
        with bench.daemon(LONG_INTERVAL_S) as server:
            return bench.load(server, f'--readers={n}', f'--idle={idle}', '--warm=0',
                              '--measure=0', label=f'daemon ramp {n}')

    def bare():
        with bench.bare_loop(EVENT_BYTES) as server:
            return bench.load(server, f'--readers={n}', '--warm=0', '--measure=0',
                              label=f'bare loop ramp {n}')

    pairs = [(bench.valid(daemon), bench.valid(bare)) for _ in range(bench.n_pairs)]
    daemons = [p[0] for p in pairs]
    bench.report.say(f'fanout-{n}: daemon {median(daemons, "connects_per_s"):.0f}, bare loop '
                     f'{median([p[1] for p in pairs], "connects_per_s"):.0f} connects/s')
    bench.report.at_least(f'fanout-{n}-connects', median_ratio(pairs, 'connects_per_s'), 0.4, 'x')
    bench.report.equal(f'fanout-{n}-opened', median(daemons, 'opened'), n)
    if n >= 1000:
        bench.report.at_most(f'fanout-{n}-resident-per-reader',
                             median(daemons, 'resident_kib_per_reader'), 1.0, ' KiB')
    bench.report.at_most(f'fanout-{n}-idle-cpu', median(daemons, 'idle_cpu_percent'), 1.0, ' %')


def fanout(bench):
    """Many readers, events of about 1.4 kB, 10 a second."""
    n_symbols = find_list_length(bench, EVENT_BYTES)
    for n in bench.options.readers:
        most = bench.descriptor_limit // 2
        if n > most:
            bench.report.say(f'{n} readers need more than the hard descriptor limit of '
                             f'{bench.descriptor_limit} (half of it is for connections): {most}')
            n = most
        fanout_rate(bench, n, n_symbols)
        fanout_ramp(bench, n)


def delivery(bench):
    """100 publishes a second; half of 200 readers come and go."""
    rate, seconds = 100, bench.seconds(100, 8)
    arguments = ('--readers=200', '--roaming=100', '--warm=1', f'--measure={seconds}')

    def daemon():
        with bench.daemon(1 / rate) as server:
            return bench.load(server, *arguments, label='daemon delivery')

    result = bench.valid(daemon, rate * seconds)

    def bare():
        with bench.bare_loop(round(result['bytes_per_event']), rate) as server:
            return bench.load(server, *arguments, '--no-resume', label='bare loop delivery')

    yardstick = bench.valid(bare, rate * seconds)
    p99 = result['delivery_us']['p99'] / 1000
    bench.report.say(
        f"delivery: {result['versions'] / seconds:.1f} versions/s, {result['resumed']} resumed, "
        f"{result['announced']} versions announced as missing in {result['gaps']} gaps; daemon "
        f"{json.dumps(result['delivery_us'])}, bare loop {json.dumps(yardstick['delivery_us'])}")
    bench.report.at_most('delivery-p99', p99, 50, ' ms')
    bench.report.at_most('delivery-p99-against-bare-loop',
                         ratio(p99, yardstick['delivery_us']['p99'] / 1000), 1.5, 'x')
    check_nothing_lost(bench, 'delivery', [result])
    bench.report.at_least('delivery-resumed', result['resumed'], 10)


def slow(bench):
    """1 MiB/s of publishing; 100 readers never read."""
    rate, n_silent = 100, 100
    # A little more, because a round takes its time, too.
    n_symbols = find_list_length(bench, 1.15 * 1024 * 1024 / rate)
    seconds = bench.seconds(20, 14)

    def run(n):
        with bench.daemon(1 / rate) as server:
            resize_list(server, n_symbols)
            result = bench.load(server, '--readers=20', f'--silent={n}', '--watch', '--warm=0',
                                f'--measure={seconds}', '--silent-wait=5',
                                label=f'slow {n}')
            status = json.loads(server.request('GET', '/api/v1/status')[1])
        return result, status.get('streams')

    without, _streams = run(0)
    result, streams = run(n_silent)
    user = max(0, result['peak_resident_kib'] - without['peak_resident_kib']) / n_silent
    bytes_per_s = result['bytes_per_event'] * result['events'] / 20 / result['measured_s']
    bench.report.say(
        f'slow: {bytes_per_s / 1024:.0f} KiB/s to each reader, {n_symbols} symbols, '
        f"{result['bytes_per_event']:.0f} bytes per event; each silent reader {user:.1f} KiB of "
        f"the daemon and {result['silent_kernel_kib_each']:.1f} KiB of the kernel (most "
        f"{result['silent_kernel_kib_most']}); blocked {json.dumps(result['silent_blocked_ms'])}, "
        f"alive {json.dumps(result['silent_life_ms'])} ms; status says {streams}")
    bench.report.at_least('slow-published', bytes_per_s / 1024, 1024, ' KiB/s')
    bench.report.at_most('slow-memory-each', user + result['silent_kernel_kib_each'], 128, ' KiB')
    bench.report.equal('slow-evicted', result['silent_gone'], n_silent)
    bench.report.at_most('slow-evicted-after', result['silent_blocked_ms']['max'] / 1000, 12, ' s')
    check_nothing_lost(bench, 'slow-others', [result], may_be_announced=False)
    slot(bench)


def open_stream(server):
    """A socket with a stream, and the status of the answer."""
    connection = socket.create_connection(server.address, timeout=5)
    connection.sendall(f'GET {STREAM} HTTP/1.1\r\nHost: 127.0.0.1:{server.address[1]}\r\n\r\n'
                       .encode())
    head = connection.recv(4096)
    return connection, int(head[9:12] or b'0')


def slot(bench):
    """A closed reader's place is free at once."""
    worst = 0
    with bench.daemon(1, max_streams=10) as server:
        readers = [open_stream(server) for _ in range(10)]
        bench.report.equal('slot-all-taken', [status for _, status in readers], [200] * 10)
        for i in range(10):
            extra, status = open_stream(server)
            extra.close()
            if i == 0:
                bench.report.equal('slot-one-too-many', status, 503)
            readers.pop(0)[0].close()
            start = time.monotonic()
            while time.monotonic() - start < 5:
                extra, status = open_stream(server)
                if status == 200:
                    break
                extra.close()
                time.sleep(0.01)
            worst = max(worst, time.monotonic() - start)
            readers.append((extra, status))
        for connection, _ in readers:
            connection.close()
    bench.report.at_most('slot-free-after', worst, 1, ' s')


def churn(bench):
    """Connect, take the first event, leave; 50,000 times."""
    n = bench.seconds(50000, 20000)
    with bench.daemon(1) as server:
        result = bench.load(server, f'--cycles={n}', '--in-flight=64', '--sources=8',
                            '--max-time=240', label='churn')
    steps = result['steps']
    growth = steps[-1]['resident_kib'] - steps[0]['resident_kib']
    bench.report.say(f"churn: {result['cycles'] / result['seconds']:.0f} cycles/s; resident KiB "
                     f"{[step['resident_kib'] for step in steps]}, descriptors "
                     f"{[step['descriptors'] for step in steps]}")
    bench.report.equal('churn-cycles', result['cycles'], n)
    bench.report.equal('churn-refused-or-failed', result['refused'] + result['failed'], 0)
    bench.report.equal('churn-descriptors', steps[-1]['descriptors'], result['descriptors'])
    bench.report.at_most('churn-growth', growth / 1024, 2, ' MiB')


def descriptors(bench):
    """All descriptors in use, then free again."""
    with bench.daemon(1) as server:
        server.request('GET', '/health')
        before = server.n_descriptors()
        limits = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (before + 20, limits[1]))
        crowd = []
        for _ in range(200):
            connection = socket.socket()
            connection.settimeout(2)
            with contextlib.suppress(OSError):
                connection.connect(server.address)
                connection.sendall(f'GET {STREAM} HTTP/1.1\r\nHost: 127.0.0.1:{server.address[1]}'
                                   '\r\n\r\n'.encode())
            crowd.append(connection)
        time.sleep(1)
        used = server.n_descriptors()
        for connection in crowd:
            connection.close()
        start = time.monotonic()
        status = 0
        while status != 200 and time.monotonic() - start < 10:
            with contextlib.suppress(OSError):
                status = server.request('GET', '/health', timeout=1)[0]
        seconds = time.monotonic() - start
        bench.report.say(f'descriptors: {before} before, limit {before + 20}, {used} in the crowd')
        bench.report.equal('descriptors-alive', server.is_alive(), True)
        bench.report.at_most('descriptors-answers-again', seconds, 2, ' s')
        while server.n_descriptors() > before and time.monotonic() - start < 10:
            time.sleep(0.05)
        # The request before may have left one that was still being closed.
        bench.report.at_most('descriptors-afterwards', server.n_descriptors(), before)


def half(bench):
    """Half-sent requests, and what they do to others."""
    n = bench.seconds(5000, 500)
    with bench.daemon(1) as server:
        before = server.n_descriptors()
        result = bench.load(server, f'--half={n}', '--probes=300', '--max-time=40', label='half')
        after = server.n_descriptors()
    alone, among = result['alone_us'], result['among_us']
    bench.report.say(f"half: {result['held']} of {n} held, {result['failed']} not connected, "
                     f"{result['answered']} answered; life {json.dumps(result['life_ms'])} ms; "
                     f'other requests alone {json.dumps(alone)}, among them {json.dumps(among)} us')
    bench.report.equal('half-requests-refused', result['probes_refused'], 0)
    bench.report.at_most('half-other-requests', ratio(among['p50'], alone['p50']), 1.3, 'x')
    bench.report.equal('half-left', result['left'], 0)
    bench.report.at_most('half-gone-after', result['life_ms']['max'] / 1000, 11, ' s')
    bench.report.at_most('half-descriptors', after, before)


def write_list(folder, n):
    """The settings of a daemon that begins with N made-up instruments."""
    watchlist = ', '.join(f"'yahoo:BENCH{i}'" for i in range(n))
    path = pathlib.Path(folder) / 'settings.ini'
    path.write_text(f'[marketwell]\nwatchlist=[{watchlist}]\n',
                    encoding='ascii')
    path.chmod(0o600)


def read_store(folder):
    """(versions, ticks, bytes of the file) of a store that was closed."""
    path = pathlib.Path(folder) / 'market.db'
    with contextlib.closing(sqlite3.connect(path)) as database:
        return (database.execute('SELECT count(*) FROM versions').fetchone()[0],
                database.execute('SELECT count(*) FROM ticks').fetchone()[0],
                path.stat().st_size)


def stall(bench):
    """1,000 instruments, a tick a second: how late the main loop is beside an idle one."""
    n, seconds = 1000, bench.seconds(60, 8)
    with tempfile.TemporaryDirectory(prefix='marketwell-bench-') as folder:
        write_list(folder, n)
        environment = {**os.environ, 'HOME': folder, 'GSETTINGS_BACKEND': 'keyfile'}
        output = subprocess.run(
            [bench.options.build / 'tests/bench/stall', str(seconds), '--demo', '--no-bus',
             '--state-dir', folder, '--listen', '127.0.0.1:0', '--interval', '1'],
            check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
        loops = {line['loop']: line for line in map(json.loads, output.splitlines()[1:])}
        versions, ticks, size = read_store(folder)
    daemon, idle = loops['daemon'], loops['idle']
    bench.report.say(f'stall: daemon {json.dumps(daemon)}, idle loop {json.dumps(idle)}; '
                     f'{versions} versions, {ticks} ticks, {size / max(ticks, 1):.0f} bytes of '
                     'the file for each')
    bench.report.at_most('stall-p99', daemon['p99_ms'], 5, ' ms')
    bench.report.at_most('stall-worst-above-idle', daemon['max_ms'] - idle['max_ms'], 20, ' ms')
    # A round is a second and its own time; of the demonstration's prices four fifths move.
    bench.report.at_least('stall-versions-written', versions / seconds, 0.9)
    bench.report.at_least('stall-ticks-written', ticks / versions / n, 0.75)


ALL = {
    'fanout': fanout,
    'delivery': delivery,
    'slow': slow,
    'churn': churn,
    'descriptors': descriptors,
    'half': half,
    'stall': stall,
}
