/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-dbus-error.h"

#include <glib/gi18n.h>

/* As much of a caller's own text as an error message repeats, in characters. */
#define MAX_ECHO 64

/* The one place where our errors become the bus's. Every code has a name; callers rely on it. */
static const GDBusErrorEntry error_names[] = {
  {QUOTES_ERROR_INVALID_INSTRUMENT, APP_ID ".Error.InvalidInstrument"},
  {QUOTES_ERROR_UNKNOWN_SYMBOL, APP_ID ".Error.UnknownSymbol"},
  {QUOTES_ERROR_NO_QUOTE, APP_ID ".Error.NoQuote"},
  {QUOTES_ERROR_LIST_FULL, APP_ID ".Error.ListFull"},
  {QUOTES_ERROR_LIMITS_EXCEEDED, "org.freedesktop.DBus.Error.LimitsExceeded"},
  {QUOTES_ERROR_INVALID_ARGUMENT, "org.freedesktop.DBus.Error.InvalidArgs"},
  {QUOTES_ERROR_NO_HISTORY, APP_ID ".Error.NoHistory"},
  {QUOTES_ERROR_INVALID_ALERT, APP_ID ".Error.InvalidAlert"},
  {QUOTES_ERROR_UNKNOWN_ALERT, APP_ID ".Error.UnknownAlert"},
};
G_STATIC_ASSERT (G_N_ELEMENTS (error_names) == QUOTES_N_ERRORS);

static char *
dup_echo (const char *text)
{
  if (g_utf8_strlen (text, -1) <= MAX_ECHO)
    return g_strdup (text);

  return g_utf8_substring (text, 0, MAX_ECHO);
}

/* What a person is told; @text is what the caller asked about. */
static char *
dup_message (const GError *error, const char *text)
{
  g_autofree char *echo = dup_echo (text);

  switch ((QuotesError) error->code)
    {
    case QUOTES_ERROR_INVALID_INSTRUMENT:
      return g_strdup_printf (_ ("No provider can have “%s”; type it as PROVIDER:NAME"), echo);
    case QUOTES_ERROR_UNKNOWN_SYMBOL:
      return g_strdup_printf (_ ("“%s” is not in the list"), echo);
    case QUOTES_ERROR_NO_QUOTE:
      return g_strdup_printf (_ ("“%s” has no price yet"), echo);
    case QUOTES_ERROR_LIST_FULL:
      return g_strdup (_ ("The list is full; remove an instrument first"));
    case QUOTES_ERROR_LIMITS_EXCEEDED:
      return g_strdup (_ ("Too much at once; wait for the answers first"));
    case QUOTES_ERROR_NO_HISTORY:
      return g_strdup (_ ("Nothing is kept of the past"));
    case QUOTES_ERROR_UNKNOWN_ALERT:
      return g_strdup_printf (_ ("There is no alert “%s”"), echo);
    case QUOTES_ERROR_INVALID_ARGUMENT:
    case QUOTES_ERROR_INVALID_ALERT:
    default:
      return g_strdup (error->message);
    }
}

/**
 * quotes_dbus_return_error:
 * @invocation: (transfer full): the call
 * @error: a #QuotesError
 * @text: what the caller asked about; the message repeats it
 */
void
quotes_dbus_return_error (GDBusMethodInvocation *invocation, const GError *error, const char *text)
{
  g_autofree char *message = NULL;

  g_assert (error->domain == QUOTES_ERROR);

  message = dup_message (error, text);
  for (gsize i = 0; i < G_N_ELEMENTS (error_names); i++)
    if (error_names[i].error_code == error->code)
      {
        g_dbus_method_invocation_return_dbus_error (invocation, error_names[i].dbus_error_name,
                                                    message);
        return;
      }
  g_assert_not_reached ();
}

void
quotes_dbus_return_code (GDBusMethodInvocation *invocation, QuotesError code, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (QUOTES_ERROR, (int) code, "");

  quotes_dbus_return_error (invocation, error, text);
}
