/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-format.h"

#include <glib/gi18n.h>
#include <string.h>

#include "quotes-decimal.h"

#define MINUS "\u2212"
#define UNKNOWN "\u2013"
#define MAX_DECIMALS 12
/* More digits than this say nothing about a price and would push everything else off the line. */
#define LARGEST_SHOWN_WHOLE 1e15

/* A locale may give its grouping sign in a charset that is not UTF-8. */
static char *
take_locale_text (char *text)
{
  g_autofree char *taken = text;
  char *converted = NULL;

  if (g_utf8_validate (taken, -1, NULL))
    return g_steal_pointer (&taken);

  converted = g_locale_to_utf8 (taken, -1, NULL, NULL, NULL);
  return converted != NULL ? converted : g_utf8_make_valid (taken, -1);
}

static char *
format_magnitude (double magnitude, int decimals)
{
  if (magnitude >= LARGEST_SHOWN_WHOLE)
    return take_locale_text (g_strdup_printf ("%.6g", magnitude));
  return take_locale_text (g_strdup_printf ("%'.*f", CLAMP (decimals, 0, MAX_DECIMALS), magnitude));
}

static char *
format_with_sign (double value, int decimals, const char *plus)
{
  double rounded = quotes_decimal_round (value, CLAMP (decimals, 0, MAX_DECIMALS));
  g_autofree char *magnitude = NULL;

  if (!isfinite (rounded))
    return g_strdup (UNKNOWN);

  magnitude = format_magnitude (fabs (rounded), decimals);
  if (rounded < 0)
    return g_strconcat (MINUS, magnitude, NULL);
  if (rounded > 0)
    return g_strconcat (plus, magnitude, NULL);
  return g_steal_pointer (&magnitude);
}

/**
 * quotes_format_number:
 * @value: a number, or NAN for an unknown one
 * @decimals: digits after the decimal sign
 *
 * Returns: (transfer full): @value with the grouping of LC_NUMERIC; negative ones with U+2212,
 * never a negative zero
 */
char *
quotes_format_number (double value, int decimals)
{
  return format_with_sign (value, decimals, "");
}

/**
 * quotes_format_signed:
 *
 * As quotes_format_number(), but a rise has its sign too. Zero has none.
 */
char *
quotes_format_signed (double value, int decimals)
{
  return format_with_sign (value, decimals, "+");
}

char *
quotes_format_price (const QuotesQuote *quote)
{
  return quotes_format_number (quote->price, quote->decimals);
}

char *
quotes_format_price_in_currency (const QuotesQuote *quote)
{
  g_autofree char *price = quotes_format_price (quote);

  if (*quote->currency == '\0')
    return g_steal_pointer (&price);
  /* Translators: a price and the code of its currency, as in "64,000.00 USD". */
  return g_strdup_printf (C_ ("price", "%1$s %2$s"), price, quote->currency);
}

char *
quotes_format_change (const QuotesQuote *quote)
{
  return quotes_format_signed (quote->change, quote->decimals);
}

char *
quotes_format_percent (const QuotesQuote *quote)
{
  g_autofree char *number = quotes_format_signed (quote->change_pct, 2);

  if (!isfinite (quote->change_pct))
    return g_steal_pointer (&number);
  /* Translators: a number of percent with its sign, as in "+1.25%". */
  return g_strdup_printf (C_ ("percent", "%s%%"), number);
}

/**
 * quotes_format_age:
 * @age_us: in microseconds; less than 0 is taken as 0, because two clocks never agree
 *
 * Returns: (transfer full): the largest whole unit, short enough for a column
 */
char *
quotes_format_age (gint64 age_us)
{
  guint64 seconds = (guint64) (MAX (age_us, 0) / G_USEC_PER_SEC);
  guint64 minutes = seconds / 60;
  guint64 hours = minutes / 60;
  guint64 days = hours / 24;

  if (minutes == 0)
    /* Translators: how old a price is, in seconds; short, for a table. */
    return g_strdup_printf (ngettext ("%u s", "%u s", (gulong) seconds), (guint) seconds);
  if (hours == 0)
    /* Translators: how old a price is, in minutes; short, for a table. */
    return g_strdup_printf (ngettext ("%u min", "%u min", (gulong) minutes), (guint) minutes);
  if (days == 0)
    /* Translators: how old a price is, in hours; short, for a table. */
    return g_strdup_printf (ngettext ("%u h", "%u h", (gulong) hours), (guint) hours);
  /* Translators: how old a price is, in days; short, for a table. */
  return g_strdup_printf (ngettext ("%u d", "%u d", (gulong) days), (guint) days);
}

/**
 * quotes_format_time:
 * @time_us: microseconds since 1970; 0 = unknown
 *
 * Returns: (transfer full): the time of day where we are
 */
char *
quotes_format_time (gint64 time_us)
{
  g_autoptr (GDateTime) time = NULL;
  char *text = NULL;

  if (time_us > 0)
    time = g_date_time_new_from_unix_local (time_us / G_USEC_PER_SEC);
  if (time != NULL)
    text = g_date_time_format (time, "%X");

  return text != NULL ? text : g_strdup (UNKNOWN);
}

static const char *
get_stale_words (QuotesStaleReason reason)
{
  switch (reason)
    {
    case QUOTES_STALE_REASON_OLD:
      return _ ("stale: no recent price");
    case QUOTES_STALE_REASON_PROVIDER_ERROR:
      return _ ("stale: provider error");
    case QUOTES_STALE_REASON_RATE_LIMITED:
      return _ ("stale: rate limited");
    case QUOTES_STALE_REASON_OFFLINE:
      return _ ("stale: offline");
    case QUOTES_STALE_REASON_STORED:
      return _ ("stale: from the last run");
    case QUOTES_STALE_REASON_UNKNOWN_SYMBOL:
      return _ ("stale: symbol unknown");
    case QUOTES_STALE_REASON_NONE:
    default:
      return NULL;
    }
}

static const char *
get_market_words (QuotesMarketState state)
{
  switch (state)
    {
    case QUOTES_MARKET_STATE_PRE:
      return C_ ("market", "before hours");
    case QUOTES_MARKET_STATE_REGULAR:
      return C_ ("market", "open");
    case QUOTES_MARKET_STATE_POST:
      return C_ ("market", "after hours");
    case QUOTES_MARKET_STATE_CLOSED:
      return C_ ("market", "closed");
    case QUOTES_MARKET_STATE_ALWAYS:
      return C_ ("market", "always open");
    case QUOTES_MARKET_STATE_UNKNOWN:
    default:
      return "";
    }
}

/**
 * quotes_format_state:
 *
 * Returns: (transfer full): in words what there is to know before one trusts the price
 */
char *
quotes_format_state (const QuotesQuote *quote)
{
  const char *stale_words = get_stale_words (quote->stale_reason);
  guint delay = (guint) MAX (quote->delay_minutes, 0);

  if (stale_words != NULL)
    return g_strdup (stale_words);
  if (quote->is_delayed && delay > 0 && quote->market_state == QUOTES_MARKET_STATE_REGULAR)
    return g_strdup_printf (ngettext ("open, %u min late", "open, %u min late", delay), delay);
  return g_strdup (get_market_words (quote->market_state));
}

/**
 * quotes_format_marks:
 *
 * Returns: (transfer full): two cells that say without colour and without words where the price
 *   went (`▲`, `▼`, `=`, or a space when nobody said) and whether it is stale (`!`), of a closed
 *   market (`×`) or neither (a space)
 */
char *
quotes_format_marks (const QuotesQuote *quote)
{
  static const char *const directions[] = {" ", "\u25bc", "=", "\u25b2"};
  const char *condition = " ";

  if (quote->stale_reason != QUOTES_STALE_REASON_NONE)
    condition = "!";
  else if (quotes_format_is_closed (quote))
    condition = "\u00d7";

  return g_strconcat (directions[quotes_format_get_direction (quote)], condition, NULL);
}

/* The percentage decides only when there is no change: it is rounded, and 0.00 % may hide a rise.
 */
QuotesDirection
quotes_format_get_direction (const QuotesQuote *quote)
{
  double change = isfinite (quote->change) ? quote->change : quote->change_pct;

  if (!isfinite (change))
    return QUOTES_DIRECTION_UNKNOWN;
  if (change > 0)
    return QUOTES_DIRECTION_UP;
  return change < 0 ? QUOTES_DIRECTION_DOWN : QUOTES_DIRECTION_UNCHANGED;
}

gboolean
quotes_format_is_closed (const QuotesQuote *quote)
{
  return quote->market_state == QUOTES_MARKET_STATE_CLOSED;
}

/* The age of a price is that of the market's own time, not of our fetch. */
gint64
quotes_format_get_time_us (const QuotesQuote *quote)
{
  return quote->quote_time_us > 0 ? quote->quote_time_us : quote->fetched_us;
}
