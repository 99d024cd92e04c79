/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-catalog.h"

/* The catalog that is shipped. */
static inline QuotesCatalog *
load_shipped_catalog (void)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "..", "data", "instruments.ini", NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  QuotesCatalog *catalog = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &data, &size, &error));
  catalog = quotes_catalog_new (data, size, &error);
  g_assert_no_error (error);
  return catalog;
}
