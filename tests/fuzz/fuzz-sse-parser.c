/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz-target.h"
#include "quotes-sse-parser.h"

#define MAX_SIZE 4096

static void
write_event_cb (const QuotesSseEvent *event, gpointer user_data)
{
  GString *text = user_data;

  g_assert_cmpint (event->data[event->size], ==, '\0');
  g_assert_cmpuint (event->size, <=, MAX_SIZE);
  g_string_append_printf (text, "[%s][%s][%" G_GSIZE_FORMAT "]", event->type, event->last_event_id,
                          event->size);
  g_string_append_len (text, event->data, (gssize) event->size);
}

/* Everything that the bytes meant, when they come in pieces of @step. */
static char *
read_in_pieces (const guint8 *data, gsize size, gsize step)
{
  GString *text = g_string_new (NULL);
  g_autoptr (QuotesSseParser) parser = quotes_sse_parser_new (MAX_SIZE, write_event_cb, text);
  gboolean is_good = TRUE;

  for (gsize i = 0; i < size && is_good; i += step)
    is_good = quotes_sse_parser_push (parser, data + i, MIN (step, size - i));
  g_string_append_printf (text, "(%d)(%s)(%" G_GINT64_FORMAT ")", is_good,
                          quotes_sse_parser_get_last_event_id (parser),
                          quotes_sse_parser_get_retry_ms (parser));
  quotes_sse_parser_restart (parser);
  g_assert_true (quotes_sse_parser_push (parser, "data: x\n\n", 9));

  return g_string_free (text, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *whole = read_in_pieces (data, size, MAX (size, 1));
  g_autofree char *bytes = read_in_pieces (data, size, 1);
  g_autofree char *pieces = read_in_pieces (data, size, 7);

  /* Where the network cuts a stream must not change what it says. */
  g_assert_cmpstr (bytes, ==, whole);
  g_assert_cmpstr (pieces, ==, whole);

  return 0;
}
