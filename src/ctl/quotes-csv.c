/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-csv.h"

#include <math.h>
#include <string.h>

#include "quotes-decimal.h"
#include "quotes-quote-json.h"

static void
begin_cell (GString *out)
{
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c (out, ',');
}

/* A spreadsheet takes a cell that begins with one of these for a formula, and names come from
 * outside. */
void
quotes_csv_append_text (GString *out, const char *text)
{
  gboolean is_formula = text != NULL && *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;

  begin_cell (out);
  if (text == NULL)
    return;
  if (!is_formula && strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (out, text);
      return;
    }

  g_string_append_c (out, '"');
  if (is_formula)
    g_string_append_c (out, '\'');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

void
quotes_csv_append_number (GString *out, double value)
{
  char buffer[QUOTES_DECIMAL_BUFFER_SIZE];

  begin_cell (out);
  if (isfinite (value))
    g_string_append (out, quotes_decimal_format (value, buffer));
}

/* The wire's form, without its quotation marks. */
void
quotes_csv_append_time (GString *out, gint64 time_us)
{
  g_autoptr (GString) json = g_string_new (NULL);

  quotes_json_append_time (json, time_us);
  begin_cell (out);
  if (json->str[0] == '"')
    g_string_append_len (out, json->str + 1, (gssize) json->len - 2);
}

void
quotes_csv_end_row (GString *out)
{
  g_string_append (out, "\r\n");
}
