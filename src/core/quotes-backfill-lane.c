/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-backfill-lane.h"

#include "quotes-hole.h"

#define SECOND_US G_GINT64_CONSTANT (1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
/* Between two requests: a public host is in no hurry, and nobody's archive writes bars only. */
#define PUBLIC_SPACING_MIN_S 5.0
#define PUBLIC_SPACING_MAX_S 10.0
#define SPACING_US (SECOND_US / 10)
/* How long until it is worth looking again whether it may be asked. */
#define RECHECK_US (30 * SECOND_US)
/* After a host that was not there or did not work, and after one that refused us: longer than any
 * time that hosts ask for in a header. */
#define TROUBLE_PAUSE_US MINUTE_US
#define REFUSED_PAUSE_US HOUR_US
/* The oldest bar is among them, and that is what counts. */
#define N_POINTS_LOOKED_AT QUOTES_HISTORY_POINTS_MIN

/**
 * QuotesBackfillLane:
 *
 * The holes that one provider is to fill, one request after another: never two at once, apart as
 * the host is treated, and not at all while it is held or the host is in trouble.
 */
struct _QuotesBackfillLane
{
  GObject parent_instance;

  QuotesProvider *provider; /* (owned) */
  QuotesBreaker *breaker;   /* (owned) */
  QuotesArchive *archive;   /* (owned) */
  QuotesClock *clock;       /* (owned) */
  GRand *random;            /* (owned) */
  gboolean is_public;
  gboolean is_held;
  gboolean is_stopped;
  GQueue holes;        /* (element-type QuotesHole) (owned): in the order in which they came */
  QuotesHole *current; /* (owned) (nullable): what is being done */
  GCancellable *cancellable; /* (owned) (nullable): of @current */
  GHashTable *hopeless;      /* (owned) (element-type utf8): texts of which there is no history */
  gint64 next_us;            /* monotonic: no request before */
  guint alarm_id;
};

G_DEFINE_FINAL_TYPE (QuotesBackfillLane, quotes_backfill_lane, G_TYPE_OBJECT)

static const QuotesHistoryOffer *
get_offer (QuotesBackfillLane *self)
{
  return quotes_provider_get_history_offer (self->provider);
}

static void
clear_alarm (QuotesBackfillLane *self)
{
  guint alarm_id = self->alarm_id;

  self->alarm_id = 0;
  if (alarm_id != 0)
    quotes_clock_remove_alarm (self->clock, alarm_id);
}

static void begin_next_cb (gpointer user_data);

/* When the next hole is due: the one that has waited for longest goes first. */
static void
set_alarm (QuotesBackfillLane *self)
{
  gint64 at_us = G_MAXINT64;

  clear_alarm (self);
  if (self->is_stopped || self->is_held || self->current != NULL)
    return;
  for (GList *link = self->holes.head; link != NULL; link = link->next)
    at_us = MIN (at_us, ((QuotesHole *) link->data)->not_before_us);
  if (at_us < G_MAXINT64)
    self->alarm_id = quotes_clock_add_alarm (
      self->clock, MAX (MAX (at_us, self->next_us), quotes_clock_get_monotonic_us (self->clock)),
      begin_next_cb, self);
}

static void
put_off (QuotesBackfillLane *self, gint64 us)
{
  self->next_us = MAX (self->next_us, quotes_clock_get_monotonic_us (self->clock) + us);
}

static void
space_out (QuotesBackfillLane *self)
{
  put_off (self, self->is_public
                   ? (gint64) (g_rand_double_range (self->random, PUBLIC_SPACING_MIN_S,
                                                    PUBLIC_SPACING_MAX_S) *
                               (double) SECOND_US)
                   : SPACING_US);
}

/* Ends what is being done. @again: whether the hole is still there */
static void
end_current (QuotesBackfillLane *self, gboolean again)
{
  QuotesHole *hole = g_steal_pointer (&self->current);

  g_clear_object (&self->cancellable);
  if (again && !self->is_stopped)
    g_queue_push_head (&self->holes, hole);
  else
    quotes_hole_free (hole);
  set_alarm (self);
}

static void
end_by_failure (QuotesBackfillLane *self)
{
  quotes_hole_fail (self->current, quotes_clock_get_monotonic_us (self->clock));
  end_current (self, TRUE);
}

/* One of the answers is kept, or there was nothing to keep. */
static void
end_by_success (QuotesBackfillLane *self)
{
  end_current (self, quotes_hole_succeed (self->current));
}

static void
fill_kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QuotesBackfillLane) self = QUOTES_BACKFILL_LANE (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_kept = quotes_archive_fill_finish (QUOTES_ARCHIVE (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    end_current (self, FALSE);
  else if (is_kept)
    end_by_success (self);
  else
    end_by_failure (self);
}

static void
take_error (QuotesBackfillLane *self, const GError *error)
{
  switch (quotes_hole_judge_error (error))
    {
    case QUOTES_HOLE_LATER:
      put_off (self, RECHECK_US);
      end_current (self, TRUE);
      return;
    case QUOTES_HOLE_HOPELESS:
      g_hash_table_add (self->hopeless, g_strdup (self->current->instrument->text));
      end_current (self, FALSE);
      return;
    case QUOTES_HOLE_TOO_MANY_BARS:
      if (quotes_hole_take_longer (self->current, get_offer (self)))
        {
          end_current (self, TRUE);
          return;
        }
      break;
    case QUOTES_HOLE_REFUSED:
      put_off (self, REFUSED_PAUSE_US);
      break;
    case QUOTES_HOLE_HOST_FAILED:
      put_off (self, TROUBLE_PAUSE_US);
      break;
    case QUOTES_HOLE_FAILED:
    default:
      break;
    }

  /* It is the host that has had enough of us, and the prices come from there too. */
  if (g_error_matches (error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_RATE_LIMITED))
    quotes_breaker_report_failure (self->breaker, error, -1);
  g_info ("No history of %s: %s", self->current->instrument->symbol, error->message);
  end_by_failure (self);
}

static void
asked_provider_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QuotesBackfillLane) self = QUOTES_BACKFILL_LANE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesHistory) history =
    quotes_provider_history_finish (QUOTES_PROVIDER (source), result, &error);
  g_autoptr (QuotesHistory) cut = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      end_current (self, FALSE);
      return;
    }
  space_out (self);
  if (history == NULL)
    {
      take_error (self, error);
      return;
    }

  cut = quotes_hole_cut (history, quotes_hole_get_begin_us (self->current, get_offer (self)),
                         self->current->to_us);
  if (cut->bars->len == 0)
    end_by_success (self);
  else
    quotes_archive_fill_async (self->archive, cut, self->cancellable, fill_kept_cb,
                               g_object_ref (self));
}

static void
ask_provider (QuotesBackfillLane *self)
{
  QuotesHole *hole = self->current;

  quotes_hole_choose (hole, get_offer (self), quotes_clock_get_real_us (self->clock));
  quotes_provider_history_async (self->provider, hole->instrument, hole->asked,
                                 quotes_hole_get_begin_us (hole, get_offer (self)), hole->to_us,
                                 self->cancellable, asked_provider_cb, g_object_ref (self));
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (QuotesBackfillLane) self = QUOTES_BACKFILL_LANE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesHistory) kept =
    quotes_archive_read_history_finish (QUOTES_ARCHIVE (source), result, &error);
  QuotesHole *hole = self->current;

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      end_current (self, FALSE);
      return;
    }
  if (kept == NULL)
    {
      end_by_failure (self);
      return;
    }

  hole->is_unseen = FALSE;
  if (!quotes_hole_was_filled (kept))
    quotes_hole_make_first (hole, get_offer (self));
  if (hole->is_first || hole->from_us != 0)
    ask_provider (self);
  else
    end_current (self, FALSE);
}

/* Returns: (transfer full) (nullable): the first one that is due */
static QuotesHole *
steal_due (QuotesBackfillLane *self)
{
  gint64 now_us = quotes_clock_get_monotonic_us (self->clock);

  for (GList *link = self->holes.head; link != NULL; link = link->next)
    if (((QuotesHole *) link->data)->not_before_us <= now_us)
      {
        QuotesHole *hole = link->data;

        g_queue_delete_link (&self->holes, link);
        return hole;
      }
  return NULL;
}

static void
begin_next_cb (gpointer user_data)
{
  QuotesBackfillLane *self = QUOTES_BACKFILL_LANE (user_data);

  self->alarm_id = 0;
  if (quotes_breaker_get_state (self->breaker) != QUOTES_BREAKER_CLOSED ||
      !g_str_equal (quotes_archive_get_state (self->archive), "ok"))
    {
      put_off (self, RECHECK_US);
      set_alarm (self);
      return;
    }

  self->current = steal_due (self);
  if (self->current == NULL)
    {
      set_alarm (self);
      return;
    }
  self->cancellable = g_cancellable_new ();
  if (self->current->is_unseen)
    quotes_archive_read_history_async (self->archive, self->current->instrument->symbol,
                                       QUOTES_RANGE_MAX, N_POINTS_LOOKED_AT, self->cancellable,
                                       looked_cb, g_object_ref (self));
  else
    ask_provider (self);
}

static void
quotes_backfill_lane_dispose (GObject *object)
{
  QuotesBackfillLane *self = QUOTES_BACKFILL_LANE (object);

  if (self->clock != NULL)
    quotes_backfill_lane_stop (self);
  g_clear_object (&self->provider);
  g_clear_object (&self->breaker);
  g_clear_object (&self->archive);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_backfill_lane_parent_class)->dispose (object);
}

static void
quotes_backfill_lane_finalize (GObject *object)
{
  QuotesBackfillLane *self = QUOTES_BACKFILL_LANE (object);

  g_hash_table_unref (self->hopeless);
  g_rand_free (self->random);

  G_OBJECT_CLASS (quotes_backfill_lane_parent_class)->finalize (object);
}

static void
quotes_backfill_lane_class_init (QuotesBackfillLaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_backfill_lane_dispose;
  object_class->finalize = quotes_backfill_lane_finalize;
}

static void
quotes_backfill_lane_init (QuotesBackfillLane *self)
{
  g_queue_init (&self->holes);
  self->hopeless = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * quotes_backfill_lane_new:
 * @provider: one that has history
 * @breaker: of its host
 * @is_public: whether that is a public one
 * @archive: where the bars go
 * @random: (transfer full): for the spacing
 *
 * Returns: (transfer full): one without holes
 */
QuotesBackfillLane *
quotes_backfill_lane_new (QuotesProvider *provider,
                          QuotesBreaker *breaker,
                          gboolean is_public,
                          QuotesArchive *archive,
                          QuotesClock *clock,
                          GRand *random)
{
  QuotesBackfillLane *self = g_object_new (QUOTES_TYPE_BACKFILL_LANE, NULL);

  self->provider = g_object_ref (provider);
  self->breaker = g_object_ref (breaker);
  self->is_public = is_public;
  self->archive = g_object_ref (archive);
  self->clock = g_object_ref (clock);
  self->random = random;

  return self;
}

QuotesProvider *
quotes_backfill_lane_get_provider (QuotesBackfillLane *self)
{
  g_return_val_if_fail (QUOTES_IS_BACKFILL_LANE (self), NULL);

  return self->provider;
}

gboolean
quotes_backfill_lane_is_public (QuotesBackfillLane *self)
{
  g_return_val_if_fail (QUOTES_IS_BACKFILL_LANE (self), FALSE);

  return self->is_public;
}

static QuotesHole *
find_waiting (QuotesBackfillLane *self, const char *symbol)
{
  for (GList *link = self->holes.head; link != NULL; link = link->next)
    if (g_str_equal (((QuotesHole *) link->data)->instrument->symbol, symbol))
      return link->data;
  return NULL;
}

/**
 * quotes_backfill_lane_add:
 * @from_us: real time of the last price before the hole; 0 = there is no hole, or none is known
 * @to_us: real time of the first price after it
 * @is_first: whether the instrument's first price of this run has just come: if it was never filled
 *   at all, that is done instead
 *
 * Holes of one instrument that wait are filled together; what lies between them was recorded, and
 * stays. There is no history of an instrument whose host once said so.
 */
void
quotes_backfill_lane_add (QuotesBackfillLane *self,
                          QuotesInstrument *instrument,
                          gint64 from_us,
                          gint64 to_us,
                          gboolean is_first)
{
  QuotesHole *hole = NULL;

  g_return_if_fail (QUOTES_IS_BACKFILL_LANE (self));

  if (self->is_stopped || g_hash_table_contains (self->hopeless, instrument->text))
    return;
  hole = find_waiting (self, instrument->symbol);
  if (hole != NULL)
    {
      hole->from_us = hole->from_us != 0 ? hole->from_us : from_us;
      hole->to_us = to_us;
      return;
    }

  hole = quotes_hole_new (instrument, from_us, to_us);
  hole->is_unseen = is_first;
  /* The price that shows the hole has just come, and goes out before anything else is done. */
  if (self->current == NULL && g_queue_is_empty (&self->holes))
    space_out (self);
  g_queue_push_tail (&self->holes, hole);
  set_alarm (self);
}

/* What is under way for it is cancelled. */
void
quotes_backfill_lane_remove (QuotesBackfillLane *self, const char *symbol)
{
  QuotesHole *hole = NULL;

  g_return_if_fail (QUOTES_IS_BACKFILL_LANE (self));

  while ((hole = find_waiting (self, symbol)) != NULL)
    {
      g_queue_remove (&self->holes, hole);
      quotes_hole_free (hole);
    }
  if (self->current != NULL && g_str_equal (self->current->instrument->symbol, symbol))
    g_cancellable_cancel (self->cancellable);
  set_alarm (self);
}

/* While it is held nothing new is asked for. */
void
quotes_backfill_lane_set_held (QuotesBackfillLane *self, gboolean is_held)
{
  g_return_if_fail (QUOTES_IS_BACKFILL_LANE (self));

  self->is_held = is_held;
  set_alarm (self);
}

/* For good. What is under way is cancelled. */
void
quotes_backfill_lane_stop (QuotesBackfillLane *self)
{
  g_return_if_fail (QUOTES_IS_BACKFILL_LANE (self));

  self->is_stopped = TRUE;
  clear_alarm (self);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_queue_clear_full (&self->holes, (GDestroyNotify) quotes_hole_free);
}
