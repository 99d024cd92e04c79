#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-storage.py MARKETWELLD: bad files and bad disks cost history, never prices. Speaks TAP.

Runs in a mount namespace of its own, so that it may fill a small file system and nobody else sees
it."""

import contextlib
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
from marketwell import LIST, SLOW, Daemon, Reader, run_tests, wait_until  # noqa: E402

MARKETWELLD = sys.argv[1]
START_MAX_S = 3 * SLOW
RESUME_MAX_S = 5
PAGE = 4096


@contextlib.contextmanager
def folder(size=None):
    """A state folder; with SIZE on a file system of its own."""
    with tempfile.TemporaryDirectory(prefix='marketwell-storage-') as name:
        if size is not None:
            subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size},mode=700', 'tmpfs', name],
                           check=True)
        try:
            yield pathlib.Path(name)
        finally:
            if size is not None:
                subprocess.run(['umount', '-l', name], check=True)


def remount(state_dir, options):
    subprocess.run(['mount', '-o', f'remount,{options}', str(state_dir)], check=True)


def demo(state_dir, interval=0.05):
    return Daemon(MARKETWELLD, state_dir, '--demo', '--interval', str(interval), '--stamp-frames')


def fill_a_little(state_dir):
    """A store with something in it, closed well."""
    with demo(state_dir) as daemon:
        daemon.wait_for_status(lambda status: (status['stored'] or 0) >= 20, 'twenty versions')
        assert daemon.stop() == 0


def check_flow(daemon, what):
    """Prices come and change."""
    reader = Reader(daemon)
    wait_until(lambda: len(reader.named('quotes.update')) > 20, f'prices while {what}')
    return reader


def quick_check(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute('PRAGMA quick_check').fetchall() == [('ok',)]
        return database.execute('SELECT count(*) FROM ticks').fetchone()[0]


def count_double(path):
    """Ticks that are there twice."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(
            'SELECT count(*) - count(DISTINCT run || "." || version || "." || instrument_id)'
            ' FROM ticks').fetchone()[0]


def read_gaps(path):
    """(rows that were dropped, versions that are missing, versions that are announced as missing)"""
    with contextlib.closing(sqlite3.connect(path)) as database:
        dropped, announced = database.execute(
            'SELECT coalesce(sum(n_rows), 0), coalesce(sum(to_version - from_version + 1), 0)'
            ' FROM gaps').fetchone()
        missing = database.execute('SELECT max(version) - count(*) FROM versions').fetchone()[0]
    return dropped, missing, announced


def a_full_disk():
    """Prices flow while the disk is full; writing goes on by itself when there is room again."""
    with folder('600k') as state_dir:
        with demo(state_dir) as daemon:
            reader = Reader(daemon)
            daemon.wait_for_status(lambda status: status['stored'], 'something stored')
            status = daemon.wait_for_status(lambda s: s['storage'] == 'full', 'a full disk', 60)
            assert status['storage_message'], status
            seen = len(reader.named('quotes.update'))
            check_flow(daemon, 'the disk is full')
            stored = daemon.get(LIST)['stored']
            remount(state_dir, 'size=16m')
            begin = time.monotonic()
            daemon.wait_for_status(lambda s: s['storage'] == 'ok' and s['stored'] > stored,
                                   'going on', RESUME_MAX_S)
            resumed_ms = (time.monotonic() - begin) * 1000
            frames = len(reader.named('quotes.update')) - seen
            version = daemon.get(LIST)['version']
            daemon.wait_for_status(lambda s: s['stored'] >= version, 'catching up', RESUME_MAX_S)
            assert daemon.stop() == 0
        path = state_dir / 'market.db'
        rows = quick_check(path)
        assert count_double(path) == 0
        dropped, missing, announced = read_gaps(path)
    assert missing == announced, (missing, announced)
    return (f'PROMISE R12 case=full frames_during={frames} resumed_ms={resumed_ms:.0f} '
            f'rows={rows} dropped={dropped}')


@contextlib.contextmanager
def disk(image):
    """A file system that becomes read-only by an error, as real ones do; None where there is none."""
    with tempfile.TemporaryDirectory(prefix='marketwell-storage-') as name:
        made = subprocess.run(['mount', '-o', 'loop,errors=remount-ro', str(image), name],
                              capture_output=True, check=False)
        if made.returncode != 0:
            print(f'# no loop device: {made.stderr.decode().splitlines()[0]}')
            yield None
            return
        try:
            os.chmod(name, 0o700)
            yield pathlib.Path(name)
        finally:
            subprocess.run(['umount', '-l', name], check=True)


def a_disk_that_becomes_read_only():
    """A mount without open files can be made read-only by hand; one with open files only by an
    error of the disk, after which it has to be mounted anew."""
    with folder('40m') as where:
        image = where / 'disk'
        with open(image, 'wb') as file:
            file.truncate(24 << 20)
        subprocess.run(['mkfs.ext4', '-q', str(image)], check=True)
        with disk(image) as state_dir:
            if state_dir is None:
                return 'not tried'
            fill_a_little(state_dir)
            os.sync()
            kept = quick_check(state_dir / 'market.db')
            with demo(state_dir) as daemon:
                daemon.wait_for_status(lambda s: (s['stored'] or 0) > 5, 'something stored')
                reader = Reader(daemon)
                remount(state_dir, 'abort')
                status = daemon.wait_for_status(lambda s: s['storage'] in ('read-only', 'failed'),
                                                'that it is read-only')
                assert status['storage_message'], status
                seen = len(reader.named('quotes.update'))
                check_flow(daemon, 'the disk is read-only')
                frames = len(reader.named('quotes.update')) - seen
                assert daemon.stop() == 0
            assert (state_dir / 'market.db').exists()
        with disk(image) as state_dir:
            rows = quick_check(state_dir / 'market.db')
            assert rows >= kept, (rows, kept)
            with demo(state_dir) as daemon:
                daemon.wait_for_status(lambda s: s['stored'] and s['storage'] == 'ok', 'going on')
                assert daemon.stop() == 0
            assert quick_check(state_dir / 'market.db') > rows
            assert not list(state_dir.glob('*corrupt*'))
    return f"PROMISE R12 case={status['storage']} frames_during={frames} rows={rows}"


def start_over(prepare, is_kept=lambda dir_: True):
    """A bad file is set aside as it is, and a new one begun."""
    with folder() as state_dir:
        fill_a_little(state_dir)
        path = state_dir / 'market.db'
        prepare(path)
        before = path.read_bytes() if path.is_file() else None
        with demo(state_dir) as daemon:
            start_s = time.monotonic() - daemon.started
            assert start_s < START_MAX_S, start_s
            status = daemon.wait_for_status(lambda s: s['stored'], 'a new file in use')
            assert status['storage'] == 'ok', status
            check_flow(daemon, 'a new file is begun')
            assert daemon.stop() == 0
        aside = [name for name in state_dir.glob('market.db.corrupt-*')
                 if not name.name.endswith(('-wal', '-shm'))]
        assert len(aside) == 1, list(state_dir.iterdir())
        if before is not None:
            assert aside[0].read_bytes() == before, 'what was set aside is not what was there'
        assert is_kept(aside[0])
        assert quick_check(path) > 0
        return f'PROMISE R13 case={prepare.__name__} outcome=set-aside start_ms={start_s * 1e3:.0f}'


def random_bytes():
    def random_content(path):
        path.write_bytes(random.Random(1).randbytes(10 * PAGE))
    return start_over(random_content)


def flipped_pages():
    def flipped(path):
        data = bytearray(path.read_bytes())
        for page in range(1, len(data) // PAGE):
            data[page * PAGE:page * PAGE + 100] = bytes(byte ^ 0xff for byte in
                                                        data[page * PAGE:page * PAGE + 100])
        path.write_bytes(data)
    return start_over(flipped)


def a_folder_in_its_place():
    def a_folder(path):
        path.unlink()
        path.mkdir()
        (path / 'precious').write_text('kept')
    return start_over(a_folder, lambda aside: (aside / 'precious').read_text() == 'kept')


def at_most_three_are_set_aside():
    with folder() as state_dir:
        path = state_dir / 'market.db'
        for number in range(5):
            path.write_bytes(random.Random(number).randbytes(PAGE))
            before = path.read_bytes()
            with demo(state_dir) as daemon:
                check_flow(daemon, 'many files are bad')
                status = daemon.wait_for_status(lambda s: s['version'] > 1, 'a status')
                assert daemon.stop() == 0
            aside = [name for name in state_dir.glob('market.db.corrupt-*')
                     if not name.name.endswith(('-wal', '-shm'))]
            assert len(aside) == min(number + 1, 3), list(state_dir.iterdir())
            if number >= 3:
                assert status['storage'] != 'ok' and status['storage_message'], status
                assert path.read_bytes() == before, 'it was deleted or written to'
            time.sleep(1.1)  # The name of what is set aside has seconds in it.
    return None


def a_truncated_wal():
    with folder() as state_dir:
        with demo(state_dir) as daemon:
            daemon.wait_for_status(lambda s: (s['stored'] or 0) >= 20, 'twenty versions')
            daemon.kill()
        wal = state_dir / 'market.db-wal'
        size = wal.stat().st_size
        os.truncate(wal, size * 2 // 3 + 17)
        with demo(state_dir) as daemon:
            daemon.wait_for_status(lambda s: s['stored'] and s['storage'] == 'ok', 'going on')
            assert daemon.stop() == 0
        assert not list(state_dir.glob('*corrupt*'))
        return f'PROMISE R13 case=truncated-wal outcome=recovered rows={quick_check(state_dir / "market.db")}'


def an_empty_file():
    with folder() as state_dir:
        (state_dir / 'market.db').touch()
        with demo(state_dir) as daemon:
            daemon.wait_for_status(lambda s: s['stored'] and s['storage'] == 'ok', 'a new file')
            assert daemon.stop() == 0
        assert quick_check(state_dir / 'market.db') > 0


def a_newer_file():
    with folder() as state_dir:
        fill_a_little(state_dir)
        path = state_dir / 'market.db'
        with contextlib.closing(sqlite3.connect(path)) as database:
            version = database.execute('PRAGMA user_version').fetchone()[0]
            database.execute(f'PRAGMA user_version = {version + 1}')
            database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        before = path.read_bytes()
        with demo(state_dir) as daemon:
            status = daemon.wait_for_status(lambda s: s['storage'] == 'newer', 'newer')
            assert status['stored'] is None and status['storage_message'], status
            check_flow(daemon, 'the file is of a newer program')
            assert daemon.stop() == 0
        assert path.read_bytes() == before
        assert not list(state_dir.glob('*corrupt*'))
    return 'PROMISE R13 case=newer outcome=refused'


def links():
    """A link is followed where it leads to a good file; one that leads nowhere is set aside."""
    with folder() as state_dir, folder() as elsewhere:
        fill_a_little(state_dir)
        shutil.move(state_dir / 'market.db', elsewhere / 'market.db')
        (state_dir / 'market.db').symlink_to(elsewhere / 'market.db')
        target = (elsewhere / 'market.db').read_bytes()
        with demo(state_dir) as daemon:
            check_flow(daemon, 'the file is a link')
            assert daemon.stop() == 0
        assert (elsewhere / 'market.db').stat().st_size >= len(target)


TESTS = [
    ('/storage/a-full-disk-costs-history-only', a_full_disk),
    ('/storage/a-read-only-disk-costs-history-only', a_disk_that_becomes_read_only),
    ('/storage/random-bytes-are-set-aside', random_bytes),
    ('/storage/flipped-pages-are-set-aside', flipped_pages),
    ('/storage/a-folder-in-its-place-is-set-aside', a_folder_in_its_place),
    ('/storage/at-most-three-are-set-aside', at_most_three_are_set_aside),
    ('/storage/a-truncated-log-is-recovered', a_truncated_wal),
    ('/storage/an-empty-file-is-begun', an_empty_file),
    ('/storage/a-newer-file-is-refused', a_newer_file),
    ('/storage/links-lose-nothing', links),
]


def main():
    """Root makes a namespace at once; others become root in one of users first."""
    if os.environ.get('MARKETWELL_NAMESPACE') != '1':
        flags = ['--mount'] if os.geteuid() == 0 else ['--mount', '--user', '--map-root-user']
        os.execvpe('unshare', ['unshare', *flags, sys.executable, __file__, *sys.argv[1:]],
                   {**os.environ, 'MARKETWELL_NAMESPACE': '1'})
    return run_tests(TESTS)


sys.exit(main())
