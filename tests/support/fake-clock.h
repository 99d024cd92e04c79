/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-clock.h"

G_BEGIN_DECLS

/* A clock that stands still until the test moves it; alarms then go off in the order of their time.
 */
#define FAKE_TYPE_CLOCK (fake_clock_get_type ())
G_DECLARE_FINAL_TYPE (FakeClock, fake_clock, FAKE, CLOCK, GObject)

FakeClock *fake_clock_new (void);
void fake_clock_advance_us (FakeClock *self, gint64 us);
/* Steps the real time only, as a user who sets the date does. */
void fake_clock_step_real_us (FakeClock *self, gint64 us);
guint fake_clock_get_n_alarms (FakeClock *self);

G_END_DECLS
