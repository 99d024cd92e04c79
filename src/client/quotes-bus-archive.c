/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-bus-archive.h"

#include "quotes-bus-client.h"
#include "quotes-history-reader.h"

#define INTERFACE APP_ID ".Quotes1"

static void
history_async (QuotesArchiveClient *client,
               const char *symbol,
               QuotesRange range,
               guint n_points,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_source_tag (task, history_async);
  g_task_set_task_data (task, g_strdup (symbol), g_free);
  quotes_bus_client_call (QUOTES_BUS_CLIENT (client), INTERFACE, "GetHistory",
                          g_variant_new ("(ssu)", symbol, quotes_range_to_string (range), n_points),
                          "(ssa(xddddsb))", g_steal_pointer (&task));
}

static QuotesHistory *
history_finish (QuotesArchiveClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    quotes_bus_client_call_finish (QUOTES_BUS_CLIENT (client), result, error);

  return reply != NULL
           ? quotes_history_read_variant (reply, g_task_get_task_data (G_TASK (result)), error)
           : NULL;
}

/* What was asked for: the answer has to go with it. */
typedef struct
{
  QuotesInterval interval;
  gint64 after;
} Question;

static void
records_async (QuotesArchiveClient *client,
               QuotesInterval interval,
               gint64 since_us,
               gint64 after,
               guint n_records,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  g_task_set_source_tag (task, records_async);
  question->interval = interval;
  question->after = after;
  g_task_set_task_data (task, question, g_free);
  quotes_bus_client_call (
    QUOTES_BUS_CLIENT (client), INTERFACE, "GetRecords",
    g_variant_new ("(sxxu)", quotes_interval_to_string (interval), since_us, after, n_records),
    "(a(xsddddssb)x)", g_steal_pointer (&task));
}

static QuotesRecordPage *
records_finish (QuotesArchiveClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply =
    quotes_bus_client_call_finish (QUOTES_BUS_CLIENT (client), result, error);
  const Question *question = g_task_get_task_data (G_TASK (result));

  return reply != NULL
           ? quotes_record_page_read_variant (reply, question->interval, question->after, error)
           : NULL;
}

void
quotes_bus_archive_iface_init (QuotesArchiveClientInterface *iface)
{
  iface->history_async = history_async;
  iface->history_finish = history_finish;
  iface->records_async = records_async;
  iface->records_finish = records_finish;
}
