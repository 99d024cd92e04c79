/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-text.h"

#include <glib/gi18n.h>

#define MINUTE_US (60 * (gint64) G_USEC_PER_SEC)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
#define DECIMALS_MAX 12
/* Of a digest; a notification has no room for more. */
#define MAX_LINES 5
/* A name or a note of a notification. */
#define TEXT_MAX 200

/* What could reorder the text around it: marks, embeddings, overrides, isolates. */
static gboolean
is_direction (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

/* Names come from providers and notes from anybody on the bus. Notification services read markup in
 * a body, and GIO hands it to them as it is; `&` alone cannot begin a tag. */
static char *
dup_plain (const char *text)
{
  GString *plain = g_string_new (NULL);
  guint n = 0;

  for (const char *p = text; *p != '\0' && n < TEXT_MAX; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '<')
        g_string_append (plain, "‹");
      else if (c == '>')
        g_string_append (plain, "›");
      else if (c == 0x2028 || c == 0x2029 || g_unichar_iscntrl (c))
        g_string_append_c (plain, ' ');
      else if (!is_direction (c))
        g_string_append_unichar (plain, c);
    }
  return g_string_free (plain, FALSE);
}

/* A name or a number keeps its own direction within a sentence of another. */
static char *
dup_isolated (const char *text)
{
  g_autofree char *plain = dup_plain (text);

  return g_strdup_printf ("\u2068%s\u2069", plain);
}

static char *
dup_name (const QuotesAlertFired *self)
{
  const char *name = self->name;

  if (name == NULL || *name == '\0')
    name = self->alert->symbol != NULL ? self->alert->symbol : self->alert->provider;
  return dup_isolated (name != NULL ? name : "");
}

/* Not fewer decimals than @value needs, as far as anybody types them. */
static int
count_decimals (double value, int decimals)
{
  for (decimals = CLAMP (decimals, 0, DECIMALS_MAX); decimals < DECIMALS_MAX; decimals++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE + 400];

      g_snprintf (text, sizeof text, "%.*f", decimals, value);
      /* By the same locale, so that it reads what was written. */
      if (fabs (g_strtod (text, NULL) - value) <= fabs (value) * 1e-12)
        break;
    }
  return decimals;
}

static char *
dup_price (double price, int decimals, const char *currency)
{
  g_autofree char *number = g_strdup_printf ("%'.*f", decimals, price);
  g_autofree char *text = currency != NULL
                            ? g_strdup_printf (C_ ("price and currency", "%s %s"), number, currency)
                            : g_steal_pointer (&number);

  return dup_isolated (text);
}

static char *
dup_percent (double percent)
{
  g_autofree char *text = g_strdup_printf (C_ ("percent", "%'.2f%%"), fabs (percent));

  return dup_isolated (text);
}

/* In the largest unit that says it exactly enough. */
static char *
dup_duration (gint64 duration_us)
{
  gint64 minutes = (duration_us + MINUTE_US / 2) / MINUTE_US;
  gint64 hours = (duration_us + HOUR_US / 2) / HOUR_US;
  gint64 days = (duration_us + DAY_US / 2) / DAY_US;
  gint64 seconds = duration_us / G_USEC_PER_SEC;

  if (duration_us < 2 * MINUTE_US && duration_us % MINUTE_US != 0)
    return g_strdup_printf (ngettext ("%d second", "%d seconds", (gulong) seconds), (int) seconds);
  if (duration_us < 2 * HOUR_US && duration_us % HOUR_US != 0)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) minutes), (int) minutes);
  if (duration_us < 2 * DAY_US && duration_us % DAY_US != 0)
    return g_strdup_printf (ngettext ("%d hour", "%d hours", (gulong) hours), (int) hours);
  return g_strdup_printf (ngettext ("%d day", "%d days", (gulong) days), (int) days);
}

static char *
dup_crossing (const QuotesAlertFired *self, const char *name)
{
  const QuotesAlert *alert = self->alert;
  g_autofree char *level =
    dup_price (alert->level, count_decimals (alert->level, self->decimals), self->currency);

  if (alert->kind == QUOTES_ALERT_ABOVE)
    /* Translators: of a price, as in "Gold is above 2,400.00 USD" */
    return g_strdup_printf (_ ("%s is above %s"), name, level);
  return g_strdup_printf (_ ("%s is below %s"), name, level);
}

static char *
dup_movement (const QuotesAlertFired *self, const char *name)
{
  const QuotesAlert *alert = self->alert;
  g_autofree char *percent = dup_percent (self->value);
  g_autofree char *window = dup_duration (alert->window_us);
  gboolean is_up = self->value >= 0;

  if (alert->kind == QUOTES_ALERT_MOVE && is_up)
    /* Translators: of a price, as in "Gold rose by 2.50% within 15 minutes" */
    return g_strdup_printf (_ ("%s rose by %s within %s"), name, percent, window);
  if (alert->kind == QUOTES_ALERT_MOVE)
    return g_strdup_printf (_ ("%s fell by %s within %s"), name, percent, window);
  if (is_up)
    /* Translators: of a price, against the previous close */
    return g_strdup_printf (_ ("%s is up %s"), name, percent);
  return g_strdup_printf (_ ("%s is down %s"), name, percent);
}

/* Returns: (transfer full): what happened */
char *
quotes_alert_fired_dup_title (const QuotesAlertFired *self)
{
  g_autofree char *name = dup_name (self);
  g_autofree char *duration = NULL;

  switch (self->alert->kind)
    {
    case QUOTES_ALERT_ABOVE:
    case QUOTES_ALERT_BELOW:
      return dup_crossing (self, name);
    case QUOTES_ALERT_MOVE:
    case QUOTES_ALERT_CHANGE:
      return dup_movement (self, name);
    case QUOTES_ALERT_PROVIDER:
      duration = dup_duration (isfinite (self->value) && self->value > 0 && self->value < 1e9
                                 ? (gint64) (self->value * G_USEC_PER_SEC)
                                 : self->alert->window_us);
      return g_strdup_printf (_ ("%s has given no prices for %s"), name, duration);
    case QUOTES_ALERT_STALE:
    default:
      return g_strdup_printf (_ ("The price of %s is out of date"), name);
    }
}

/* Returns: (transfer full): the price then, and the user's own words */
char *
quotes_alert_fired_dup_body (const QuotesAlertFired *self)
{
  GString *body = g_string_new (NULL);

  if (isfinite (self->price))
    {
      g_autofree char *price = dup_price (self->price, self->decimals, self->currency);

      g_string_append_printf (body, _ ("Price: %s"), price);
    }
  if (self->alert->note != NULL && *self->alert->note != '\0')
    {
      g_autofree char *note = dup_isolated (self->alert->note);

      g_string_append_printf (body, "%s%s", body->len > 0 ? "\n" : "", note);
    }
  return g_string_free (body, FALSE);
}

/**
 * quotes_alerts_fired_dup_body:
 * @fired: (element-type QuotesAlertFired): what is told together
 *
 * Returns: (transfer full): up to five of them, a line each, and how many more there are
 */
char *
quotes_alerts_fired_dup_body (GPtrArray *fired)
{
  GString *body = g_string_new (NULL);
  guint n_more = fired->len > MAX_LINES ? fired->len - MAX_LINES : 0;

  for (guint i = 0; i < MIN (fired->len, MAX_LINES); i++)
    {
      g_autofree char *title = quotes_alert_fired_dup_title (g_ptr_array_index (fired, i));

      g_string_append_printf (body, "%s%s", i > 0 ? "\n" : "", title);
    }
  if (n_more > 0)
    {
      g_string_append_c (body, '\n');
      g_string_append_printf (body, ngettext ("and %u more", "and %u more", n_more), n_more);
    }
  return g_string_free (body, FALSE);
}
