/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-metrics.h"

#define PREFIX "marketwell_"

static void
append_head (GString *text, const char *name, const char *type, const char *help)
{
  g_string_append_printf (text, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name, help,
                          name, type);
}

static void
append_one (GString *text, const char *name, const char *type, const char *help, guint64 value)
{
  append_head (text, name, type, help);
  g_string_append_printf (text, PREFIX "%s %" G_GUINT64_FORMAT "\n", name, value);
}

typedef guint64 (*ReadFunc) (const QuotesProviderStatus *status);

static guint64
read_is_ok (const QuotesProviderStatus *status)
{
  return g_str_equal (status->state, "ok");
}

static guint64
read_last_ok_s (const QuotesProviderStatus *status)
{
  return (guint64) (status->last_ok_us / G_USEC_PER_SEC);
}

static guint64
read_failures (const QuotesProviderStatus *status)
{
  return status->n_failures;
}

static guint64
read_instruments (const QuotesProviderStatus *status)
{
  return status->n_instruments;
}

static guint64
read_requests (const QuotesProviderStatus *status)
{
  return status->n_requests;
}

static guint64
read_rounds (const QuotesProviderStatus *status)
{
  return status->n_rounds;
}

static guint64
read_invalid (const QuotesProviderStatus *status)
{
  return status->n_invalid;
}

static const struct
{
  const char *name;
  const char *type;
  const char *help;
  ReadFunc read;
} provider_metrics[] = {
  {"provider_up", "gauge", "Whether the last round of the provider went well", read_is_ok},
  {"provider_last_success_timestamp_seconds", "gauge", "When a round last gave a price",
   read_last_ok_s},
  {"provider_failures", "gauge", "Rounds that failed since the last good one", read_failures},
  {"provider_instruments", "gauge", "Instruments that the provider serves", read_instruments},
  {"provider_requests_total", "counter", "HTTP requests sent", read_requests},
  {"provider_rounds_total", "counter", "Rounds of asking", read_rounds},
  {"provider_invalid_total", "counter", "Quotes refused: no price, or an impossible number",
   read_invalid},
};

static void
append_providers (QuotesPoller *poller, GString *text)
{
  g_autoptr (GPtrArray) statuses = quotes_poller_dup_statuses (poller);

  for (gsize m = 0; m < G_N_ELEMENTS (provider_metrics); m++)
    {
      append_head (text, provider_metrics[m].name, provider_metrics[m].type,
                   provider_metrics[m].help);
      for (guint i = 0; i < statuses->len; i++)
        {
          const QuotesProviderStatus *status = g_ptr_array_index (statuses, i);

          /* Ids are our own words and need no escaping. */
          g_string_append_printf (text, PREFIX "%s{provider=\"%s\"} %" G_GUINT64_FORMAT "\n",
                                  provider_metrics[m].name, status->info->id,
                                  provider_metrics[m].read (status));
        }
    }
}

static guint64
count_stale (const QuotesSnapshot *snapshot)
{
  guint64 n_stale = 0;

  for (guint i = 0; i < snapshot->quotes->len; i++)
    {
      const QuotesQuote *quote = g_ptr_array_index (snapshot->quotes, i);

      n_stale += quote->stale_reason != QUOTES_STALE_REASON_NONE;
    }
  return n_stale;
}

static void
append_quotes (const QuotesStatusSources *sources, GString *text)
{
  const QuotesSnapshot *snapshot = quotes_hub_get_snapshot (sources->hub);

  append_head (text, "build_info", "gauge", "The version of the program");
  g_string_append (text, PREFIX "build_info{version=\"" VERSION "\"} 1\n");
  append_one (text, "quotes_version", "gauge", "Version of the list of quotes", snapshot->version);
  append_one (text, "quotes", "gauge", "Quotes in the list", snapshot->quotes->len);
  append_one (text, "quotes_stale", "gauge", "Quotes that are stale", count_stale (snapshot));
}

static void
append_streams (const QuotesStatusSources *sources, GString *text)
{
  const QuotesStreamCounters *streams = &sources->streams;

  append_one (text, "streams_open", "gauge", "Event streams open now", streams->n_open);
  append_one (text, "streams_max", "gauge", "Event streams allowed", sources->max_streams);
  append_one (text, "streams_opened_total", "counter", "Event streams opened", streams->n_opened);
  append_one (text, "streams_closed_total", "counter", "Event streams closed", streams->n_closed);
  append_one (text, "streams_evicted_total", "counter", "Readers closed because they did not read",
              streams->n_evicted);
  append_one (text, "streams_conflated_total", "counter",
              "Readers that fell behind and got a gap and a snapshot", streams->n_conflated);
  append_one (text, "streams_refused_total", "counter", "Event streams refused",
              streams->n_refused);
  append_one (text, "stream_frames_sent_total", "counter", "Events written to readers",
              streams->n_frames_sent);
  append_one (text, "stream_bytes_sent_total", "counter", "Bytes written to readers",
              streams->n_bytes_sent);
}

static void
append_door (const QuotesDoorCounters *door, GString *text)
{
  append_one (text, "connections_waiting", "gauge", "Connections whose request is not complete",
              door->n_waiting);
  append_one (text, "connections_held", "gauge", "Connections that are being answered",
              door->n_held);
  append_one (text, "connections_lingering", "gauge", "Refused connections that are being closed",
              door->n_lingering);
  append_one (text, "connections_accepted_total", "counter", "Connections accepted",
              door->n_accepted);
  append_one (text, "requests_passed_total", "counter", "Requests that passed the door",
              door->n_passed);
  append_one (text, "requests_refused_total", "counter", "Requests refused at the door",
              door->n_refused);
  append_one (text, "requests_timed_out_total", "counter", "Requests that took too long",
              door->n_timed_out);
  append_one (text, "connections_full_total", "counter", "Connections refused because of the limit",
              door->n_full);
}

/**
 * quotes_metrics_append:
 * @sources: the status
 * @door: what the door counted
 * @n_rate_limited: requests refused by rule E4
 * @text: where to
 *
 * Writes the metrics in the text format of Prometheus.
 */
void
quotes_metrics_append (const QuotesStatusSources *sources,
                       const QuotesDoorCounters *door,
                       guint64 n_rate_limited,
                       GString *text)
{
  append_quotes (sources, text);
  append_providers (sources->poller, text);
  append_streams (sources, text);
  append_door (door, text);
  append_one (text, "requests_rate_limited_total", "counter", "Requests refused as too many",
              n_rate_limited);
}
