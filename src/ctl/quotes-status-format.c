/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-status-format.h"

#include <glib/gi18n.h>

#include "quotes-format.h"
#include "quotes-json.h"
#include "quotes-quote-json.h"
#include "quotes-table.h"
#include "quotes-text.h"

typedef struct
{
  const char *word;
  const char *text;
} Phrase;

static const char *
find_phrase (const Phrase *phrases, gsize n_phrases, const char *word)
{
  for (gsize i = 0; i < n_phrases; i++)
    if (g_strcmp0 (phrases[i].word, word) == 0)
      return g_dpgettext2 (GETTEXT_PACKAGE, "state", phrases[i].text);

  return word != NULL ? word : "";
}

const char *
quotes_status_format_get_service_words (const char *state)
{
  static const Phrase phrases[] = {
    {"ok", NC_ ("state", "ok")},
    {"waiting", NC_ ("state", "waiting for the first answer")},
    {"degraded", NC_ ("state", "some providers fail")},
    {"error", NC_ ("state", "all providers fail")},
    {"idle", NC_ ("state", "idle")},
  };

  return find_phrase (phrases, G_N_ELEMENTS (phrases), state);
}

const char *
quotes_status_format_get_provider_words (const char *state)
{
  static const Phrase phrases[] = {
    {"ok", NC_ ("state", "ok")},           {"idle", NC_ ("state", "idle")},
    {"waiting", NC_ ("state", "waiting")}, {"error", NC_ ("state", "error")},
    {"open", NC_ ("state", "paused")},     {"half-open", NC_ ("state", "trying again")},
  };

  return find_phrase (phrases, G_N_ELEMENTS (phrases), state);
}

/**
 * quotes_status_format_get_reason_words:
 * @reason: (nullable): the stable word of a provider's error
 */
const char *
quotes_status_format_get_reason_words (const char *reason)
{
  static const Phrase phrases[] = {
    {"rate-limited", NC_ ("state", "it wants to be asked less often")},
    {"auth", NC_ ("state", "it does not accept the key")},
    {"blocked", NC_ ("state", "it refuses us")},
    {"bad-data", NC_ ("state", "its answer cannot be understood")},
    {"http", NC_ ("state", "it answered with an error")},
    {"network", NC_ ("state", "it cannot be reached")},
    {"tls", NC_ ("state", "no secure connection")},
    {"timeout", NC_ ("state", "it takes too long")},
    {"too-large", NC_ ("state", "its answer is too long")},
    {"throttled", NC_ ("state", "we have asked it enough for now")},
  };

  return find_phrase (phrases, G_N_ELEMENTS (phrases), reason);
}

/**
 * quotes_status_format_get_pace_words:
 * @reason: (nullable): the stable word for why a provider is asked as often as it is
 */
const char *
quotes_status_format_get_pace_words (const char *reason)
{
  static const Phrase phrases[] = {
    {"regular", NC_ ("state", "as usual")},
    {"extended", NC_ ("state", "before or after trading")},
    {"quiet", NC_ ("state", "prices stand still")},
    {"metered", NC_ ("state", "the network costs money")},
    {"power-saver", NC_ ("state", "saving power")},
    {"closed", NC_ ("state", "markets are closed")},
    {"unwatched", NC_ ("state", "nobody is watching")},
    {"fixed", NC_ ("state", "always the same")},
    {"offline", NC_ ("state", "no network")},
  };

  return find_phrase (phrases, G_N_ELEMENTS (phrases), reason);
}

/**
 * quotes_status_format_get_symbol_words:
 * @reason: (nullable): the stable word for why an instrument has no price
 */
const char *
quotes_status_format_get_symbol_words (const char *reason)
{
  static const Phrase phrases[] = {
    {"not-found", NC_ ("state", "unknown to the provider")},
    {"no-price", NC_ ("state", "the provider has no price")},
    {"bad-data", NC_ ("state", "its answer cannot be understood")},
    {NULL, NC_ ("state", "waiting for a price")},
  };

  return find_phrase (phrases, G_N_ELEMENTS (phrases), reason);
}

/* Of what the service remembers; NULL when all is as always. */
static const char *
get_storage_words (const char *storage)
{
  static const Phrase phrases[] = {
    {"full", NC_ ("state", "not kept: the disk is full")},
    {"read-only", NC_ ("state", "not kept: the disk is read-only")},
    {"failed", NC_ ("state", "not kept: the file cannot be used")},
    {"newer", NC_ ("state", "not kept: the file is of a newer version")},
  };

  if (storage == NULL || g_str_equal (storage, "ok"))
    return NULL;
  return find_phrase (phrases, G_N_ELEMENTS (phrases), storage);
}

static void
add_fact (QuotesTable *table, const char *name, QuotesStyle style, const char *value)
{
  quotes_table_add (table, QUOTES_STYLE_HEADING, name);
  quotes_table_add (table, style, value);
}

static QuotesStyle
get_state_style (const char *state)
{
  if (g_str_equal (state, "ok"))
    return QUOTES_STYLE_GOOD;
  if (g_str_equal (state, "error") || g_str_equal (state, "open"))
    return QUOTES_STYLE_BAD;
  return g_str_equal (state, "idle") ? QUOTES_STYLE_PLAIN : QUOTES_STYLE_STALE;
}

static void
append_facts (const QuotesClientStatus *status, guint width, QuotesPalette palette, GString *out)
{
  const QuotesTableColumn columns[] = {{.heading = NULL}, {.heading = NULL, .min_width = 8}};
  g_autoptr (QuotesTable) table = quotes_table_new (columns, G_N_ELEMENTS (columns));
  g_autofree char *updated = quotes_format_time (status->last_update_us);
  g_autofree char *next = quotes_format_time (status->next_update_us);
  const char *storage = get_storage_words (status->storage);

  add_fact (table, _ ("State"), get_state_style (status->state),
            quotes_status_format_get_service_words (status->state));
  add_fact (table, _ ("Version"), QUOTES_STYLE_PLAIN,
            status->program_version != NULL ? status->program_version : "\u2013");
  add_fact (table, _ ("Reached over"), QUOTES_STYLE_PLAIN, status->transport);
  add_fact (table, _ ("Address"), QUOTES_STYLE_PLAIN,
            status->address != NULL ? status->address : "\u2013");
  add_fact (table, _ ("Last update"), QUOTES_STYLE_PLAIN, updated);
  add_fact (table, _ ("Next update"), QUOTES_STYLE_PLAIN, next);
  if (storage != NULL)
    add_fact (table, _ ("History"), QUOTES_STYLE_STALE, storage);

  quotes_table_fit (table, width);
  for (guint row = 0; row < quotes_table_get_n_rows (table); row++)
    {
      quotes_table_append_row (table, row, palette, out);
      g_string_append_c (out, '\n');
    }
}

/* What is wrong with it; NULL = nothing. */
static const char *
get_problem (const QuotesClientProvider *provider)
{
  return provider->reason != NULL ? quotes_status_format_get_reason_words (provider->reason)
                                  : provider->message;
}

static gboolean
is_usual_pace (const QuotesClientProvider *provider)
{
  return provider->interval_reason == NULL || g_str_equal (provider->interval_reason, "regular");
}

/* Whole minutes if they are whole: 77 s are not a minute. */
static char *
format_interval (gint64 interval_us)
{
  gint64 seconds = interval_us / G_USEC_PER_SEC;

  if (interval_us == 0)
    return g_strdup ("\u2013");
  if (seconds == 0)
    /* Translators: a number of milliseconds; short, for a table. */
    return g_strdup_printf (_ ("%d ms"), (int) (interval_us / 1000));
  if (seconds % 60 != 0 && seconds < 600)
    return g_strdup_printf (ngettext ("%u s", "%u s", (gulong) seconds), (guint) seconds);
  return quotes_format_age (interval_us);
}

static void
add_provider (QuotesTable *table,
              const QuotesClientProvider *provider,
              gint64 now_us,
              gboolean with_pace,
              gboolean with_problem)
{
  g_autofree char *interval = format_interval (provider->interval_us);
  g_autofree char *n_instruments = g_strdup_printf ("%u", provider->n_instruments);
  g_autofree char *age = provider->last_ok_us > 0
                           ? quotes_format_age (now_us - provider->last_ok_us)
                           : g_strdup ("\u2013");
  g_autofree char *next = quotes_format_time (provider->next_try_us);

  quotes_table_add (table, QUOTES_STYLE_HEADING, provider->label);
  quotes_table_add (table, get_state_style (provider->state),
                    quotes_status_format_get_provider_words (provider->state));
  quotes_table_add (table, QUOTES_STYLE_PLAIN, n_instruments);
  quotes_table_add (table, QUOTES_STYLE_PLAIN, age);
  quotes_table_add (table, QUOTES_STYLE_PLAIN, next);
  quotes_table_add (table, QUOTES_STYLE_PLAIN, interval);
  if (with_pace)
    quotes_table_add (table, QUOTES_STYLE_PLAIN,
                      quotes_status_format_get_pace_words (provider->interval_reason));
  if (with_problem)
    quotes_table_add (table, QUOTES_STYLE_BAD, get_problem (provider));
}

static QuotesTable *
new_provider_table (gboolean with_pace, gboolean with_problem)
{
  const QuotesTableColumn pace = {.heading = _ ("Pace"), .min_width = 6, .drop_rank = 1};
  const QuotesTableColumn problem = {.heading = _ ("Problem"), .min_width = 7};
  QuotesTableColumn columns[] = {
    {.heading = _ ("Provider"), .min_width = 6},
    {.heading = _ ("State")},
    /* Translators: the heading of a column: how many instruments a provider is asked for. */
    {.heading = _ ("Count"), .is_number = TRUE, .drop_rank = 5},
    /* Translators: the heading of a column: how long ago a provider answered. */
    {.heading = _ ("Age"), .is_number = TRUE, .drop_rank = 4},
    {.heading = _ ("Next try"), .is_number = TRUE, .drop_rank = 2},
    /* Translators: the heading of a column: how long a provider is left alone between two requests.
     */
    {.heading = _ ("Every"), .is_number = TRUE, .drop_rank = 3},
    {0},
    {0},
  };
  guint n_columns = G_N_ELEMENTS (columns) - 2;

  if (with_pace)
    columns[n_columns++] = pace;
  if (with_problem)
    columns[n_columns++] = problem;
  return quotes_table_new (columns, n_columns);
}

/* What is as always has no column. */
static void
append_providers (const QuotesClientStatus *status,
                  gint64 now_us,
                  guint width,
                  QuotesPalette palette,
                  GString *out)
{
  g_autoptr (QuotesTable) table = NULL;
  gboolean with_pace = FALSE;
  gboolean with_problem = FALSE;

  for (guint i = 0; i < status->providers->len; i++)
    {
      const QuotesClientProvider *provider = g_ptr_array_index (status->providers, i);

      with_pace |= !is_usual_pace (provider);
      with_problem |= get_problem (provider) != NULL;
    }
  table = new_provider_table (with_pace, with_problem);
  for (guint i = 0; i < status->providers->len; i++)
    add_provider (table, g_ptr_array_index (status->providers, i), now_us, with_pace, with_problem);
  if (quotes_table_get_n_rows (table) == 0)
    return;

  quotes_table_fit (table, width);
  g_string_append_c (out, '\n');
  quotes_table_append_all (table, palette, out);
}

static void
add_pending (QuotesTable *table, const QuotesClientPending *pending, gboolean with_next)
{
  g_autofree char *next = quotes_format_time (pending->next_check_us);

  quotes_table_add (table, QUOTES_STYLE_HEADING, pending->symbol);
  quotes_table_add (table, QUOTES_STYLE_PLAIN, pending->instrument);
  quotes_table_add (table, QUOTES_STYLE_STALE,
                    quotes_status_format_get_symbol_words (pending->reason));
  if (with_next)
    quotes_table_add (table, QUOTES_STYLE_PLAIN, next);
}

static void
append_pendings (const QuotesClientStatus *status, guint width, QuotesPalette palette, GString *out)
{
  const QuotesTableColumn columns[] = {
    {.heading = _ ("Without a price"), .min_width = 6},
    {.heading = _ ("Instrument"), .min_width = 8, .drop_rank = 2},
    {.heading = _ ("Why"), .min_width = 7},
    {.heading = _ ("Next check"), .is_number = TRUE, .drop_rank = 1},
  };
  g_autoptr (QuotesTable) table = NULL;
  gboolean with_next = FALSE;

  for (guint i = 0; i < status->pending->len; i++)
    with_next |=
      ((const QuotesClientPending *) g_ptr_array_index (status->pending, i))->next_check_us > 0;
  table = quotes_table_new (columns, G_N_ELEMENTS (columns) - (with_next ? 0 : 1));
  for (guint i = 0; i < status->pending->len; i++)
    add_pending (table, g_ptr_array_index (status->pending, i), with_next);
  if (quotes_table_get_n_rows (table) == 0)
    return;

  quotes_table_fit (table, width);
  g_string_append_c (out, '\n');
  quotes_table_append_all (table, palette, out);
}

static void
append_attributions (const QuotesClientStatus *status, GString *out)
{
  gboolean is_first = TRUE;

  for (guint i = 0; i < status->providers->len; i++)
    {
      const QuotesClientProvider *provider = g_ptr_array_index (status->providers, i);
      g_autofree char *clean = NULL;

      if (provider->attribution == NULL || *provider->attribution == '\0' ||
          provider->n_instruments == 0)
        continue;
      clean = quotes_text_clean (provider->attribution);
      g_string_append_printf (out, is_first ? "\n%s\n" : "%s\n", clean);
      is_first = FALSE;
    }
}

/**
 * quotes_status_format_append_plain:
 * @now_us: microseconds since 1970
 * @width: cells, or %QUOTES_TABLE_ANY_WIDTH
 */
void
quotes_status_format_append_plain (const QuotesClientStatus *status,
                                   gint64 now_us,
                                   guint width,
                                   QuotesPalette palette,
                                   GString *out)
{
  append_facts (status, width, palette, out);
  append_providers (status, now_us, width, palette, out);
  append_pendings (status, width, palette, out);
  append_attributions (status, out);
}

static void
append_text_member (GString *out, const char *member, const char *value)
{
  g_string_append_printf (out, "\"%s\":", member);
  if (value != NULL)
    quotes_json_append_string (out, value);
  else
    g_string_append (out, "null");
  g_string_append_c (out, ',');
}

static void
append_time_member (GString *out, const char *member, gint64 time_us)
{
  g_string_append_printf (out, "\"%s\":", member);
  quotes_json_append_time (out, time_us);
  g_string_append_c (out, ',');
}

static void
append_json_provider (const QuotesClientProvider *provider, GString *out)
{
  g_string_append_c (out, '{');
  append_text_member (out, "id", provider->id);
  append_text_member (out, "label", provider->label);
  append_text_member (out, "attribution", provider->attribution);
  append_text_member (out, "state", provider->state);
  append_text_member (out, "reason", provider->reason);
  append_text_member (out, "message", provider->message);
  append_time_member (out, "last_ok", provider->last_ok_us);
  append_time_member (out, "next_try", provider->next_try_us);
  g_string_append_printf (out, "\"interval_ms\":%" G_GINT64_FORMAT ",",
                          provider->interval_us / 1000);
  append_text_member (out, "interval_reason", provider->interval_reason);
  g_string_append_printf (out, "\"failures\":%u,\"instruments\":%u}", provider->n_failures,
                          provider->n_instruments);
}

static void
append_json_pending (const QuotesClientPending *pending, GString *out)
{
  g_string_append_c (out, '{');
  append_text_member (out, "symbol", pending->symbol);
  append_text_member (out, "instrument", pending->instrument);
  append_text_member (out, "reason", pending->reason);
  g_string_append (out, "\"next_check\":");
  quotes_json_append_time (out, pending->next_check_us);
  g_string_append_c (out, '}');
}

/**
 * quotes_status_format_append_json:
 *
 * Writes one object on one line, with the names of `GET /api/v1/status` as far as every transport
 * tells them, and `transport`.
 */
void
quotes_status_format_append_json (const QuotesClientStatus *status, GString *out)
{
  g_string_append_c (out, '{');
  append_text_member (out, "state", status->state);
  append_text_member (out, "transport", status->transport);
  append_text_member (out, "address", status->address);
  append_text_member (out, "program_version", status->program_version);
  append_text_member (out, "storage", status->storage);
  append_time_member (out, "last_update", status->last_update_us);
  append_time_member (out, "next_update", status->next_update_us);

  g_string_append (out, "\"providers\":[");
  for (guint i = 0; i < status->providers->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_json_provider (g_ptr_array_index (status->providers, i), out);
    }
  g_string_append (out, "],\"pending\":[");
  for (guint i = 0; i < status->pending->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      append_json_pending (g_ptr_array_index (status->pending, i), out);
    }
  g_string_append (out, "]}\n");
}
