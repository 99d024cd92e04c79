/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert-window.h"
#include "quotes-alert.h"
#include "quotes-quote.h"

G_BEGIN_DECLS

/**
 * QuotesAlertObservation:
 * @now_us: running time: monotonic, plus the time that the machine slept
 * @age_us: how long ago the price was fetched, by the real time; 0 = just now
 * @rolling_percent: the change within 24 hours; NAN = the price is compared with a close
 * @stale_reason: with a reason @price is only what was known last
 *
 * What is seen of one instrument at one moment. Texts are borrowed.
 */
typedef struct
{
  gint64 now_us;
  gint64 age_us;
  double price;
  double previous_close;
  double rolling_percent;
  const char *instrument;
  const char *currency;
  const char *quoted_as;
  const char *contract;
  QuotesStaleReason stale_reason;
} QuotesAlertObservation;

void quotes_alert_observation_init (QuotesAlertObservation *self,
                                    const QuotesQuote *quote,
                                    gint64 now_us,
                                    gint64 real_us);

/* On which side of its condition a price was found. */
typedef enum
{
  QUOTES_ALERT_SIDE_UNKNOWN,
  QUOTES_ALERT_SIDE_UP,
  QUOTES_ALERT_SIDE_DOWN,
} QuotesAlertSide;

/**
 * QuotesAlertState:
 * @is_known: whether its condition was looked at, so that a crossing can be told from a first price
 * @is_armed: see #QuotesAlert
 * @side: while it is not armed, what has to go back; unknown = both
 * @has_basis: whether @instrument ... @price are of a price that was seen
 * @has_known_contract: whether any price said of which contract it is
 * @previous_close: the last one that was named since the price is of this contract
 * @waits_for_close: with change: the contract is new, and the close may be of the old one
 * @may_be_rolled: with change, after a restart: it may have waited for a close
 * @window: (nullable): with move
 * @snoozed_until_us: running time; 0 = not snoozed
 * @silent_until_us: running time: end of the cool-down
 * @failing_since_us: with provider, monotonic time; -1 = it does not fail
 *
 * What has to be remembered between two looks at one alert.
 */
typedef struct
{
  gboolean is_known;
  gboolean is_armed;
  QuotesAlertSide side;

  gboolean has_basis;
  gboolean has_known_contract;
  char *instrument;
  char *currency;
  char *quoted_as;
  char *contract;
  double price;
  double previous_close;
  gboolean waits_for_close;
  gboolean may_be_rolled;
  QuotesAlertWindow *window;

  gint64 snoozed_until_us;
  gint64 silent_until_us;
  gint64 failing_since_us;
} QuotesAlertState;

QuotesAlertState *quotes_alert_state_new (const QuotesAlert *alert);
QuotesAlertState *quotes_alert_state_new_loaded (const QuotesAlert *alert,
                                                 gint64 now_us,
                                                 gint64 real_us);
void quotes_alert_state_free (QuotesAlertState *self);
void quotes_alert_state_forget (QuotesAlertState *self);
void quotes_alert_state_take_basis (QuotesAlertState *self,
                                    const QuotesAlertObservation *observation);
gboolean quotes_alert_state_is_basis (const QuotesAlertState *self,
                                      const QuotesAlertObservation *observation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesAlertState, quotes_alert_state_free)

G_END_DECLS
