/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * QuotesKey:
 *
 * What a key of the terminal means to us.
 */
typedef enum
{
  QUOTES_KEY_NONE,
  QUOTES_KEY_QUIT,
  QUOTES_KEY_SUSPEND,
  QUOTES_KEY_REDRAW,
  QUOTES_KEY_UP,
  QUOTES_KEY_DOWN,
  QUOTES_KEY_PAGE_UP,
  QUOTES_KEY_PAGE_DOWN,
  QUOTES_KEY_FIRST,
  QUOTES_KEY_LAST,
} QuotesKey;

typedef void (*QuotesKeyFunc) (QuotesKey key, gpointer user_data);

typedef struct _QuotesTerminal QuotesTerminal;

QuotesTerminal *quotes_terminal_enter (QuotesKeyFunc func, gpointer user_data);
void quotes_terminal_leave (QuotesTerminal *self);
void quotes_terminal_suspend (QuotesTerminal *self);
void quotes_terminal_get_size (QuotesTerminal *self, guint *width, guint *height);
gboolean quotes_terminal_can_show (void);

/* Pure, for tests: takes one key off the front of @bytes; returns how many bytes it had. */
gsize quotes_terminal_read_key (const char *bytes, gsize size, QuotesKey *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesTerminal, quotes_terminal_leave)

G_END_DECLS
