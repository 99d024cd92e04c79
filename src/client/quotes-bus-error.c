/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "quotes-bus-error.h"

#include <glib/gi18n.h>

#include "quotes-client.h"

static const struct
{
  const char *name;
  QuotesClientError code;
} remote_errors[] = {
  {APP_ID ".Error.InvalidInstrument", QUOTES_CLIENT_ERROR_INVALID_INSTRUMENT},
  {APP_ID ".Error.UnknownSymbol", QUOTES_CLIENT_ERROR_UNKNOWN_SYMBOL},
  {APP_ID ".Error.NoQuote", QUOTES_CLIENT_ERROR_NO_QUOTE},
  {APP_ID ".Error.NoHistory", QUOTES_CLIENT_ERROR_NO_HISTORY},
  {APP_ID ".Error.ListFull", QUOTES_CLIENT_ERROR_LIST_FULL},
  {APP_ID ".Error.InvalidAlert", QUOTES_CLIENT_ERROR_INVALID_ALERT},
  {APP_ID ".Error.UnknownAlert", QUOTES_CLIENT_ERROR_UNKNOWN_ALERT},
  {"org.freedesktop.DBus.Error.LimitsExceeded", QUOTES_CLIENT_ERROR_LIMITS_EXCEEDED},
  {"org.freedesktop.DBus.Error.InvalidArgs", QUOTES_CLIENT_ERROR_INVALID_ARGUMENT},
};

/* What the bus says when nobody has the name and nobody could be started for it, or it went away.
 */
static const char *const unavailable_errors[] = {
  "org.freedesktop.DBus.Error.Disconnected",   "org.freedesktop.DBus.Error.NameHasNoOwner",
  "org.freedesktop.DBus.Error.NoReply",        "org.freedesktop.DBus.Error.NoServer",
  "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.TimedOut",
  "org.freedesktop.DBus.Error.Timeout",        NULL,
};

static gboolean
is_unavailable (const GError *error, const char *name)
{
  if (name == NULL)
    return error->domain == G_IO_ERROR && error->code != G_IO_ERROR_INVALID_ARGUMENT;

  return g_strv_contains (unavailable_errors, name) ||
         g_str_has_prefix (name, "org.freedesktop.DBus.Error.Spawn.");
}

/**
 * quotes_bus_error_translate:
 * @error: what a call gave
 *
 * Returns: (transfer full): the #QuotesClientError for it, or a copy when the call was cancelled
 */
GError *
quotes_bus_error_translate (const GError *error)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) stripped = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);

  name = g_dbus_error_get_remote_error (error);
  stripped = g_error_copy (error);
  g_dbus_error_strip_remote_error (stripped);

  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (remote_errors); i++)
    if (g_str_equal (remote_errors[i].name, name))
      return g_error_new_literal (QUOTES_CLIENT_ERROR, (int) remote_errors[i].code,
                                  stripped->message);
  if (is_unavailable (error, name))
    return g_error_new_literal (QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_UNAVAILABLE,
                                _ ("The service is not running and could not be started"));
  if (name == NULL)
    return g_error_new_literal (QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_BAD_ANSWER,
                                _ ("The service gave an answer that cannot be understood"));

  return g_error_new_literal (QUOTES_CLIENT_ERROR, QUOTES_CLIENT_ERROR_REFUSED, stripped->message);
}
