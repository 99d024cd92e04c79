/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"

G_BEGIN_DECLS

/**
 * QuotesAlertOptions:
 * @within: (nullable): `--within`
 * @how_long: (nullable): `--for`
 * @cooldown: (nullable): `--cooldown`
 * @hysteresis: (nullable): `--hysteresis`
 * @direction: (nullable): `--direction`
 * @note: (nullable): `--note`
 * @is_repeating: `--repeat`
 *
 * What the options of `marketwell alert` say, as it was typed; owned by what
 * quotes_alert_options_clear() is called for.
 */
typedef struct
{
  const char *within;
  const char *how_long;
  const char *cooldown;
  const char *hysteresis;
  const char *direction;
  const char *note;
  gboolean is_repeating;
} QuotesAlertOptions;

void quotes_alert_options_clear (QuotesAlertOptions *self);

/* `SYMBOL above|below LEVEL`, `SYMBOL move|change PERCENT`, `SYMBOL stale`, `PROVIDER failing`. */
gboolean quotes_alert_argument_read (const char *const *words,
                                     const QuotesAlertOptions *options,
                                     QuotesAlert *fields,
                                     GError **error);
/* For how long: an hour when nothing is said; 0 = it is woken. */
gboolean quotes_alert_argument_read_snooze (const QuotesAlertOptions *options,
                                            gint64 *duration_us,
                                            GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QuotesAlertOptions, quotes_alert_options_clear)

G_END_DECLS
