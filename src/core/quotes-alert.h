/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>
#include <math.h>

G_BEGIN_DECLS

/**
 * QuotesAlertKind:
 * @QUOTES_ALERT_ABOVE: the price rises to a level or over it
 * @QUOTES_ALERT_BELOW: the price falls to a level or under it
 * @QUOTES_ALERT_MOVE: the price moves by some percent within a window
 * @QUOTES_ALERT_CHANGE: the price is some percent away from the previous close
 * @QUOTES_ALERT_STALE: the quote becomes stale
 * @QUOTES_ALERT_PROVIDER: a provider fails for some time
 */
typedef enum
{
  QUOTES_ALERT_ABOVE,
  QUOTES_ALERT_BELOW,
  QUOTES_ALERT_MOVE,
  QUOTES_ALERT_CHANGE,
  QUOTES_ALERT_STALE,
  QUOTES_ALERT_PROVIDER,
} QuotesAlertKind;

#define QUOTES_N_ALERT_KINDS (QUOTES_ALERT_PROVIDER + 1)

/**
 * QuotesAlertDirection:
 *
 * Which moves and changes count.
 */
typedef enum
{
  QUOTES_ALERT_EITHER,
  QUOTES_ALERT_UP,
  QUOTES_ALERT_DOWN,
} QuotesAlertDirection;

#define QUOTES_N_ALERT_DIRECTIONS (QUOTES_ALERT_DOWN + 1)

/* `above`, `below`, `move`, `change`, `stale`, `provider`. */
const char *quotes_alert_kind_to_string (QuotesAlertKind kind);
gboolean quotes_alert_kind_from_string (const char *text, QuotesAlertKind *kind);
/* `either`, `up`, `down`. */
const char *quotes_alert_direction_to_string (QuotesAlertDirection direction);
gboolean quotes_alert_direction_from_string (const char *text, QuotesAlertDirection *direction);

#define QUOTES_TYPE_ALERT (quotes_alert_get_type ())

/**
 * QuotesAlert:
 * @id: a decimal number, never used twice; %NULL before it is added
 * @kind: what it waits for
 * @symbol: (nullable): of which instrument; %NULL with @QUOTES_ALERT_PROVIDER
 * @provider: (nullable): which provider; only with @QUOTES_ALERT_PROVIDER
 * @level: with above and below, in the currency of the instrument; else NAN
 * @percent: with move and change, greater than 0; else NAN
 * @direction: with move and change
 * @window_us: with move: within which time; with provider: for how long it has to fail; else 0
 * @is_repeating: %FALSE = it is switched off when it has fired
 * @cooldown_us: how long a repeating one is silent after it fired
 * @hysteresis_percent: how far the price has to go back before it can fire again: of the level, of
 *   the reference price, or in points of the change; 0 = any step back
 * @note: (nullable): the user's own words
 * @is_enabled: %FALSE = it never fires
 * @snoozed_until_us: real time until which it does not fire; 0 = it is not snoozed
 * @created_us: real time
 * @fired_us: real time when it fired last; 0 = never
 * @n_fired: how many times
 * @is_armed: its condition was not met when last looked at; while it is still met after firing, or
 *   from the beginning, it waits until the price went back by the hysteresis
 *
 * One alert of the user. Immutable; a change makes a new one of the same id.
 */
typedef struct
{
  const char *id;
  QuotesAlertKind kind;
  const char *symbol;
  const char *provider;
  double level;
  double percent;
  QuotesAlertDirection direction;
  gint64 window_us;
  gboolean is_repeating;
  gint64 cooldown_us;
  double hysteresis_percent;
  const char *note;
  gboolean is_enabled;
  gint64 snoozed_until_us;
  gint64 created_us;
  gint64 fired_us;
  guint n_fired;
  gboolean is_armed;
} QuotesAlert;

/* What an alert is that the user says nothing more about. */
#define QUOTES_ALERT_INIT                                                                          \
  {                                                                                                \
    .level = NAN, .percent = NAN, .cooldown_us = G_GINT64_CONSTANT (3600000000),                   \
    .hysteresis_percent = 0.1, .is_enabled = TRUE,                                                 \
  }

GType quotes_alert_get_type (void);

QuotesAlert *quotes_alert_new (const QuotesAlert *fields);
QuotesAlert *quotes_alert_ref (QuotesAlert *self);
void quotes_alert_unref (QuotesAlert *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesAlert, quotes_alert_unref)

#define QUOTES_TYPE_ALERT_FIRED (quotes_alert_fired_get_type ())

/**
 * QuotesAlertFired:
 * @alert: (owned): as it is after firing
 * @price: (nullable): of the instrument then; NAN with provider
 * @value: what met the condition: the price (above, below), the percent (move, change), the age in
 *   seconds (stale), the seconds of failing (provider)
 * @currency: (owned) (nullable): of @price
 * @name: (owned): of the instrument or provider, for people
 * @decimals: to show of @price
 * @fired_us: real time
 * @is_missed: it became true while we were not there: told in a digest
 *
 * That an alert fired. Immutable.
 */
typedef struct
{
  QuotesAlert *alert;
  double price;
  double value;
  const char *currency;
  const char *name;
  int decimals;
  gint64 fired_us;
  gboolean is_missed;
} QuotesAlertFired;

GType quotes_alert_fired_get_type (void);

QuotesAlertFired *quotes_alert_fired_new (const QuotesAlertFired *fields);
QuotesAlertFired *quotes_alert_fired_ref (QuotesAlertFired *self);
void quotes_alert_fired_unref (QuotesAlertFired *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuotesAlertFired, quotes_alert_fired_unref)

G_END_DECLS
