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
/* What is written in one turn of the main loop: it takes 2 ms. A quote with its sparkline has as
 * many numbers as 15 records. */
#define SLICE_RECORDS 250
#define SLICE_QUOTES 16
/* A read takes some milliseconds. */
#define BUSY_RETRY_S 1

struct _QuotesHistoryRest
{
  QuotesHub *hub;         /* (owned) */
  QuotesArchive *archive; /* (owned) (nullable) */
  GQueue reads;           /* (element-type Read): those that the archive has not answered */
};

/* One question to the archive, which outlives whoever asked: its answer comes in any case. Then the
 * answer is written, slice by slice. */
typedef struct _Read Read;
struct _Read
{
  QuotesHistoryRest *rest;    /* (unowned) (nullable): NULL = the server is gone */
  SoupServerMessage *message; /* (owned) (nullable): paused; NULL = the client is gone */
  GCancellable *cancellable;  /* (owned) */
  GSource *gone_source;       /* (owned) (nullable) */
  gulong finished_id;
  gboolean (*write) (Read *self); /* one slice to @body; returns whether it was the last */
  GString *body;                  /* (owned) (nullable): as far as it is written */
  guint n_written;
  guint slice_id;
  QuotesHistory *history;   /* (owned) (nullable): what is written, one of these three */
  QuotesRecordPage *page;   /* (owned) (nullable) */
  QuotesSnapshot *snapshot; /* (owned) (nullable) */
  GHashTable *closes;       /* (owned) (nullable): of the snapshot */
};

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

static void
read_free (Read *self)
{
  leave_message (self);
  if (self->rest != NULL)
    g_queue_remove (&self->rest->reads, self);
  g_clear_handle_id (&self->slice_id, g_source_remove);
  if (self->body != NULL)
    g_string_free (self->body, TRUE);
  g_clear_pointer (&self->history, quotes_history_unref);
  g_clear_pointer (&self->page, quotes_record_page_free);
  g_clear_pointer (&self->snapshot, quotes_snapshot_unref);
  g_clear_pointer (&self->closes, g_hash_table_unref);
  g_object_unref (self->cancellable);
  g_free (self);
}

/* Takes @read. Without a body it could not be read. */
static void
end_read (Read *read)
{
  g_autoptr (SoupServerMessage) message =
    read->message != NULL ? g_object_ref (read->message) : NULL;
  GString *body = message != NULL ? g_steal_pointer (&read->body) : NULL;

  /* First of all, since what unpausing does may come back here. */
  read_free (read);
  if (message == NULL)
    return;
  if (body != NULL)
    quotes_answer_take_json (message, SOUP_STATUS_OK, body);
  else
    quotes_problem_set (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "history_failed", 0);
  soup_server_message_unpause (message);
}

static gboolean
write_slice_cb (gpointer user_data)
{
  Read *read = user_data;

  if (read->message != NULL && !read->write (read))
    return G_SOURCE_CONTINUE;

  read->slice_id = 0;
  end_read (read);
  return G_SOURCE_REMOVE;
}

/* Takes @read, whose answer is there. What is short is written at once. */
static void
begin_writing (Read *read, gboolean (*write) (Read *self))
{
  read->write = write;
  read->body = g_string_new (NULL);
  if (read->message == NULL || read->write (read))
    end_read (read);
  else
    read->slice_id = g_idle_add_full (G_PRIORITY_DEFAULT, write_slice_cb, read, NULL);
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
      if (read->slice_id != 0)
        {
          read_free (read);
          continue;
        }
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

static gboolean
write_history (Read *read)
{
  guint first = read->n_written;

  read->n_written += SLICE_RECORDS;
  return quotes_history_append_json (read->history, first, SLICE_RECORDS, read->body);
}

static void
answer_history_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Read *read = user_data;
  g_autoptr (GError) error = NULL;

  read->history = quotes_archive_read_history_finish (QUOTES_ARCHIVE (source), result, &error);
  if (read->history != NULL)
    begin_writing (read, write_history);
  else
    end_read (read);
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

static gboolean
write_records (Read *read)
{
  guint first = read->n_written;

  read->n_written += SLICE_RECORDS;
  return quotes_record_page_append_json (read->page, first, SLICE_RECORDS, read->body);
}

static void
answer_records_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Read *read = user_data;
  g_autoptr (GError) error = NULL;

  read->page = quotes_archive_read_page_finish (QUOTES_ARCHIVE (source), result, &error);
  if (read->page != NULL)
    begin_writing (read, write_records);
  else
    end_read (read);
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

static gboolean
write_list (Read *read)
{
  guint first = read->n_written;

  read->n_written += SLICE_QUOTES;
  return quotes_list_append_json_with_sparklines (read->snapshot, read->rest->archive, read->closes,
                                                  first, SLICE_QUOTES, read->body);
}

/* The list is worth having without its sparklines. */
static void
answer_list_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Read *read = user_data;
  g_autoptr (GError) error = NULL;

  read->closes = quotes_archive_read_closes_finish (QUOTES_ARCHIVE (source), result, &error);
  if (read->rest != NULL)
    {
      read->snapshot = quotes_snapshot_ref (quotes_hub_get_snapshot (read->rest->hub));
      begin_writing (read, write_list);
    }
  else
    {
      end_read (read);
    }
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
        quotes_list_append_json_with_sparklines (snapshot, NULL, NULL, 0, G_MAXUINT, body);
      else
        quotes_list_append_json (snapshot, self->archive, body);
      quotes_answer_take_json (message, SOUP_STATUS_OK, body);
    }
}
