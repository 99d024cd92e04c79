/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-argument.h"

#include <math.h>
#include <string.h>

#define DURATION_MAX_SECONDS G_GINT64_CONSTANT (315360000)
/* As JSON takes them. */
#define NUMBER_MAX 1e18

gboolean
quotes_argument_read_duration (const char *text, gint64 *duration_us)
{
  static const struct
  {
    char unit;
    gint64 seconds;
  } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
  gsize n_digits = strspn (text, "0123456789");
  gint64 n = 0;

  /* Nine digits of the shortest unit are more than the most. */
  if (n_digits == 0 || n_digits > 9 || text[n_digits] == '\0' || text[n_digits + 1] != '\0')
    return FALSE;

  n = g_ascii_strtoll (text, NULL, 10);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (units[i].unit == text[n_digits] && n > 0 && n <= DURATION_MAX_SECONDS / units[i].seconds)
      {
        *duration_us = n * units[i].seconds * G_USEC_PER_SEC;
        return TRUE;
      }
  return FALSE;
}

gboolean
quotes_argument_read_number (const char *text, double *number)
{
  gboolean is_shown = g_str_has_prefix (text, QUOTES_ARGUMENT_MINUS);
  gboolean is_negative = is_shown || *text == '-';
  const char *digits = text + (is_shown ? strlen (QUOTES_ARGUMENT_MINUS) : is_negative ? 1 : 0);
  char *end = NULL;
  double value = 0;

  /* Not `inf`, `nan`, `0x10`, ` 1` or `+1`, which g_ascii_strtod() takes too. */
  if (!g_ascii_isdigit (*digits) || strspn (digits, "0123456789.eE+-") != strlen (digits))
    return FALSE;

  value = g_ascii_strtod (digits, &end);
  if (*end != '\0' || !isfinite (value) || fabs (value) > NUMBER_MAX)
    return FALSE;
  *number = is_negative ? -value : value;
  return TRUE;
}

gboolean
quotes_argument_read_percent (const char *text, double *percent)
{
  g_autofree char *bare =
    g_str_has_suffix (text, "%") ? g_strndup (text, strlen (text) - 1) : g_strdup (text);

  return quotes_argument_read_number (bare, percent) && *percent > 0;
}

/* `2026-02-17` alone is the beginning of that day; a time may do without its seconds. */
static char *
complete_time (const char *text)
{
  gsize length = strlen (text);

  if (length == strlen ("2026-02-17"))
    return g_strconcat (text, "T00:00:00", NULL);
  if (length == strlen ("2026-02-17T09:30"))
    return g_strconcat (text, ":00", NULL);
  return g_strdup (text);
}

gboolean
quotes_argument_read_since (const char *text, GTimeZone *zone, gint64 now_us, gint64 *since_us)
{
  gint64 duration_us = 0;
  g_autofree char *whole = NULL;
  g_autoptr (GDateTime) time = NULL;

  if (quotes_argument_read_duration (text, &duration_us))
    {
      *since_us = MAX (now_us - duration_us, 1);
      return TRUE;
    }

  whole = complete_time (text);
  time = g_date_time_new_from_iso8601 (whole, zone);
  if (time == NULL || g_date_time_to_unix (time) < 0)
    return FALSE;
  *since_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}
