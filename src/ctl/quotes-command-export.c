/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "quotes-archive-client.h"
#include "quotes-argument.h"
#include "quotes-await.h"
#include "quotes-commands.h"
#include "quotes-history-format.h"
#include "quotes-output.h"

/* Small enough that the service answers others between two, large enough for one request of a
 * second's worth. */
#define PAGE_RECORDS 2000

/* What was asked for. */
typedef struct
{
  QuotesInterval interval;
  gint64 since_us;
  gboolean as_json;
} Export;

static QuotesRecordPage *
ask (QuotesClient *client, const Export *self, gint64 after, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  quotes_archive_client_records_async (QUOTES_ARCHIVE_CLIENT (client), self->interval,
                                       self->since_us, after, PAGE_RECORDS, NULL, quotes_await_cb,
                                       &result);
  quotes_await (&result);

  return quotes_archive_client_records_finish (QUOTES_ARCHIVE_CLIENT (client), result, error);
}

/* Page by page, so that it takes as little memory for years as for a day. */
static gboolean
write_all (QuotesClient *client, const Export *self, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 after = 0;

  if (!self->as_json)
    quotes_records_format_append_csv_headings (text);
  do
    {
      g_autoptr (QuotesRecordPage) page = ask (client, self, after, error);

      if (page == NULL)
        return FALSE;
      if (self->as_json)
        quotes_records_format_append_json (page, text);
      else
        quotes_records_format_append_csv (page, text);
      if (!quotes_output_write (STDOUT_FILENO, text->str, text->len, error))
        return FALSE;
      g_string_truncate (text, 0);
      after = page->next;
    }
  while (after != 0);

  return TRUE;
}

/* Returns: (nullable): what is wrong with them, translated */
static const char *
read_options (const char *since, const char *interval, Export *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  if (interval != NULL && !quotes_interval_from_string (interval, &self->interval))
    return _ ("An interval is tick, 1m, 1h or 1d");
  if (since != NULL &&
      !quotes_argument_read_since (since, zone, g_get_real_time (), &self->since_us))
    return _ (
      "Write --since as a day (2026-02-17), a time (2026-02-17T09:30) or how long ago (7d)");
  return NULL;
}

int
quotes_command_export (QuotesInvocation *invocation,
                       const QuotesCommand *command,
                       int argc,
                       char **argv)
{
  g_autofree char *since = NULL;
  g_autofree char *interval = NULL;
  gboolean as_csv = FALSE;
  Export self = {.interval = QUOTES_INTERVAL_TICK};
  const GOptionEntry entries[] = {
    {"since", 0, 0, G_OPTION_ARG_STRING, &since,
     N_ ("Only from then on: 2026-02-17, 2026-02-17T09:30 or 7d"), N_ ("TIME")},
    {"interval", 0, 0, G_OPTION_ARG_STRING, &interval,
     N_ ("Single prices or bars: tick, 1m, 1h or 1d"), N_ ("INTERVAL")},
    {"csv", 0, 0, G_OPTION_ARG_NONE, &as_csv, N_ ("Write a table for spreadsheets"), NULL},
    {"json", 0, 0, G_OPTION_ARG_NONE, &self.as_json, N_ ("Write a JSON object on each line"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  const char *fault = NULL;
  g_autoptr (QuotesClient) client = NULL;
  g_autoptr (GError) error = NULL;

  if (!quotes_invocation_parse (invocation, command, entries, argc, argv))
    return QUOTES_EXIT_USAGE;
  if (as_csv && self.as_json)
    return quotes_invocation_fail_usage (command, _ ("Choose one of --json and --csv"));
  fault = read_options (since, interval, &self);
  if (fault != NULL)
    return quotes_invocation_fail_usage (command, fault);

  client = quotes_invocation_open (invocation, &error);
  if (client == NULL || !write_all (client, &self, &error))
    return quotes_invocation_fail (error, NULL);
  return QUOTES_EXIT_SUCCESS;
}
