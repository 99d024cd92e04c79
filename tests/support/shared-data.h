/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The test data that is shared with other projects: in $MARKETWELL_SHARED, else in `shared` beside
 * this project. It is not part of it, and tests that need it are skipped without. */
char *shared_data_build_path (const char *path);
/* Returns: whether @path is there; otherwise the test is marked as skipped. */
gboolean shared_data_require (const char *path);
GBytes *shared_data_load (const char *path);
JsonNode *shared_data_load_json (const char *path);

G_END_DECLS
