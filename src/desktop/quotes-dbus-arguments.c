/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-dbus-arguments.h"

#include <glib/gi18n.h>

#include "quotes-error.h"
#include "quotes-watchlist.h"

/* Rule H6. */
#define MAX_STRING (8 * 1024)
#define MAX_DICTIONARY 64
/* More than every symbol of a full list, far less than the bus would carry. */
#define MAX_ARGUMENTS (1024 * 1024)

/**
 * quotes_dbus_arguments_check:
 * @arguments: the arguments of a call
 * @error: return location for %QUOTES_ERROR_INVALID_ARGUMENT
 *
 * Applies the limits of rule H6 to every string, array and dictionary in @arguments, however deep.
 * The bus has checked the types before, and bounds the depth.
 *
 * Returns: whether all are kept
 */
gboolean
quotes_dbus_arguments_check (GVariant *arguments, GError **error)
{
  gsize n_children = 0;

  if (g_variant_get_size (arguments) > MAX_ARGUMENTS)
    {
      g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ARGUMENT,
                           _ ("The arguments are too long"));
      return FALSE;
    }
  if (g_variant_is_of_type (arguments, G_VARIANT_TYPE_STRING))
    {
      if (g_variant_get_size (arguments) <= MAX_STRING + 1)
        return TRUE;
      g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ARGUMENT,
                           _ ("A text is longer than 8 KiB"));
      return FALSE;
    }
  if (!g_variant_is_container (arguments))
    return TRUE;

  n_children = g_variant_n_children (arguments);
  if (n_children > QUOTES_WATCHLIST_MAX ||
      (g_variant_is_of_type (arguments, G_VARIANT_TYPE_DICTIONARY) && n_children > MAX_DICTIONARY))
    {
      g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ARGUMENT,
                           _ ("The list is too long"));
      return FALSE;
    }

  for (gsize i = 0; i < n_children; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (arguments, i);

      if (!quotes_dbus_arguments_check (child, error))
        return FALSE;
    }
  return TRUE;
}
