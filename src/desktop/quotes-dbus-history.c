/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-dbus-history.h"

#include <glib/gi18n.h>

#include "quotes-dbus-calls.h"
#include "quotes-dbus-error.h"

/* So many answers wait for the disk, whoever asked; each may be half a megabyte. */
#define MAX_READS 16

struct _QuotesDbusHistory
{
  QuotesWatchlist *watchlist; /* (owned) */
  QuotesArchive *archive;     /* (owned) (nullable) */
  GQueue reads;               /* (element-type Read): those whose callers wait */
};

/* One question to the archive, which outlives whoever asked: its answer comes in any case. */
typedef struct
{
  QuotesDbusHistory *history;        /* (unowned) (nullable): NULL = the caller has its answer */
  GDBusMethodInvocation *invocation; /* (owned) (nullable): likewise */
  QuotesDbusCallers *callers;        /* (owned) */
  GCancellable *cancellable;         /* (owned) */
} Read;

/* Returns: (transfer full): whom to answer; it may call again from now on */
static GDBusMethodInvocation *
release_caller (Read *self)
{
  g_queue_remove (&self->history->reads, self);
  self->history = NULL;
  quotes_dbus_callers_end_call (self->callers, quotes_dbus_calls_get_sender (self->invocation));
  return g_steal_pointer (&self->invocation);
}

static void
read_free (Read *self)
{
  g_object_unref (self->callers);
  g_object_unref (self->cancellable);
  g_free (self);
}

static void
return_failure (GDBusMethodInvocation *invocation, const char *message)
{
  g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.DBus.Error.Failed",
                                              message);
}

/* Takes @read. @value: (transfer floating) (nullable): NULL = it could not be read */
static void
end_read (Read *read, GVariant *value)
{
  GDBusMethodInvocation *invocation = read->invocation != NULL ? release_caller (read) : NULL;

  read_free (read);
  if (invocation != NULL && value != NULL)
    g_dbus_method_invocation_return_value (invocation, value);
  else if (invocation != NULL)
    return_failure (invocation, _ ("What is kept could not be read"));
  else if (value != NULL)
    g_variant_unref (g_variant_ref_sink (value));
}

/* Takes @invocation. Returns: (nullable): what waits now */
static Read *
begin_read (QuotesDbusHistory *self, QuotesDbusCallers *callers, GDBusMethodInvocation *invocation)
{
  Read *read = NULL;

  if (self->archive == NULL)
    {
      quotes_dbus_return_code (invocation, QUOTES_ERROR_NO_HISTORY, "");
      return NULL;
    }
  /* The queue has just let go of it, so it is the first that may wait. */
  if (g_queue_get_length (&self->reads) >= MAX_READS ||
      !quotes_dbus_callers_begin_call (callers, quotes_dbus_calls_get_sender (invocation)))
    {
      quotes_dbus_return_code (invocation, QUOTES_ERROR_LIMITS_EXCEEDED, "");
      return NULL;
    }

  read = g_new0 (Read, 1);
  read->history = self;
  read->invocation = invocation;
  read->callers = g_object_ref (callers);
  read->cancellable = g_cancellable_new ();
  g_queue_push_tail (&self->reads, read);
  return read;
}

/* Takes @invocation. */
static void
refuse_argument (GDBusMethodInvocation *invocation, const char *message)
{
  g_autoptr (GError) error =
    g_error_new_literal (QUOTES_ERROR, QUOTES_ERROR_INVALID_ARGUMENT, message);

  quotes_dbus_return_error (invocation, error, "");
}

QuotesDbusHistory *
quotes_dbus_history_new (QuotesWatchlist *watchlist)
{
  QuotesDbusHistory *self = g_new0 (QuotesDbusHistory, 1);

  self->watchlist = g_object_ref (watchlist);
  g_queue_init (&self->reads);
  return self;
}

void
quotes_dbus_history_free (QuotesDbusHistory *self)
{
  quotes_dbus_history_refuse (self);
  g_clear_object (&self->archive);
  g_object_unref (self->watchlist);
  g_free (self);
}

/* Those who wait are answered with an error; what is read for them is not wanted any more. */
void
quotes_dbus_history_refuse (QuotesDbusHistory *self)
{
  Read *read = NULL;

  while ((read = g_queue_peek_head (&self->reads)) != NULL)
    {
      return_failure (release_caller (read), _ ("The service is stopping"));
      g_cancellable_cancel (read->cancellable);
    }
}

void
quotes_dbus_history_set_archive (QuotesDbusHistory *self, QuotesArchive *archive)
{
  g_set_object (&self->archive, archive);
}

QuotesArchive *
quotes_dbus_history_get_archive (QuotesDbusHistory *self)
{
  return self->archive;
}

/* The bus has no null, so unknown is empty. */
static const char *
get_text (const char *text)
{
  return text != NULL ? text : "";
}

static GVariant *
history_to_variant (const QuotesHistory *history)
{
  GVariantBuilder bars;

  g_variant_builder_init (&bars, G_VARIANT_TYPE ("a(xddddsb)"));
  for (guint i = 0; i < history->bars->len; i++)
    {
      const QuotesBar *bar = &g_array_index (history->bars, QuotesBar, i);

      g_variant_builder_add (&bars, "(xddddsb)", bar->start_us, bar->open, bar->high, bar->low,
                             bar->close, get_text (bar->source), bar->is_roll);
    }
  return g_variant_new ("(ssa(xddddsb))", get_text (history->currency),
                        quotes_interval_to_string (history->interval), &bars);
}

static void
get_history_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesHistory) history =
    quotes_archive_read_history_finish (QUOTES_ARCHIVE (source), result, &error);

  end_read (user_data, history != NULL ? history_to_variant (history) : NULL);
}

/* Takes @invocation. @callers: whose call it is, until it is answered */
void
quotes_dbus_history_get_history (QuotesDbusHistory *self,
                                 QuotesDbusCallers *callers,
                                 GDBusMethodInvocation *invocation,
                                 GVariant *arguments)
{
  QuotesRange range = QUOTES_RANGE_1D;
  const char *symbol = NULL;
  const char *word = NULL;
  guint n_points = 0;
  Read *read = NULL;

  g_variant_get (arguments, "(&s&su)", &symbol, &word, &n_points);
  if (n_points == 0)
    n_points = QUOTES_HISTORY_POINTS_DEFAULT;
  if (!quotes_range_from_string (word, &range))
    refuse_argument (invocation, _ ("A range is 1d, 5d, 1mo, 3mo, 1y or max"));
  else if (n_points < QUOTES_HISTORY_POINTS_MIN || n_points > QUOTES_HISTORY_POINTS_MAX)
    refuse_argument (invocation, _ ("A history has from 3 to 5000 points"));
  else if (quotes_watchlist_lookup (self->watchlist, symbol) == NULL)
    quotes_dbus_return_code (invocation, QUOTES_ERROR_UNKNOWN_SYMBOL, symbol);
  else
    {
      read = begin_read (self, callers, invocation);
      if (read != NULL)
        quotes_archive_read_history_async (self->archive, symbol, range, n_points,
                                           read->cancellable, get_history_read_cb, read);
    }
}

static GVariant *
page_to_variant (const QuotesRecordPage *page)
{
  GVariantBuilder records;

  g_variant_builder_init (&records, G_VARIANT_TYPE ("a(xsddddssb)"));
  for (guint i = 0; i < page->records->len; i++)
    {
      const QuotesRecord *record = &g_array_index (page->records, QuotesRecord, i);
      const QuotesBar *bar = &record->bar;

      g_variant_builder_add (&records, "(xsddddssb)", bar->start_us, record->symbol, bar->open,
                             bar->high, bar->low, bar->close, get_text (record->currency),
                             get_text (bar->source), bar->is_roll);
    }
  return g_variant_new ("(a(xsddddssb)x)", &records, page->next);
}

static void
get_records_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesRecordPage) page =
    quotes_archive_read_page_finish (QUOTES_ARCHIVE (source), result, &error);

  end_read (user_data, page != NULL ? page_to_variant (page) : NULL);
}

/* Takes @invocation. @callers: whose call it is, until it is answered */
void
quotes_dbus_history_get_records (QuotesDbusHistory *self,
                                 QuotesDbusCallers *callers,
                                 GDBusMethodInvocation *invocation,
                                 GVariant *arguments)
{
  QuotesInterval interval = QUOTES_INTERVAL_TICK;
  const char *word = NULL;
  gint64 since_us = 0;
  gint64 after = 0;
  guint n_records = 0;
  Read *read = NULL;

  g_variant_get (arguments, "(&sxxu)", &word, &since_us, &after, &n_records);
  if (n_records == 0)
    n_records = QUOTES_RECORD_PAGE_MAX;
  if (!quotes_interval_from_string (word, &interval))
    refuse_argument (invocation, _ ("An interval is tick, 1m, 1h or 1d"));
  else if (after < 0 || n_records > QUOTES_RECORD_PAGE_MAX)
    refuse_argument (invocation, _ ("A page has at most 5000 records, after one that there is"));
  else
    {
      read = begin_read (self, callers, invocation);
      if (read != NULL)
        quotes_archive_read_page_async (self->archive, interval, since_us, after, n_records,
                                        read->cancellable, get_records_read_cb, read);
    }
}
