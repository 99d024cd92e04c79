/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-history-rest.h"

#include "quotes-answer.h"
#include "quotes-history-json.h"
#include "quotes-history-request.h"
#include "quotes-problem.h"
#include "quotes-rest.h"
#include "quotes-status-json.h"
#include "quotes-visitor.h"

/* How many prices a sparkline has: about what its width can show. */
#define SPARKLINE_POINTS 48
/* A read takes some milliseconds. */
#define BUSY_RETRY_S 1

struct _QuotesHistoryRest
{
  QuotesHub *hub;         /* (owned) */
  QuotesArchive *archive; /* (owned) (nullable) */
  GQueue reads;           /* (element-type Read): those that the archive has not answered */
};

/* One question to the archive, which outlives whoever asked: its answer comes in any case. */
typedef struct
{
  QuotesHistoryRest *rest;    /* (unowned) (nullable): NULL = the server is gone */
  SoupServerMessage *message; /* (owned) (nullable): paused; NULL = the client is gone */
  GCancellable *cancellable;  /* (owned) */
  GSource *gone_source;       /* (owned) (nullable) */
  gulong finished_id;
} Read;

static void
leave_message (Read *self)
{
  if (self->message == NULL)
    return;

  g_source_destroy (self->gone_source);
  g_clear_pointer (&self->gone_source, g_source_unref);
  g_signal_handler_disconnect (self->message, self->finished_id);
  g_clear_object (&self->message);
}

/* Nobody wants the answer any more: the connection has ended, or the server does. */
static void
abandon (Read *self)
{
  leave_message (self);
  g_cancellable_cancel (self->cancellable);
}

static void
finished_cb (Read *self)
{
  abandon (self);
}

/* libsoup does not look at a paused connection. It is told by the answer, which cannot be sent. */
static gboolean
gone_cb (G_GNUC_UNUSED GSocket *socket, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
  Read *self = user_data;

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/* Returns: (nullable): what waits now; else @message is answered */
static Read *
begin_read (QuotesHistoryRest *self, SoupServerMessage *message)
{
  Read *read = NULL;

  if (self->archive == NULL)
    {
      quotes_rest_answer_error (message, QUOTES_ERROR_NO_HISTORY);
      return NULL;
    }
  /* Those whose clients have gone count too: the archive has them still. */
  if (g_queue_get_length (&self->reads) >= QUOTES_HISTORY_READS_MAX)
    {
      quotes_problem_set (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "busy", BUSY_RETRY_S);
      return NULL;
    }

  read = g_new0 (Read, 1);
  read->rest = self;
  read->message = g_object_ref (message);
  read->cancellable = g_cancellable_new ();
  read->finished_id =
    g_signal_connect_swapped (message, "finished", G_CALLBACK (finished_cb), read);
  read->gone_source = quotes_visitor_create_gone_source (quotes_visitor_from_message (message));
  g_source_set_callback (read->gone_source, G_SOURCE_FUNC (gone_cb), read, NULL);
  g_source_attach (read->gone_source, NULL);
  g_queue_push_tail (&self->reads, read);
  soup_server_message_pause (message);
  return read;
}

/* Takes @body and @read. @body: (nullable): NULL = it could not be read */
static void
end_read (Read *read, GString *body)
{
  g_autoptr (SoupServerMessage) message =
    read->message != NULL ? g_object_ref (read->message) : NULL;

  /* First of all, since what unpausing does may come back here. */
  leave_message (read);
  if (read->rest != NULL)
    g_queue_remove (&read->rest->reads, read);
  g_object_unref (read->cancellable);
  g_free (read);

  if (message == NULL)
    {
      if (body != NULL)
        g_string_free (body, TRUE);
      return;
    }
  if (body != NULL)
    quotes_answer_take_json (message, SOUP_STATUS_OK, body);
  else
    quotes_problem_set (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "history_failed", 0);
  soup_server_message_unpause (message);
}

static const char *
get_query (SoupServerMessage *message)
{
  return g_uri_get_query (soup_server_message_get_uri (message));
}

static void
refuse (SoupServerMessage *message, const char *detail)
{
  quotes_problem_explain (message, SOUP_STATUS_BAD_REQUEST, "invalid_argument", detail);
}

QuotesHistoryRest *
quotes_history_rest_new (QuotesHub *hub)
{
  QuotesHistoryRest *self = g_new0 (QuotesHistoryRest, 1);

  self->hub = g_object_ref (hub);
  g_queue_init (&self->reads);
  return self;
}

/* Whoever still waits gets no answer: the connections are closed already. */
void
quotes_history_rest_free (QuotesHistoryRest *self)
{
  Read *read = NULL;

  while ((read = g_queue_pop_head (&self->reads)) != NULL)
    {
      read->rest = NULL;
      abandon (read);
    }
  g_clear_object (&self->archive);
  g_object_unref (self->hub);
  g_free (self);
}

void
quotes_history_rest_set_archive (QuotesHistoryRest *self, QuotesArchive *archive)
{
  g_set_object (&self->archive, archive);
}

QuotesArchive *
quotes_history_rest_get_archive (QuotesHistoryRest *self)
{
  return self->archive;
}

static void
answer_history_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesHistory) history =
    quotes_archive_read_history_finish (QUOTES_ARCHIVE (source), result, &error);
  GString *body = NULL;

  if (history != NULL)
    {
      body = g_string_new (NULL);
      quotes_history_append_json (history, body);
    }
  end_read (user_data, body);
}

void
quotes_history_rest_answer_history (QuotesHistoryRest *self,
                                    SoupServerMessage *message,
                                    const char *symbol)
{
  QuotesHistoryRequest request = {0};
  const char *detail = NULL;
  Read *read = NULL;

  if (!quotes_history_request_parse (get_query (message), &request, &detail))
    {
      refuse (message, detail);
      return;
    }
  if (quotes_watchlist_lookup (quotes_hub_get_watchlist (self->hub), symbol) == NULL)
    {
      quotes_rest_answer_error (message, QUOTES_ERROR_UNKNOWN_SYMBOL);
      return;
    }

  read = begin_read (self, message);
  if (read != NULL)
    quotes_archive_read_history_async (self->archive, symbol, request.range, request.n_points,
                                       read->cancellable, answer_history_read_cb, read);
}

static void
answer_records_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesRecordPage) page =
    quotes_archive_read_page_finish (QUOTES_ARCHIVE (source), result, &error);
  GString *body = NULL;

  if (page != NULL)
    {
      body = g_string_new (NULL);
      quotes_record_page_append_json (page, body);
    }
  end_read (user_data, body);
}

void
quotes_history_rest_answer_records (QuotesHistoryRest *self, SoupServerMessage *message)
{
  QuotesRecordsRequest request = {0};
  const char *detail = NULL;
  Read *read = NULL;

  if (!quotes_records_request_parse (get_query (message), &request, &detail))
    {
      refuse (message, detail);
      return;
    }

  read = begin_read (self, message);
  if (read != NULL)
    quotes_archive_read_page_async (self->archive, request.interval, request.since_us,
                                    request.after, request.n_records, read->cancellable,
                                    answer_records_read_cb, read);
}

/* The list is worth having without its sparklines. */
static void
answer_list_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Read *read = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) closes =
    quotes_archive_read_closes_finish (QUOTES_ARCHIVE (source), result, &error);
  GString *body = NULL;

  if (read->rest != NULL)
    {
      body = g_string_new (NULL);
      quotes_list_append_json_with_sparklines (quotes_hub_get_snapshot (read->rest->hub),
                                               read->rest->archive, closes, body);
    }
  end_read (read, body);
}

void
quotes_history_rest_answer_list (QuotesHistoryRest *self, SoupServerMessage *message)
{
  gboolean has_sparklines = FALSE;
  const char *detail = NULL;
  Read *read = NULL;

  if (!quotes_list_request_parse (get_query (message), &has_sparklines, &detail))
    {
      refuse (message, detail);
    }
  else if (has_sparklines && self->archive != NULL)
    {
      read = begin_read (self, message);
      if (read != NULL)
        quotes_archive_read_closes_async (self->archive, SPARKLINE_POINTS, read->cancellable,
                                          answer_list_read_cb, read);
    }
  else
    {
      const QuotesSnapshot *snapshot = quotes_hub_get_snapshot (self->hub);
      GString *body = g_string_new (NULL);

      if (has_sparklines)
        quotes_list_append_json_with_sparklines (snapshot, NULL, NULL, body);
      else
        quotes_list_append_json (snapshot, self->archive, body);
      quotes_answer_take_json (message, SOUP_STATUS_OK, body);
    }
}
