/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-status-json.h"

#include "quotes-history-json.h"
#include "quotes-json.h"
#include "quotes-quote-json.h"

static void
append_text (GString *text, const char *member, const char *value)
{
  g_string_append_printf (text, ",\"%s\":", member);
  quotes_json_append_string (text, value);
}

static void
append_time (GString *text, const char *member, gint64 time_us)
{
  g_string_append_printf (text, ",\"%s\":", member);
  quotes_json_append_time (text, time_us);
}

static void
append_count (GString *text, const char *member, guint64 value)
{
  g_string_append_printf (text, ",\"%s\":%" G_GUINT64_FORMAT, member, value);
}

/* @archive: (nullable) */
static void
append_stored (QuotesArchive *archive, GString *text)
{
  guint64 stored = archive != NULL ? quotes_archive_get_stored (archive) : 0;

  if (stored != 0)
    append_count (text, "stored", stored);
  else
    g_string_append (text, ",\"stored\":null");
}

/* @archive: (nullable) */
static void
append_storage (QuotesArchive *archive, GString *text)
{
  append_text (text, "storage", archive != NULL ? quotes_archive_get_state (archive) : NULL);
  append_text (text, "storage_message",
               archive != NULL ? quotes_archive_get_message (archive) : NULL);
}

static void
append_provider (const QuotesProviderStatus *status, QuotesArchive *archive, GString *text)
{
  g_string_append (text, "{\"id\":");
  quotes_json_append_string (text, status->info->id);
  append_text (text, "label", status->info->label);
  append_text (text, "tier", status->info->tier);
  append_text (text, "attribution", status->info->attribution);
  append_text (text, "state", status->state);
  append_text (text, "reason", status->reason);
  append_text (text, "message", status->message);
  append_time (text, "last_ok", status->last_ok_us);
  append_time (text, "next_try", status->next_try_us);
  append_count (text, "interval_ms", (guint64) (status->interval_us / 1000));
  append_text (text, "interval_reason", status->interval_reason);
  append_count (text, "failures", status->n_failures);
  append_count (text, "requests", status->n_requests);
  if (archive != NULL)
    append_count (text, "requests_today",
                  quotes_archive_get_calls_today (archive, status->info->id));
  else
    g_string_append (text, ",\"requests_today\":null");
  append_count (text, "rounds", status->n_rounds);
  append_count (text, "invalid", status->n_invalid);
  append_count (text, "instruments", status->n_instruments);
  g_string_append_c (text, '}');
}

static void
append_providers (const QuotesStatusSources *sources, GString *text)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (sources->poller);

  g_string_append (text, ",\"providers\":[");
  for (guint i = 0; i < statuses->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_provider (g_ptr_array_index (statuses, i), sources->archive, text);
    }
  g_string_append_c (text, ']');
}

static void
append_pendings (QuotesPoller *poller, GString *text)
{
  g_autoptr (GPtrArray) pendings = quotes_poller_dup_pending (poller);

  g_string_append (text, ",\"pending\":[");
  for (guint i = 0; i < pendings->len; i++)
    {
      const QuotesPending *pending = g_ptr_array_index (pendings, i);

      g_string_append (text, i > 0 ? ",{\"symbol\":" : "{\"symbol\":");
      quotes_json_append_string (text, pending->symbol);
      append_text (text, "instrument", pending->instrument);
      append_text (text, "reason", pending->reason);
      append_time (text, "next_check", pending->next_check_us);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
}

static void
append_streams (const QuotesStatusSources *sources, GString *text)
{
  const QuotesStreamCounters *counters = &sources->streams;

  g_string_append_printf (text, ",\"streams\":{\"open\":%u", counters->n_open);
  append_count (text, "max", sources->max_streams);
  append_count (text, "opened", counters->n_opened);
  append_count (text, "closed", counters->n_closed);
  append_count (text, "evicted", counters->n_evicted);
  append_count (text, "conflated", counters->n_conflated);
  append_count (text, "refused", counters->n_refused);
  g_string_append_c (text, '}');
}

/**
 * quotes_status_append_json:
 * @sources: what is said
 * @text: where to
 *
 * Writes how we fare, as `GET /api/v1/status` and the event `status` say it. On one line.
 */
void
quotes_status_append_json (const QuotesStatusSources *sources, GString *text)
{
  g_string_append (text, "{\"state\":");
  quotes_json_append_string (text, quotes_poller_get_state (sources->poller));
  append_count (text, "version", quotes_hub_get_snapshot (sources->hub)->version);
  append_stored (sources->archive, text);
  append_storage (sources->archive, text);
  append_text (text, "address", sources->address);
  append_text (text, "program_version", VERSION);
  append_time (text, "last_update", quotes_poller_get_last_ok_us (sources->poller));
  append_time (text, "next_update", quotes_poller_get_next_try_us (sources->poller));
  append_providers (sources, text);
  append_pendings (sources->poller, text);
  append_streams (sources, text);
  g_string_append_c (text, '}');
}

/**
 * quotes_status_append_essence:
 * @sources: what is said
 * @text: where to
 *
 * Writes, for comparing only, what of the status does not change by itself with every round.
 */
void
quotes_status_append_essence (const QuotesStatusSources *sources, GString *text)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (sources->poller);
  g_autoptr (GPtrArray) pendings = quotes_poller_dup_pending (sources->poller);

  g_string_append (text, quotes_poller_get_state (sources->poller));
  /* Not how much is stored, which every commit changes. */
  if (sources->archive != NULL)
    g_string_append_printf (text, "\n%s", quotes_archive_get_state (sources->archive));
  for (guint i = 0; i < statuses->len; i++)
    {
      const QuotesProviderStatus *status = g_ptr_array_index (statuses, i);

      g_string_append_printf (
        text, "\n%s %s %s %u %u %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %s", status->info->id,
        status->state, status->reason != NULL ? status->reason : "-", status->n_failures,
        status->n_instruments, status->n_invalid, status->interval_us, status->interval_reason);
    }
  for (guint i = 0; i < pendings->len; i++)
    {
      const QuotesPending *pending = g_ptr_array_index (pendings, i);

      g_string_append_printf (text, "\n%s %s", pending->symbol,
                              pending->reason != NULL ? pending->reason : "-");
    }
}

static void
append_list_head (const QuotesSnapshot *snapshot, QuotesArchive *archive, GString *text)
{
  g_string_append_printf (text, "{\"version\":%" G_GUINT64_FORMAT, snapshot->version);
  append_stored (archive, text);
  append_time (text, "generated", snapshot->generated_us);
  g_string_append (text, ",\"quotes\":");
}

/**
 * quotes_list_append_json:
 * @snapshot: what is said
 * @archive: (nullable): what is kept of it
 * @text: where to
 *
 * Writes the whole list, as `GET /api/v1/widgets/quotes` says it.
 */
void
quotes_list_append_json (const QuotesSnapshot *snapshot, QuotesArchive *archive, GString *text)
{
  append_list_head (snapshot, archive, text);
  quotes_snapshot_append_json (snapshot, NULL, NULL, text);
  g_string_append_c (text, '}');
}

/* A part of the same with the last day of each; see quotes_sparklines_append_json(). */
gboolean
quotes_list_append_json_with_sparklines (const QuotesSnapshot *snapshot,
                                         QuotesArchive *archive,
                                         GHashTable *closes,
                                         guint first,
                                         guint n,
                                         GString *text)
{
  if (first == 0)
    append_list_head (snapshot, archive, text);
  if (!quotes_sparklines_append_json (snapshot, closes, first, n, text))
    return FALSE;

  g_string_append_c (text, '}');
  return TRUE;
}
