/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-format.h"

#include <glib/gi18n.h>

#include "quotes-alert-json.h"
#include "quotes-format.h"

#define UNKNOWN "\u2013"
#define PERCENT_DECIMALS_MAX 4

/* The largest unit of which it is a whole number: unlike an age it is what somebody said. */
static char *
format_duration (gint64 duration_us)
{
  guint seconds = (guint) CLAMP (duration_us / G_USEC_PER_SEC, 0, G_MAXINT);

  if (seconds % 86400 == 0)
    return g_strdup_printf (ngettext ("%u d", "%u d", seconds / 86400), seconds / 86400);
  if (seconds % 3600 == 0)
    return g_strdup_printf (ngettext ("%u h", "%u h", seconds / 3600), seconds / 3600);
  if (seconds % 60 == 0)
    return g_strdup_printf (ngettext ("%u min", "%u min", seconds / 60), seconds / 60);
  return g_strdup_printf (ngettext ("%u s", "%u s", seconds), seconds);
}

/* With as many decimals as it needs. */
static char *
format_percent (double percent)
{
  int decimals = 0;
  g_autofree char *number = NULL;

  for (double scaled = percent;
       decimals < PERCENT_DECIMALS_MAX && fabs (scaled - rint (scaled)) > 1e-9; scaled *= 10)
    decimals++;
  number = quotes_format_number (percent, decimals);
  /* Translators: a number of percent with its sign, as in "+1.25%". */
  return g_strdup_printf (C_ ("percent", "%s%%"), number);
}

static char *
format_level (const QuotesAlert *alert, const QuotesSnapshot *list)
{
  const QuotesQuote *quote = quotes_snapshot_lookup (list, alert->symbol);
  g_autofree char *number =
    quotes_format_number (alert->level, quote != NULL ? quote->decimals : 2);

  if (quote == NULL || *quote->currency == '\0')
    return g_steal_pointer (&number);
  /* Translators: a price and the code of its currency, as in "64,000.00 USD". */
  return g_strdup_printf (C_ ("price", "%1$s %2$s"), number, quote->currency);
}

static char *
format_move (const QuotesAlert *alert)
{
  g_autofree char *percent = format_percent (alert->percent);
  g_autofree char *window = format_duration (alert->window_us);

  switch (alert->direction)
    {
    case QUOTES_ALERT_UP:
      /* Translators: the symbol of an instrument, how many percent, a duration. */
      return g_strdup_printf (_ ("%1$s rises by %2$s within %3$s"), alert->symbol, percent, window);
    case QUOTES_ALERT_DOWN:
      /* Translators: the symbol of an instrument, how many percent, a duration. */
      return g_strdup_printf (_ ("%1$s falls by %2$s within %3$s"), alert->symbol, percent, window);
    case QUOTES_ALERT_EITHER:
    default:
      /* Translators: the symbol of an instrument, how many percent, a duration. */
      return g_strdup_printf (_ ("%1$s moves by %2$s within %3$s"), alert->symbol, percent, window);
    }
}

static char *
format_day_change (const QuotesAlert *alert)
{
  g_autofree char *percent = format_percent (alert->percent);

  switch (alert->direction)
    {
    case QUOTES_ALERT_UP:
      /* Translators: the symbol of an instrument, how many percent. */
      return g_strdup_printf (_ ("%1$s is %2$s above its previous close"), alert->symbol, percent);
    case QUOTES_ALERT_DOWN:
      /* Translators: the symbol of an instrument, how many percent. */
      return g_strdup_printf (_ ("%1$s is %2$s below its previous close"), alert->symbol, percent);
    case QUOTES_ALERT_EITHER:
    default:
      /* Translators: the symbol of an instrument, how many percent. */
      return g_strdup_printf (_ ("%1$s is %2$s away from its previous close"), alert->symbol,
                              percent);
    }
}

/* Returns: (transfer full): in words what it waits for; not yet fit for a terminal */
char *
quotes_alert_format_condition (const QuotesAlert *alert, const QuotesSnapshot *list)
{
  g_autofree char *value = NULL;

  switch (alert->kind)
    {
    case QUOTES_ALERT_ABOVE:
      value = format_level (alert, list);
      /* Translators: the symbol of an instrument, a price. */
      return g_strdup_printf (_ ("%1$s rises to %2$s"), alert->symbol, value);
    case QUOTES_ALERT_BELOW:
      value = format_level (alert, list);
      /* Translators: the symbol of an instrument, a price. */
      return g_strdup_printf (_ ("%1$s falls to %2$s"), alert->symbol, value);
    case QUOTES_ALERT_MOVE:
      return format_move (alert);
    case QUOTES_ALERT_CHANGE:
      return format_day_change (alert);
    case QUOTES_ALERT_STALE:
      /* Translators: the symbol of an instrument. */
      return g_strdup_printf (_ ("%s becomes stale"), alert->symbol);
    case QUOTES_ALERT_PROVIDER:
    default:
      value = format_duration (alert->window_us);
      /* Translators: the name of a provider, a duration. */
      return g_strdup_printf (_ ("%1$s fails for %2$s"), alert->provider, value);
    }
}

/**
 * quotes_alert_format_moment:
 * @time_us: microseconds since 1970; 0 = never
 *
 * Returns: (transfer full): the day and the time where we are
 */
char *
quotes_alert_format_moment (gint64 time_us)
{
  g_autoptr (GDateTime) time =
    time_us > 0 ? g_date_time_new_from_unix_local (time_us / G_USEC_PER_SEC) : NULL;
  char *text = time != NULL ? g_date_time_format (time, "%x %X") : NULL;

  return text != NULL ? text : g_strdup (UNKNOWN);
}

static gboolean
is_snoozed (const QuotesAlert *alert, gint64 now_us)
{
  return alert->is_enabled && alert->snoozed_until_us > now_us;
}

char *
quotes_alert_format_state (const QuotesAlert *alert, gint64 now_us)
{
  g_autofree char *until = NULL;

  if (!alert->is_enabled)
    return g_strdup (alert->n_fired > 0 ? C_ ("alert", "off, has fired") : C_ ("alert", "off"));
  if (is_snoozed (alert, now_us))
    {
      until = quotes_alert_format_moment (alert->snoozed_until_us);
      /* Translators: %s is a day and a time. */
      return g_strdup_printf (_ ("snoozed until %s"), until);
    }
  if (!alert->is_armed)
    return g_strdup (C_ ("alert", "on, waits for a step back"));
  return g_strdup (alert->is_repeating ? C_ ("alert", "on, repeats") : C_ ("alert", "on"));
}

static QuotesStyle
get_style (const QuotesAlert *alert, gint64 now_us)
{
  if (!alert->is_enabled)
    return QUOTES_STYLE_CLOSED;
  return is_snoozed (alert, now_us) || !alert->is_armed ? QUOTES_STYLE_STALE : QUOTES_STYLE_GOOD;
}

QuotesTable *
quotes_alert_format_new_table (GPtrArray *alerts, const QuotesSnapshot *list, gint64 now_us)
{
  const QuotesTableColumn columns[] = {
    {.heading = _ ("Alert"), .is_number = TRUE},
    {.heading = _ ("Waits until"), .min_width = 16},
    {.heading = _ ("State"), .min_width = 8, .drop_rank = 1},
    {.heading = _ ("Last fired"), .drop_rank = 2},
    {.heading = _ ("Note"), .min_width = 8, .drop_rank = 3},
  };
  QuotesTable *table = quotes_table_new (columns, G_N_ELEMENTS (columns));

  for (guint i = 0; i < alerts->len; i++)
    {
      const QuotesAlert *alert = g_ptr_array_index (alerts, i);
      g_autofree char *condition = quotes_alert_format_condition (alert, list);
      g_autofree char *state = quotes_alert_format_state (alert, now_us);
      g_autofree char *fired = quotes_alert_format_moment (alert->fired_us);

      quotes_table_add (table, QUOTES_STYLE_HEADING, alert->id);
      quotes_table_add (table, QUOTES_STYLE_PLAIN, condition);
      quotes_table_add (table, get_style (alert, now_us), state);
      quotes_table_add (table, QUOTES_STYLE_PLAIN, fired);
      quotes_table_add (table, QUOTES_STYLE_PLAIN, alert->note);
    }
  return table;
}

/* What `GET /api/v1/alerts` answers, on one line. */
void
quotes_alert_format_append_json (GPtrArray *alerts, GString *out)
{
  g_string_append (out, "{\"alerts\":[");
  for (guint i = 0; i < alerts->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      quotes_alert_append_json (g_ptr_array_index (alerts, i), out);
    }
  g_string_append (out, "]}\n");
}
