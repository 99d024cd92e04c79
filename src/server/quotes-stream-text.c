/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-stream-text.h"

#include <libsoup/soup.h>
#include <string.h>

#include "quotes-problem.h"

/* Contract 5: 3000 ms and jitter. After a goodbye it is less, because the next run has data within
 * 3 s (promise R20), but scattered all the more. */
#define RETRY_MS 3000
#define RETRY_JITTER_MS 1000
#define BYE_RETRY_MS 1000
#define BYE_RETRY_JITTER_MS 1500

struct _QuotesStreamText
{
  QuotesEventLog *log;                  /* (owned) */
  QuotesHub *hub;                       /* (owned) */
  char *headers;                        /* (owned): those of every stream */
  char *date;                           /* (owned) (nullable): the time @date_s */
  gint64 date_s;                        /* in words */
  QuotesSnapshot *first;                /* (owned) (nullable): what @snapshots were made of, */
  guint64 first_head;                   /* and where the log was */
  GBytes *snapshots[QUOTES_N_FLAVORS];  /* (owned) (nullable) */
  GBytes *keepalives[QUOTES_N_FLAVORS]; /* (owned) (nullable) */
  guint64 ids_head;                     /* where the log was when the next were made */
  GBytes *keepalives_with_id[QUOTES_N_FLAVORS]; /* (owned) (nullable) */
};

/* Rule D1, but for Cache-Control, which says more on a stream. */
static char *
dup_headers (void)
{
  g_auto (GStrv) lines = g_strsplit (quotes_problem_get_security_headers (), "\r\n", -1);
  GString *headers = g_string_new ("Content-Type: text/event-stream; charset=utf-8\r\n"
                                   "Cache-Control: no-cache, no-store, no-transform\r\n"
                                   "X-Accel-Buffering: no\r\n");

  for (gsize i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !g_str_has_prefix (lines[i], "Cache-Control:"))
      g_string_append_printf (headers, "%s\r\n", lines[i]);
  return g_string_free (headers, FALSE);
}

QuotesStreamText *
quotes_stream_text_new (QuotesEventLog *log, QuotesHub *hub)
{
  QuotesStreamText *self = g_new0 (QuotesStreamText, 1);

  self->log = g_object_ref (log);
  self->hub = g_object_ref (hub);
  self->headers = dup_headers ();
  return self;
}

static void
forget_bytes (GBytes **bytes)
{
  for (guint i = 0; i < QUOTES_N_FLAVORS; i++)
    g_clear_pointer (&bytes[i], g_bytes_unref);
}

static void
forget_snapshots (QuotesStreamText *self)
{
  g_clear_pointer (&self->first, quotes_snapshot_unref);
  forget_bytes (self->snapshots);
}

void
quotes_stream_text_free (QuotesStreamText *self)
{
  forget_snapshots (self);
  forget_bytes (self->keepalives);
  forget_bytes (self->keepalives_with_id);
  g_free (self->headers);
  g_free (self->date);
  g_object_unref (self->hub);
  g_object_unref (self->log);
  g_free (self);
}

/* Writing a date costs more than all else that we write for a reader; it is another one once a
 * second. */
static const char *
get_date (QuotesStreamText *self)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;

  if (self->date == NULL || self->date_s != now_s)
    {
      g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_s);

      g_free (self->date);
      self->date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
      self->date_s = now_s;
    }
  return self->date;
}

static void
append_http_head (QuotesStreamText *self, const QuotesStreamRequest *request, GString *bytes)
{
  gboolean is_chunked = (request->flavor & QUOTES_FLAVOR_CHUNKED) != 0;

  /* To HTTP/1.0 the end of the connection is the end of the answer. */
  g_string_append_printf (bytes, "HTTP/1.1 200 OK\r\nDate: %s\r\n%s%s", get_date (self),
                          self->headers,
                          is_chunked ? "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n"
                                     : "Connection: close\r\n");
  if (request->request_id[0] != '\0')
    g_string_append_printf (bytes, "X-Request-ID: %s\r\n\r\n", request->request_id);
  else
    g_string_append_printf (bytes, "X-Request-ID: %08x%08x\r\n\r\n", g_random_int (),
                            g_random_int ());
}

static void
write_id (QuotesStreamText *self, guint64 seq, GString *text)
{
  char id[QUOTES_EVENT_ID_SIZE];

  quotes_event_format_id (quotes_event_log_get_run (self->log), seq, id);
  quotes_event_write_id (text, id);
}

/**
 * quotes_stream_text_dup_head:
 * @self: the text
 * @request: what is answered
 * @resumed_at: the number that the reader goes on after; 0 = it begins anew
 *
 * Returns: (transfer full): the head of the HTTP answer and the first lines of the stream
 */
GBytes *
quotes_stream_text_dup_head (QuotesStreamText *self,
                             const QuotesStreamRequest *request,
                             guint64 resumed_at)
{
  GString *bytes = g_string_sized_new (1024);
  g_autoptr (GString) text = g_string_new (NULL);

  append_http_head (self, request, bytes);
  if (!request->is_head)
    {
      quotes_event_write_retry (text,
                                RETRY_MS + (guint) g_random_int_range (0, RETRY_JITTER_MS + 1));
      if (resumed_at > 0)
        write_id (self, resumed_at, text);
      quotes_event_append_coded (bytes, text, request->flavor);
    }
  return g_string_free_to_bytes (bytes);
}

static GBytes *
dup_waiting (QuotesFlavor flavor)
{
  g_autoptr (GString) text = g_string_new (NULL);

  quotes_event_write_comment (text, "waiting for first fetch");
  return quotes_event_encode (text, flavor);
}

/* The same bytes for all who come while the prices are the same, also when something else has been
 * appended since: they get that after it. So a crowd that comes and does not read holds one copy.
 */
static GBytes *
dup_shared_snapshot (QuotesStreamText *self,
                     QuotesSnapshot *snapshot,
                     QuotesFlavor flavor,
                     guint64 *next)
{
  if (self->first != snapshot || self->first_head < quotes_event_log_get_tail (self->log))
    {
      forget_snapshots (self);
      self->first = quotes_snapshot_ref (snapshot);
      self->first_head = quotes_event_log_get_head (self->log);
    }
  if (self->snapshots[flavor] == NULL)
    self->snapshots[flavor] =
      quotes_event_log_dup_snapshot (self->log, snapshot, NULL, self->first_head - 1, flavor);

  *next = self->first_head;
  return g_bytes_ref (self->snapshots[flavor]);
}

/**
 * quotes_stream_text_dup_snapshot:
 * @self: the text
 * @symbols: (nullable) (element-type utf8 utf8): what the reader wants; %NULL = all
 * @flavor: in which words
 * @next: (out): the number of the frame that the reader goes on with
 *
 * Returns: (transfer full): the prices as they are now; or, before there are any, a comment
 */
GBytes *
quotes_stream_text_dup_snapshot (QuotesStreamText *self,
                                 GHashTable *symbols,
                                 QuotesFlavor flavor,
                                 guint64 *next)
{
  QuotesSnapshot *snapshot = quotes_hub_get_snapshot (self->hub);

  *next = quotes_event_log_get_head (self->log);
  if (snapshot->version == 0)
    return dup_waiting (flavor);
  if (symbols != NULL)
    return quotes_event_log_dup_snapshot (self->log, snapshot, symbols, *next - 1, flavor);
  return dup_shared_snapshot (self, snapshot, flavor, next);
}

static GBytes *
dup_event (const char *name, const char *json, QuotesFlavor flavor)
{
  g_autoptr (GString) text = g_string_new (NULL);

  quotes_event_write (text, name, NULL, json, strlen (json));
  return quotes_event_encode (text, flavor);
}

/**
 * quotes_stream_text_dup_gap:
 * @self: the text
 * @reason: why the reader lost something
 * @from: the first number that it did not get; without meaning after a restart
 * @to: the last one
 * @flavor: in which words
 *
 * Returns: (transfer full): what comes before the snapshot that makes up for the loss
 */
GBytes *
quotes_stream_text_dup_gap (G_GNUC_UNUSED QuotesStreamText *self,
                            QuotesGapReason reason,
                            guint64 from,
                            guint64 to,
                            QuotesFlavor flavor)
{
  g_autofree char *json = NULL;

  if (reason == QUOTES_GAP_RESTART)
    return dup_event ("gap", "{\"topic\":\"quotes\",\"reason\":\"restart\"}", flavor);

  json = g_strdup_printf ("{\"topic\":\"quotes\",\"reason\":\"%s\",\"from\":%" G_GUINT64_FORMAT
                          ",\"to\":%" G_GUINT64_FORMAT "}",
                          reason == QUOTES_GAP_SLOW ? "slow" : "window", from, to);
  return dup_event ("gap", json, flavor);
}

/**
 * quotes_stream_text_dup_alerts_gap:
 * @self: the text
 * @reason: why the reader lost something
 * @flavor: in which words
 *
 * Returns: (transfer full): what a reader of alerts but not of quotes gets instead of the alerts
 *   that it lost
 */
GBytes *
quotes_stream_text_dup_alerts_gap (G_GNUC_UNUSED QuotesStreamText *self,
                                   QuotesGapReason reason,
                                   QuotesFlavor flavor)
{
  static const char *const words[] = {
    [QUOTES_GAP_SLOW] = "slow",
    [QUOTES_GAP_WINDOW] = "window",
    [QUOTES_GAP_RESTART] = "restart",
  };
  g_autofree char *json =
    g_strdup_printf ("{\"topic\":\"alerts\",\"reason\":\"%s\"}", words[reason]);

  return dup_event ("gap", json, flavor);
}

/**
 * quotes_stream_text_dup_keepalive:
 * @self: the text
 * @has_id: the reader skips frames, so that its last id would become too old to resume from
 * @flavor: in which words
 *
 * Returns: (transfer full): a comment, for a reader that has everything up to the newest frame
 */
GBytes *
quotes_stream_text_dup_keepalive (QuotesStreamText *self, gboolean has_id, QuotesFlavor flavor)
{
  guint64 head = quotes_event_log_get_head (self->log);
  GBytes **bytes = has_id ? self->keepalives_with_id : self->keepalives;

  if (has_id && self->ids_head != head)
    {
      forget_bytes (bytes);
      self->ids_head = head;
    }
  if (bytes[flavor] == NULL)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      quotes_event_write_comment (text, "keepalive");
      if (has_id)
        write_id (self, head - 1, text);
      bytes[flavor] = quotes_event_encode (text, flavor);
    }
  return g_bytes_ref (bytes[flavor]);
}

static GBytes *
dup_last (GString *text, QuotesFlavor flavor)
{
  GString *bytes = g_string_new (NULL);

  quotes_event_append_coded (bytes, text, flavor);
  quotes_event_append_end (bytes, flavor);
  return g_string_free_to_bytes (bytes);
}

/* Rule E3: the same page has opened another stream. The end of the answer is in it. */
GBytes *
quotes_stream_text_dup_replaced (G_GNUC_UNUSED QuotesStreamText *self, QuotesFlavor flavor)
{
  g_autoptr (GString) text = g_string_new (NULL);

  quotes_event_write (text, "replaced", NULL, "{}", 2);
  return dup_last (text, flavor);
}

/* The program stops; each reader is told another time to come back. */
GBytes *
quotes_stream_text_dup_bye (G_GNUC_UNUSED QuotesStreamText *self, QuotesFlavor flavor)
{
  g_autoptr (GString) text = g_string_new (NULL);

  quotes_event_write_retry (text,
                            BYE_RETRY_MS + (guint) g_random_int_range (0, BYE_RETRY_JITTER_MS + 1));
  quotes_event_write (text, "bye", NULL, "{}", 2);
  return dup_last (text, flavor);
}
