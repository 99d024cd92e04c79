/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-await.h"

void
quotes_await_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

/**
 * quotes_await:
 * @result: what quotes_await_cb() fills
 *
 * Handles events of the default main context until the answer is there.
 */
void
quotes_await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}
