/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define QUOTES_STORE_ERROR (quotes_store_error_quark ())
GQuark quotes_store_error_quark (void);

/**
 * QuotesStoreError:
 * @QUOTES_STORE_ERROR_FAILED: the disk, the memory or SQLite failed; try again later
 * @QUOTES_STORE_ERROR_FULL: there is no space; try again later
 * @QUOTES_STORE_ERROR_READ_ONLY: the file or its file system cannot be written to; try again later
 * @QUOTES_STORE_ERROR_CORRUPT: the file is no database, a broken one or that of another program;
 *   set it aside
 * @QUOTES_STORE_ERROR_NEWER: the file is of a newer version of this program; leave it alone
 * @QUOTES_STORE_ERROR_CLOSED: the store is closed or has nothing to read from
 */
typedef enum
{
  QUOTES_STORE_ERROR_FAILED,
  QUOTES_STORE_ERROR_FULL,
  QUOTES_STORE_ERROR_READ_ONLY,
  QUOTES_STORE_ERROR_CORRUPT,
  QUOTES_STORE_ERROR_NEWER,
  QUOTES_STORE_ERROR_CLOSED,
} QuotesStoreError;

G_END_DECLS
