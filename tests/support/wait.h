/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Iterates the default main context until @condition holds; fails the test after @seconds (times
 * MARKETWELL_TEST_SLOW). */
#define wait_until(condition, seconds)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    WaitDeadline wait_deadline_;                                                                   \
    wait_begin (&wait_deadline_, (seconds));                                                       \
    while (!(condition))                                                                           \
      wait_iterate (&wait_deadline_, #condition, __FILE__, __LINE__);                              \
  }                                                                                                \
  G_STMT_END

typedef struct
{
  gint64 end_us;
} WaitDeadline;

void wait_begin (WaitDeadline *self, double seconds);
void wait_iterate (WaitDeadline *self, const char *condition, const char *file, int line);
/* Handles what is ready now, and returns. */
void wait_settle (void);

G_END_DECLS
