/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "shared-data.h"

char *
shared_data_build_path (const char *path)
{
  const char *folder = g_getenv ("MARKETWELL_SHARED");

  return folder != NULL ? g_build_filename (folder, path, NULL)
                        : g_test_build_filename (G_TEST_DIST, "..", "..", "shared", path, NULL);
}

gboolean
shared_data_require (const char *path)
{
  g_autofree char *name = shared_data_build_path (path);

  if (g_file_test (name, G_FILE_TEST_EXISTS))
    return TRUE;
  g_test_skip ("the shared test data is not there; MARKETWELL_SHARED says where it is");
  return FALSE;
}

GBytes *
shared_data_load (const char *path)
{
  g_autofree char *name = shared_data_build_path (path);
  g_autoptr (GError) error = NULL;
  char *data = NULL;
  gsize size = 0;

  g_file_get_contents (name, &data, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, size);
}

JsonNode *
shared_data_load_json (const char *path)
{
  g_autofree char *name = shared_data_build_path (path);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, name, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}
