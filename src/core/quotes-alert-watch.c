/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-alert-watch.h"

#include "quotes-alert-rule.h"
#include "quotes-alerts.h"
#include "quotes-error.h"

static QuotesAlert *
get_alert (QuotesAlertWatch *self, guint i)
{
  return quotes_alert_list_get (self->list, i);
}

static QuotesAlertState *
get_state (QuotesAlertWatch *self, guint i)
{
  return quotes_alert_list_get_state (self->list, i);
}

static guint
get_n_alerts (QuotesAlertWatch *self)
{
  return self->list->alerts->len;
}

/* Whether prices are of use to it: its instrument is in the list. */
static gboolean
wants_quotes (QuotesAlertWatch *self, const QuotesAlert *alert)
{
  return alert->is_enabled && alert->symbol != NULL &&
         quotes_watchlist_lookup (quotes_hub_get_watchlist (self->hub), alert->symbol) != NULL;
}

QuotesAlertWatch *
quotes_alert_watch_new (QuotesHub *hub, QuotesPoller *poller, QuotesClock *clock)
{
  QuotesAlertWatch *self = g_new0 (QuotesAlertWatch, 1);

  self->hub = g_object_ref (hub);
  self->poller = poller != NULL ? g_object_ref (poller) : NULL;
  self->clock = g_object_ref (clock);
  self->list = quotes_alert_list_new ();
  self->gap = quotes_alert_gap_new ();
  quotes_alert_time_init (&self->time, clock);

  return self;
}

void
quotes_alert_watch_free (QuotesAlertWatch *self)
{
  quotes_alert_list_free (self->list);
  quotes_alert_gap_free (self->gap);
  g_clear_object (&self->hub);
  g_clear_object (&self->poller);
  g_clear_object (&self->clock);
  g_free (self);
}

/* The clocks are looked at whenever something happens, so that sleep can be told from the setting
 * of the real time. */
void
quotes_alert_watch_look_at_clock (QuotesAlertWatch *self)
{
  if (!quotes_alert_time_look (&self->time))
    return;
  for (guint i = 0; i < get_n_alerts (self); i++)
    if (get_state (self, i)->window != NULL)
      quotes_alert_window_clear (get_state (self, i)->window);
}

static void
fire_quote (QuotesAlertWatch *self,
            guint i,
            const QuotesQuote *quote,
            double value,
            gboolean is_missed)
{
  QuotesAlertFired fields = {
    .price = quote->price,
    .value = value,
    .currency = quote->currency,
    .name = quote->name,
    .decimals = quote->decimals,
    .fired_us = quotes_clock_get_real_us (self->clock),
    .is_missed = is_missed,
  };
  QuotesAlertFired *fired = quotes_alert_list_fire (self->list, i, &fields);

  if (is_missed)
    quotes_alert_gap_add_missed (self->gap, fired);
}

static void
observe_quote (QuotesAlertWatch *self, guint i, const QuotesQuote *quote)
{
  QuotesAlert *alert = get_alert (self, i);
  gboolean is_stale_kind = alert->kind == QUOTES_ALERT_STALE;
  gboolean is_missed = !is_stale_kind && quotes_alert_gap_is_end (self->gap, quote);
  QuotesAlertObservation observation;
  double value = NAN;

  if (is_stale_kind && quote->stale_reason != QUOTES_STALE_REASON_NONE &&
      quotes_alert_gap_awaits (self->gap, quote->symbol))
    return;

  quotes_alert_observation_init (&observation, quote, quotes_alert_time_get_now_us (&self->time),
                                 quotes_clock_get_real_us (self->clock));
  if (quotes_alert_rule_observe (alert, get_state (self, i), &observation, &value))
    fire_quote (self, i, quote, value, is_missed);
  else
    quotes_alert_list_settle (self->list, i);
}

static void
observe_provider (QuotesAlertWatch *self, guint i, const QuotesProviderStatus *status)
{
  gboolean is_failing = g_str_equal (status->state, "error") ||
                        g_str_equal (status->state, "open") ||
                        g_str_equal (status->state, "half-open");
  double value = NAN;
  QuotesAlertFired fields = {
    .price = NAN,
    .name = status->info->label,
    .fired_us = quotes_clock_get_real_us (self->clock),
  };

  /* Neither good nor bad: it did not answer yet. */
  if (g_str_equal (status->state, "waiting"))
    {
      get_state (self, i)->failing_since_us = -1;
      return;
    }
  if (!quotes_alert_rule_observe_provider (get_alert (self, i), get_state (self, i), is_failing,
                                           quotes_clock_get_monotonic_us (self->clock),
                                           quotes_alert_time_get_now_us (&self->time), &value))
    {
      quotes_alert_list_settle (self->list, i);
      return;
    }
  fields.value = value;
  quotes_alert_list_fire (self->list, i, &fields);
}

static QuotesProviderStatus *
find_status (GPtrArray *statuses, const char *provider)
{
  for (guint i = 0; i < statuses->len; i++)
    {
      QuotesProviderStatus *status = g_ptr_array_index (statuses, i);

      if (g_str_equal (status->info->id, provider))
        return status;
    }
  return NULL;
}

static void
observe_providers (QuotesAlertWatch *self)
{
  g_autoptr (GPtrArray) statuses = NULL;

  for (guint i = 0; i < get_n_alerts (self); i++)
    {
      QuotesAlert *alert = get_alert (self, i);
      QuotesProviderStatus *status = NULL;

      if (!alert->is_enabled || alert->provider == NULL || self->poller == NULL)
        continue;
      if (statuses == NULL)
        statuses = quotes_poller_dup_statuses (self->poller);
      status = find_status (statuses, alert->provider);
      if (status != NULL)
        observe_provider (self, i, status);
    }
}

/* What is there when an alert begins. */
void
quotes_alert_watch_begin (QuotesAlertWatch *self, guint i)
{
  QuotesAlert *alert = get_alert (self, i);
  QuotesQuote *quote =
    wants_quotes (self, alert) ? quotes_hub_lookup (self->hub, alert->symbol) : NULL;

  if (quote != NULL)
    observe_quote (self, i, quote);
  if (alert->provider != NULL)
    observe_providers (self);
}

static void
end_snoozes (QuotesAlertWatch *self)
{
  gint64 now_us = quotes_alert_time_get_now_us (&self->time);

  for (guint i = 0; i < get_n_alerts (self); i++)
    {
      QuotesAlertState *state = get_state (self, i);
      QuotesAlert fields = *get_alert (self, i);

      if (fields.snoozed_until_us == 0 || state->snoozed_until_us > now_us)
        continue;
      state->snoozed_until_us = 0;
      fields.snoozed_until_us = 0;
      quotes_alert_list_replace (self->list, i, &fields);
    }
}

/* (transfer full) (element-type utf8): the symbols that some alert looks at; the set borrows them
 */
static GHashTable *
list_symbols (QuotesAlertWatch *self)
{
  GHashTable *symbols = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < get_n_alerts (self); i++)
    if (wants_quotes (self, get_alert (self, i)))
      g_hash_table_add (symbols, (gpointer) get_alert (self, i)->symbol);

  return symbols;
}

/**
 * quotes_alert_watch_end_gap:
 *
 * Returns: (transfer full) (nullable) (element-type QuotesAlertFired): the digest, when it is time
 *   for it and anything was missed
 */
GPtrArray *
quotes_alert_watch_end_gap (QuotesAlertWatch *self)
{
  g_autoptr (GHashTable) symbols = NULL;
  g_autoptr (GHashTable) unseen = NULL;
  g_autoptr (GPtrArray) missed = NULL;

  if (quotes_alert_gap_is_closed (self->gap))
    return NULL;

  symbols = list_symbols (self);
  quotes_alert_gap_retain (self->gap, symbols);
  if (!quotes_alert_gap_is_over (self->gap, quotes_clock_get_monotonic_us (self->clock)))
    return NULL;

  missed = quotes_alert_gap_end (self->gap, &unseen);
  /* They may be stale since then. */
  for (guint i = 0; i < get_n_alerts (self); i++)
    if (get_alert (self, i)->kind == QUOTES_ALERT_STALE &&
        g_hash_table_contains (unseen, get_alert (self, i)->symbol))
      quotes_alert_watch_begin (self, i);

  return missed->len > 0 ? g_steal_pointer (&missed) : NULL;
}

/* The symbols of @quotes that are fresh were seen, whether their quotes are news or not. */
static void
settle_gap (QuotesAlertWatch *self, GPtrArray *quotes)
{
  for (guint i = 0; i < quotes->len; i++)
    {
      QuotesQuote *quote = g_ptr_array_index (quotes, i);

      if (quotes_alert_gap_is_end (self->gap, quote))
        quotes_alert_gap_settle (self->gap, quote->symbol,
                                 quotes_clock_get_monotonic_us (self->clock));
    }
}

/**
 * quotes_alert_watch_take_changed:
 * @changed: (element-type QuotesQuote): what one version of the hub has of news
 */
void
quotes_alert_watch_take_changed (QuotesAlertWatch *self, GPtrArray *changed)
{
  g_autoptr (GHashTable) quotes = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < changed->len; i++)
    {
      QuotesQuote *quote = g_ptr_array_index (changed, i);

      g_hash_table_insert (quotes, (gpointer) quote->symbol, quote);
    }
  for (guint i = 0; i < get_n_alerts (self); i++)
    {
      const QuotesAlert *alert = get_alert (self, i);
      QuotesQuote *quote = alert->is_enabled && alert->symbol != NULL
                             ? g_hash_table_lookup (quotes, alert->symbol)
                             : NULL;

      if (quote != NULL)
        observe_quote (self, i, quote);
    }
  settle_gap (self, changed);
}

/* A provider was asked. */
void
quotes_alert_watch_take_cycle (QuotesAlertWatch *self)
{
  settle_gap (self, quotes_hub_get_snapshot (self->hub)->quotes);
  observe_providers (self);
}

/* Some time is over. */
void
quotes_alert_watch_take_time (QuotesAlertWatch *self)
{
  end_snoozes (self);
  observe_providers (self);
}

/* When something happens without anybody telling us: a snooze ends, a provider has failed for long
 * enough, the digest is due. G_MAXINT64 = never. */
gint64
quotes_alert_watch_get_next_us (QuotesAlertWatch *self)
{
  gint64 next_us = quotes_alert_gap_get_end_us (self->gap);

  for (guint i = 0; i < get_n_alerts (self); i++)
    {
      const QuotesAlert *alert = get_alert (self, i);
      const QuotesAlertState *state = get_state (self, i);

      if (alert->snoozed_until_us != 0)
        next_us =
          MIN (next_us, quotes_alert_time_to_monotonic_us (&self->time, state->snoozed_until_us));
      if (alert->is_enabled && alert->provider != NULL && state->is_armed &&
          state->failing_since_us >= 0)
        next_us = MIN (next_us, state->failing_since_us + alert->window_us);
    }
  return next_us;
}

/* From now on the first fresh quote of each symbol shows what was missed. */
void
quotes_alert_watch_await_all (QuotesAlertWatch *self)
{
  for (guint i = 0; i < get_n_alerts (self); i++)
    {
      const char *symbol = get_alert (self, i)->symbol;

      if (wants_quotes (self, get_alert (self, i)))
        quotes_alert_gap_await (self->gap, symbol, quotes_hub_lookup (self->hub, symbol));
    }
}

/* The machine slept: what is seen first now shows what was missed. */
void
quotes_alert_watch_wake_up (QuotesAlertWatch *self)
{
  gint64 now_us = quotes_alert_time_get_now_us (&self->time);
  gboolean is_known = quotes_alert_time_wake_up (&self->time);

  for (guint i = 0; i < get_n_alerts (self); i++)
    {
      QuotesAlertState *state = get_state (self, i);

      quotes_alert_rule_pause (state, now_us);
      if (!is_known && state->window != NULL)
        quotes_alert_window_clear (state->window);
    }
  quotes_alert_watch_await_all (self);
}

gboolean
quotes_alert_watch_wants_prices (QuotesAlertWatch *self)
{
  for (guint i = 0; i < get_n_alerts (self); i++)
    if (wants_quotes (self, get_alert (self, i)))
      return TRUE;
  return FALSE;
}

static gboolean
knows_provider (QuotesAlertWatch *self, const char *provider)
{
  g_autoptr (GPtrArray) statuses = NULL;

  if (self->poller == NULL)
    return FALSE;
  statuses = quotes_poller_dup_statuses (self->poller);
  return find_status (statuses, provider) != NULL;
}

/* Whether there is what @fields speaks of, and room for one more. */
gboolean
quotes_alert_watch_check (QuotesAlertWatch *self, const QuotesAlert *fields, GError **error)
{
  if (fields->kind == QUOTES_ALERT_PROVIDER && !knows_provider (self, fields->provider))
    {
      g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_ALERT,
                           "Could not add the alert: there is no such provider");
      return FALSE;
    }
  if (fields->kind != QUOTES_ALERT_PROVIDER &&
      quotes_watchlist_lookup (quotes_hub_get_watchlist (self->hub), fields->symbol) == NULL)
    {
      g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_UNKNOWN_SYMBOL,
                           "Could not add the alert: its symbol is not in the list");
      return FALSE;
    }
  if (get_n_alerts (self) >= QUOTES_ALERTS_MAX)
    {
      g_set_error (error, QUOTES_ERROR, QUOTES_ERROR_LIST_FULL,
                   "Could not add the alert: there are %d already", QUOTES_ALERTS_MAX);
      return FALSE;
    }
  return TRUE;
}
