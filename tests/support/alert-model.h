/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-alert.h"
#include "quotes-quote.h"

G_BEGIN_DECLS

/* What one price of the history was: from when until when it counted. */
typedef struct
{
  gint64 from_us;
  gint64 until_us; /* G_MAXINT64 = it still counts */
  double price;
} AlertModelPrice;

/* One firing. */
typedef struct
{
  gint64 at_us;   /* true time */
  gint64 real_us; /* what the clock said */
  double value;
  gboolean is_missed;
} AlertModelFire;

/* What an alert should do, as said by the words of quotes-alert-rule.h and quotes-alerts.c, and as
 * plainly as it can be said: all prices are kept, and all of them are looked at each time. It is
 * told how much time really passed, whatever the clocks say. */
typedef struct
{
  QuotesAlert alert;
  gboolean is_enabled;
  gboolean is_known;
  gboolean is_armed;
  int beyond; /* 1 = it went off upwards, -1 = downwards, 0 = nobody knows */
  gboolean is_awaiting;
  gint64 awaited_not_us; /* the fetch that was known before the gap */

  GArray *prices;    /* (owned) (element-type AlertModelPrice): all of them */
  guint n_forgotten; /* of @prices, from the beginning */
  GArray *fires;     /* (owned) (element-type AlertModelFire) */

  QuotesQuote *before; /* (owned) (nullable): the price it compares with */
  gboolean has_named;  /* a contract, since it began */
  double close;        /* the last one of this contract; NAN = none */
  gboolean waits_for_close;
  gboolean was_loaded_unarmed;

  gint64 snoozed_until_us; /* true time */
  gint64 snoozed_until_real_us;
  gint64 silent_until_us; /* true time */

  gint64 failing_since_us; /* awake time; -1 = it is well */
} AlertModel;

AlertModel *alert_model_new (const QuotesAlert *alert);
void alert_model_free (AlertModel *self);
/* What the hub says: at which true time, with which clock. */
void alert_model_take (AlertModel *self, QuotesQuote *quote, gint64 now_us, gint64 real_us);
/* Nothing more was seen of its instrument than it began with. */
void alert_model_begin_anew (AlertModel *self);
void alert_model_set_enabled (AlertModel *self, gboolean is_enabled);
void alert_model_snooze (AlertModel *self, gint64 now_us, gint64 real_us, gint64 duration_us);
/* The machine falls asleep at a true time; what was fetched last. */
void alert_model_sleep (AlertModel *self, gint64 now_us, gint64 fetched_us);
/* Nobody knows how much time passed. */
void alert_model_lose_time (AlertModel *self);
/* It stopped at a true time, and begins again at another. */
void alert_model_restart (AlertModel *self, gint64 stopped_us, gint64 now_us, gint64 real_us);
/* How the provider is from now on, and before that: awake time is @now_us without sleep. */
void alert_model_take_provider (AlertModel *self,
                                gboolean is_failing,
                                gint64 awake_us,
                                gint64 now_us,
                                gint64 real_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlertModel, alert_model_free)

G_END_DECLS
