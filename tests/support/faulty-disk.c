/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "faulty-disk.h"

#include <sqlite3.h>

/* SQLite has one disk for the process. */
static struct
{
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  sqlite3_io_methods methods;
  int n_left;
  int once_code;
  int all_code;
  gint has_failed;
} disk;

typedef struct
{
  sqlite3_file base;
  sqlite3_file *real; /* behind this in memory */
} File;

static sqlite3_file *
get_real (sqlite3_file *file)
{
  return ((File *) file)->real;
}

/* The code that this step fails with; SQLITE_OK = it may be done. */
static int
judge (void)
{
  int all_code = g_atomic_int_get (&disk.all_code);

  if (all_code != 0)
    return all_code;
  if (g_atomic_int_get (&disk.n_left) > 0 && g_atomic_int_dec_and_test (&disk.n_left))
    {
      g_atomic_int_set (&disk.has_failed, TRUE);
      return g_atomic_int_get (&disk.once_code);
    }
  return SQLITE_OK;
}

static int
disk_close (sqlite3_file *file)
{
  sqlite3_file *real = get_real (file);

  return real->pMethods != NULL ? real->pMethods->xClose (real) : SQLITE_OK;
}

static int
disk_read (sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
{
  return get_real (file)->pMethods->xRead (get_real (file), data, size, offset);
}

static int
disk_write (sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
  int code = judge ();

  return code != SQLITE_OK
           ? code
           : get_real (file)->pMethods->xWrite (get_real (file), data, size, offset);
}

static int
disk_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  int code = judge ();

  return code != SQLITE_OK ? code : get_real (file)->pMethods->xTruncate (get_real (file), size);
}

static int
disk_sync (G_GNUC_UNUSED sqlite3_file *file, G_GNUC_UNUSED int flags)
{
  /* A process that ends loses nothing by it, and hundreds of sessions take their time. */
  return judge ();
}

static int
disk_file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return get_real (file)->pMethods->xFileSize (get_real (file), size);
}

static int
disk_lock (sqlite3_file *file, int level)
{
  return get_real (file)->pMethods->xLock (get_real (file), level);
}

static int
disk_unlock (sqlite3_file *file, int level)
{
  return get_real (file)->pMethods->xUnlock (get_real (file), level);
}

static int
disk_check_reserved_lock (sqlite3_file *file, int *is_reserved)
{
  return get_real (file)->pMethods->xCheckReservedLock (get_real (file), is_reserved);
}

static int
disk_file_control (sqlite3_file *file, int what, void *argument)
{
  return get_real (file)->pMethods->xFileControl (get_real (file), what, argument);
}

static int
disk_sector_size (sqlite3_file *file)
{
  return get_real (file)->pMethods->xSectorSize (get_real (file));
}

static int
disk_device_characteristics (sqlite3_file *file)
{
  return get_real (file)->pMethods->xDeviceCharacteristics (get_real (file));
}

static int
disk_shm_map (sqlite3_file *file, int page, int size, int extends, void volatile **data)
{
  return get_real (file)->pMethods->xShmMap (get_real (file), page, size, extends, data);
}

static int
disk_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  return get_real (file)->pMethods->xShmLock (get_real (file), offset, n, flags);
}

static void
disk_shm_barrier (sqlite3_file *file)
{
  get_real (file)->pMethods->xShmBarrier (get_real (file));
}

static int
disk_shm_unmap (sqlite3_file *file, int deletes)
{
  return get_real (file)->pMethods->xShmUnmap (get_real (file), deletes);
}

static int
disk_open (G_GNUC_UNUSED sqlite3_vfs *vfs,
           const char *name,
           sqlite3_file *file,
           int flags,
           int *out_flags)
{
  File *self = (File *) file;
  int code = judge ();

  self->base.pMethods = NULL;
  self->real = (sqlite3_file *) (self + 1);
  if (code != SQLITE_OK)
    return code == SQLITE_FULL ? SQLITE_FULL : SQLITE_CANTOPEN;
  code = disk.real->xOpen (disk.real, name, self->real, flags, out_flags);
  if (self->real->pMethods != NULL)
    self->base.pMethods = &disk.methods;
  return code;
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = disk_close,
  .xRead = disk_read,
  .xWrite = disk_write,
  .xTruncate = disk_truncate,
  .xSync = disk_sync,
  .xFileSize = disk_file_size,
  .xLock = disk_lock,
  .xUnlock = disk_unlock,
  .xCheckReservedLock = disk_check_reserved_lock,
  .xFileControl = disk_file_control,
  .xSectorSize = disk_sector_size,
  .xDeviceCharacteristics = disk_device_characteristics,
  .xShmMap = disk_shm_map,
  .xShmLock = disk_shm_lock,
  .xShmBarrier = disk_shm_barrier,
  .xShmUnmap = disk_shm_unmap,
};

void
faulty_disk_install (void)
{
  disk.real = sqlite3_vfs_find (NULL);
  disk.methods = methods;
  disk.vfs = *disk.real;
  disk.vfs.pNext = NULL;
  disk.vfs.zName = "faulty";
  disk.vfs.szOsFile = (int) sizeof (File) + disk.real->szOsFile;
  disk.vfs.xOpen = disk_open;
  g_assert_cmpint (sqlite3_vfs_register (&disk.vfs, 1), ==, SQLITE_OK);
}

void
faulty_disk_fail_once (int n_th, int code)
{
  g_atomic_int_set (&disk.has_failed, FALSE);
  g_atomic_int_set (&disk.once_code, code);
  g_atomic_int_set (&disk.n_left, n_th);
}

void
faulty_disk_fail_all (int code)
{
  g_atomic_int_set (&disk.all_code, code);
}

gboolean
faulty_disk_has_failed (void)
{
  return g_atomic_int_get (&disk.has_failed);
}
