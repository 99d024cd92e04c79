/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TestLocale:
 *
 * A locale for the length of a test. If this computer lacks it, it is made from the sources in
 * `/usr/share/i18n`; without these the test is skipped, or fails when all tools are required.
 */
typedef struct
{
  char *dir;      /* (owned) (nullable): where it was made */
  char *previous; /* (owned) */
} TestLocale;

/* @name: e.g. `de_DE`. Returns: whether the test can go on */
gboolean test_locale_begin (TestLocale *self, const char *name);
void test_locale_end (TestLocale *self);

G_END_DECLS
