/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz-target.h"
#include "quotes-stream-request.h"

static void
check_symbols (GHashTable *symbols)
{
  GHashTableIter iter;
  gpointer symbol = NULL;

  g_assert_cmpuint (g_hash_table_size (symbols), >, 0);
  g_assert_cmpuint (g_hash_table_size (symbols), <=, QUOTES_STREAM_SYMBOLS_MAX);
  g_hash_table_iter_init (&iter, symbols);
  while (g_hash_table_iter_next (&iter, &symbol, NULL))
    {
      g_assert_true (g_utf8_validate (symbol, -1, NULL));
      g_assert_null (strpbrk (symbol, ",\r\n"));
    }
}

/* The first byte also says which path was asked. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  gboolean is_multiplexed = size > 0 && (data[0] & 1) != 0;
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  const char *code = NULL;
  gboolean is_good =
    quotes_stream_request_parse (text, NULL, is_multiplexed, FALSE, &request, &code);

  g_assert_true (is_good == (code == NULL));
  if (!is_good)
    return 0;

  if (request.symbols != NULL)
    check_symbols (request.symbols);
  g_assert_true (request.client[0] == '\0' || g_uuid_string_is_valid (request.client));
  g_assert_false ((request.topics & QUOTES_TOPIC_UPDATES) != 0 &&
                  (request.topics & QUOTES_TOPIC_SNAPSHOTS) != 0);
  quotes_stream_request_set_id (&request, text);
  g_assert_cmpuint (strlen (request.request_id), <=, 64);

  return 0;
}
