/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-decimal.h"

#include <math.h>
#include <string.h>

/* Decimal text of at most this many digits survives the way through a double and back (DBL_DIG). */
#define SAFE_DIGITS 15
/* Ours are prices; more than this many places behind the point are noise of the binary fraction. */
#define MAX_DECIMALS 15

/* A double as the decimal that somebody meant by it: digits and the place of the point. */
typedef struct
{
  gboolean is_negative;
  char digits[20]; /* without the point, no leading zero unless the value is 0 */
  int n_digits;
  int exponent; /* value = 0.DIGITS x 10^exponent */
} Decimal;

/* The shortest text that reads back to the same double; 17 digits always do. */
static void
write_scientific (double value, char buffer[QUOTES_DECIMAL_BUFFER_SIZE])
{
  for (int precision = SAFE_DIGITS - 1; precision <= 16; precision++)
    {
      char format[16];

      g_snprintf (format, sizeof format, "%%.%de", precision);
      g_ascii_formatd (buffer, QUOTES_DECIMAL_BUFFER_SIZE, format, value);
      if (g_ascii_strtod (buffer, NULL) == value)
        return;
    }
}

static void
decimal_read (Decimal *self, double value)
{
  char buffer[QUOTES_DECIMAL_BUFFER_SIZE];
  const char *p = buffer;

  memset (self, 0, sizeof *self);
  write_scientific (value, buffer);
  if (*p == '-')
    {
      self->is_negative = TRUE;
      p++;
    }
  for (; *p != '\0' && *p != 'e'; p++)
    if (g_ascii_isdigit (*p))
      self->digits[self->n_digits++] = *p;
  if (*p == 'e')
    self->exponent = (int) g_ascii_strtoll (p + 1, NULL, 10) + 1;
  while (self->n_digits > 1 && self->digits[self->n_digits - 1] == '0')
    self->n_digits--;
}

static double
decimal_to_double (const Decimal *self)
{
  char buffer[QUOTES_DECIMAL_BUFFER_SIZE];

  g_snprintf (buffer, sizeof buffer, "%s0.%.*se%d", self->is_negative ? "-" : "",
              MAX (self->n_digits, 1), self->n_digits > 0 ? self->digits : "0", self->exponent);
  return g_ascii_strtod (buffer, NULL);
}

/* Adds one to the last digit that is kept. */
static void
decimal_carry (Decimal *self)
{
  int i = self->n_digits - 1;

  while (i >= 0 && self->digits[i] == '9')
    self->digits[i--] = '0';
  if (i >= 0)
    {
      self->digits[i]++;
      return;
    }
  self->digits[0] = '1';
  self->n_digits = 1;
  self->exponent++;
}

/* Whether what is cut away behind @n_kept digits makes the rest round up; a half goes to even. */
static gboolean
decimal_rounds_up (const Decimal *self, int n_kept)
{
  char first = self->digits[n_kept];
  gboolean is_tie = first == '5' && n_kept + 1 == self->n_digits;

  if (!is_tie)
    return first >= '5';
  return n_kept > 0 && (self->digits[n_kept - 1] - '0') % 2 == 1;
}

/**
 * quotes_decimal_round:
 * @value: any number
 * @decimals: places behind the point
 *
 * Rounds half to even on the decimal text of @value, not on its binary fraction: 2.675 is a tie to
 * people, although its double lies below (contract 3).
 *
 * Returns: the rounded number, never `-0`; @value itself when it is not finite
 */
double
quotes_decimal_round (double value, int decimals)
{
  Decimal decimal;
  int n_kept = 0;
  gboolean up = FALSE;
  double rounded = 0;

  if (!isfinite (value) || value == 0)
    return isfinite (value) ? 0 : value;

  decimal_read (&decimal, value);
  n_kept = decimal.exponent + decimals;
  if (n_kept >= decimal.n_digits)
    return value;
  if (n_kept < 0)
    return 0;

  up = decimal_rounds_up (&decimal, n_kept);
  decimal.n_digits = n_kept;
  if (up)
    decimal_carry (&decimal);
  rounded = decimal.n_digits > 0 ? decimal_to_double (&decimal) : 0;

  return rounded == 0 ? 0 : rounded;
}

/**
 * quotes_decimal_subtract:
 *
 * @a - @b as their decimal texts differ: 64.1 - 63.4 is 0.7, not 0.69999999999999574.
 *
 * Returns: the difference, never `-0`
 */
double
quotes_decimal_subtract (double a, double b)
{
  Decimal da;
  Decimal db;
  int places = 0;

  if (!isfinite (a) || !isfinite (b))
    return a - b;

  decimal_read (&da, a);
  decimal_read (&db, b);
  places = MAX (da.n_digits - da.exponent, db.n_digits - db.exponent);

  return quotes_decimal_round (a - b, CLAMP (places, 0, MAX_DECIMALS));
}

/**
 * quotes_decimal_scale:
 *
 * Moves the point of the decimal text: 305.3 by -2 is 3.053, not 3.0530000000000004.
 */
double
quotes_decimal_scale (double value, int power_of_ten)
{
  Decimal decimal;

  if (!isfinite (value) || value == 0)
    return value;

  decimal_read (&decimal, value);
  decimal.exponent += power_of_ten;
  return decimal_to_double (&decimal);
}

static void
append_zeros (GString *text, int n)
{
  for (int i = 0; i < n; i++)
    g_string_append_c (text, '0');
}

/* Without an exponent while that is short; people read these too. */
static void
append_plain (const Decimal *decimal, GString *text)
{
  int point = decimal->exponent;

  if (point <= 0)
    {
      g_string_append (text, "0.");
      append_zeros (text, -point);
      g_string_append_len (text, decimal->digits, decimal->n_digits);
    }
  else if (point >= decimal->n_digits)
    {
      g_string_append_len (text, decimal->digits, decimal->n_digits);
      append_zeros (text, point - decimal->n_digits);
    }
  else
    {
      g_string_append_len (text, decimal->digits, point);
      g_string_append_c (text, '.');
      g_string_append_len (text, decimal->digits + point, decimal->n_digits - point);
    }
}

/**
 * quotes_decimal_format:
 * @value: a finite number
 * @buffer: where the text goes
 *
 * Writes the shortest text that reads back to @value, as a JSON number: whatever the locale, never
 * `-0`. Like quotes_json_append_number(), it must not be given what is not finite.
 *
 * Returns: (transfer none): @buffer
 */
char *
quotes_decimal_format (double value, char buffer[QUOTES_DECIMAL_BUFFER_SIZE])
{
  g_autoptr (GString) text = g_string_sized_new (32);
  Decimal decimal;

  g_return_val_if_fail (isfinite (value), NULL);

  if (value == 0)
    {
      g_strlcpy (buffer, "0", QUOTES_DECIMAL_BUFFER_SIZE);
      return buffer;
    }

  decimal_read (&decimal, value);
  if (decimal.is_negative)
    g_string_append_c (text, '-');
  if (decimal.exponent > -6 && decimal.exponent <= 21)
    {
      append_plain (&decimal, text);
    }
  else
    {
      g_string_append_c (text, decimal.digits[0]);
      if (decimal.n_digits > 1)
        {
          g_string_append_c (text, '.');
          g_string_append_len (text, decimal.digits + 1, decimal.n_digits - 1);
        }
      g_string_append_printf (text, "e%d", decimal.exponent - 1);
    }

  g_strlcpy (buffer, text->str, QUOTES_DECIMAL_BUFFER_SIZE);
  return buffer;
}
