/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the past costs: a million prices of nine instruments over a year are recorded as the daemon
 * does it, then histories are asked for as the server does it, and then half of the file is thrown
 * away. Speaks TAP; with --short it only shows that it works, and judges nothing. */

#include "config.h"

#include <glib/gstdio.h>
#include <math.h>

#include "quotes-retention-run.h"
#include "quotes-store-recorder.h"
#include "quotes-store-worker.h"
#include "quotes-store.h"
#include "remove-tree.h"

#define N_SYMBOLS 9
#define N_TICKS 1000000
#define N_TICKS_SHORT 9000
#define N_READS 200
#define YEAR_US (365 * 86400 * G_GINT64_CONSTANT (1000000))
/* Of one transaction; as many as the store takes when much waits. */
#define BATCH_VERSIONS 250
#define MS 1000.0

#define HISTORY_MS_MAX 20.0
#define STEP_MS_MAX 50.0

static const char *const symbols[N_SYMBOLS] = {"XAU", "XAG",    "WTI", "BRENT", "NATGAS",
                                               "BTC", "EURUSD", "ETH", "SPX"};

typedef struct
{
  char *dir;  /* (owned) */
  char *path; /* (owned): of market.db */
  guint n_ticks;
  gboolean is_judged;
  guint n_cases;
  gboolean has_failed;
} Bench;

static void
judge (Bench *self, const char *name, double ms, double most_ms)
{
  gboolean is_good = !self->is_judged || ms <= most_ms;

  g_print ("%s %u %s - %.3f ms (bound <= %g ms%s)\n", is_good ? "ok" : "not ok", ++self->n_cases,
           name, ms, most_ms, self->is_judged ? "" : ", not judged");
  self->has_failed |= !is_good;
}

static void
check (Bench *self, const char *name, gboolean is_good)
{
  g_print ("%s %u %s\n", is_good ? "ok" : "not ok", ++self->n_cases, name);
  self->has_failed |= !is_good;
}

static gint64
get_size (const char *path)
{
  GStatBuf info = {0};

  return g_stat (path, &info) == 0 ? info.st_size : 0;
}

static QuotesSnapshot *
make_version (guint64 version, gint64 at_us)
{
  GPtrArray *quotes = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_quote_unref);

  for (guint i = 0; i < N_SYMBOLS; i++)
    {
      QuotesQuote fields = QUOTES_QUOTE_INIT;

      fields.symbol = symbols[i];
      fields.name = symbols[i];
      fields.instrument = symbols[i];
      fields.provider_symbol = symbols[i];
      fields.currency = "USD";
      fields.source = "yahoo";
      fields.fetched_us = at_us;
      fields.price =
        100 * (i + 1) + 30 * sin ((double) version / 977 + i) + g_random_double_range (-1, 1);
      g_ptr_array_add (quotes, quotes_quote_new (&fields));
    }
  return quotes_snapshot_new (version, at_us, quotes);
}

static void
record (Bench *self, gint64 now_us)
{
  static const char *const none[] = {NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesDatabase) database =
    quotes_database_open (self->path, &quotes_schema_market, &error);
  QuotesStoreRecorder *recorder = quotes_store_recorder_new (1, now_us - YEAR_US);
  QuotesStoreQueue *queue = quotes_store_queue_new ();
  guint64 n_versions = self->n_ticks / N_SYMBOLS;
  gint64 start_us = g_get_monotonic_time ();
  double seconds = 0;

  g_assert_no_error (error);
  for (guint64 version = 1; version <= n_versions; version++)
    {
      gint64 at_us =
        now_us - YEAR_US + (gint64) ((double) YEAR_US * (double) version / (double) n_versions);
      g_autoptr (QuotesSnapshot) snapshot = make_version (version, at_us);

      quotes_store_queue_push (queue, snapshot, snapshot->quotes, none);
      if (version % BATCH_VERSIONS == 0 || version == n_versions)
        while (!quotes_store_queue_is_empty (queue))
          {
            g_autoptr (QuotesStoreBatch) batch = quotes_store_queue_take (queue, G_MAXUINT);

            quotes_store_recorder_write (recorder, database, batch, NULL, &error);
            g_assert_no_error (error);
          }
    }
  quotes_store_queue_free (queue);
  quotes_store_recorder_free (recorder);
  quotes_database_checkpoint (database, &error);
  g_assert_no_error (error);

  seconds = (double) (g_get_monotonic_time () - start_us) / 1e6;
  g_print ("# recorded %u prices in %.1f s: %.0f/s\n", self->n_ticks, seconds,
           self->n_ticks / seconds);
  g_print ("# file: %.1f MiB, of which a million such prices with all their bars take %.1f MiB\n",
           (double) get_size (self->path) / 1048576,
           (double) get_size (self->path) / 1048576 * 1e6 / self->n_ticks);
}

static void
answered_cb (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **answer = user_data;

  *answer = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **answer)
{
  while (*answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (answer);
}

/* Returns: how long the answer took, in milliseconds */
static double
read_once (QuotesArchive *archive, const char *symbol, guint *n_bars)
{
  gint64 start_us = g_get_monotonic_time ();
  GAsyncResult *answer = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (QuotesHistory) history = NULL;
  g_autoptr (GError) error = NULL;

  quotes_archive_read_history_async (archive, symbol, QUOTES_RANGE_1Y, 500, NULL, answered_cb,
                                     &answer);
  result = wait_for (&answer);
  history = quotes_archive_read_history_finish (archive, result, &error);
  g_assert_no_error (error);
  *n_bars = history->bars->len;
  return (double) (g_get_monotonic_time () - start_us) / MS;
}

static double
read_closes_once (QuotesArchive *archive)
{
  gint64 start_us = g_get_monotonic_time ();
  GAsyncResult *answer = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GHashTable) closes = NULL;

  quotes_archive_read_closes_async (archive, 48, NULL, answered_cb, &answer);
  result = wait_for (&answer);
  closes = quotes_archive_read_closes_finish (archive, result, NULL);
  g_assert_cmpuint (g_hash_table_size (closes), ==, N_SYMBOLS);
  return (double) (g_get_monotonic_time () - start_us) / MS;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
read_all (Bench *self)
{
  const QuotesStoreOptions options = {.run = 2, .max_bytes = G_MAXINT64 / 16};
  g_autoptr (QuotesClock) clock = quotes_system_clock_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesStore) store = quotes_store_open (self->dir, clock, &options, &error);
  double times_ms[N_READS];
  double closes_ms[N_READS];
  guint n_bars = 0;
  guint n_least = G_MAXUINT;

  g_assert_no_error (error);
  for (guint i = 0; i < N_SYMBOLS; i++)
    read_once (QUOTES_ARCHIVE (store), symbols[i], &n_bars);
  for (guint i = 0; i < N_READS; i++)
    {
      times_ms[i] = read_once (QUOTES_ARCHIVE (store), symbols[i % N_SYMBOLS], &n_bars);
      n_least = MIN (n_least, n_bars);
    }
  for (guint i = 0; i < N_READS; i++)
    closes_ms[i] = read_closes_once (QUOTES_ARCHIVE (store));
  qsort (times_ms, N_READS, sizeof (double), compare);
  qsort (closes_ms, N_READS, sizeof (double), compare);

  g_print ("# history of a year: p50 %.3f ms, p99 %.3f ms, worst %.3f ms, %u bars\n",
           times_ms[N_READS / 2], times_ms[N_READS * 99 / 100 - 1], times_ms[N_READS - 1], n_least);
  g_print ("# closes of all: p50 %.3f ms, p99 %.3f ms\n", closes_ms[N_READS / 2],
           closes_ms[N_READS * 99 / 100 - 1]);
  check (self, "a year has all its days", n_least >= 365);
  judge (self, "history of a year, p99", times_ms[N_READS * 99 / 100 - 1], HISTORY_MS_MAX);
  quotes_store_close (store);
}

static void
throw_away (Bench *self, gint64 now_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QuotesDatabase) database =
    quotes_database_open (self->path, &quotes_schema_market, &error);
  gint64 max_bytes = get_size (self->path) / 2;
  gint64 start_us = g_get_monotonic_time ();
  QuotesRetentionRun run;

  g_assert_no_error (error);
  quotes_retention_run_init (&run);
  run.phase = QUOTES_RETENTION_PHASE_TICKS;
  run.max_bytes = max_bytes;
  run.future_us = now_us;
  run.cutoffs_us[QUOTES_INTERVAL_TICK] = now_us - YEAR_US / 52;
  run.cutoffs_us[QUOTES_INTERVAL_MINUTE] = now_us - YEAR_US / 12;
  run.cutoffs_us[QUOTES_INTERVAL_HOUR] = now_us - 2 * YEAR_US;
  while (!quotes_retention_run_is_done (&run))
    {
      quotes_retention_run_step (database, &run, &error);
      g_assert_no_error (error);
    }

  g_print ("# threw away %" G_GINT64_FORMAT " prices and %" G_GINT64_FORMAT
           " minutes in %u steps and %.1f s\n",
           run.n_deleted[QUOTES_INTERVAL_TICK], run.n_deleted[QUOTES_INTERVAL_MINUTE], run.n_steps,
           (double) (g_get_monotonic_time () - start_us) / 1e6);
  g_print ("# file: %.1f MiB, limit %.1f MiB\n", (double) get_size (self->path) / 1048576,
           (double) max_bytes / 1048576);
  check (self, "the file keeps its limit", get_size (self->path) <= max_bytes);
  judge (self, "throwing away, worst step", (double) run.worst_us / MS, STEP_MS_MAX);
}

int
main (int argc, char *argv[])
{
  gboolean is_short = argc > 1 && g_str_equal (argv[1], "--short");
  gint64 now_us = g_get_real_time ();
  Bench self = {.n_ticks = is_short ? N_TICKS_SHORT : N_TICKS, .is_judged = !is_short};

  self.dir = g_dir_make_tmp ("marketwell-bench-XXXXXX", NULL);
  self.path = quotes_store_file_dup_path (self.dir, QUOTES_STORE_FILE_MARKET);
  g_print ("1..4\n");
  record (&self, now_us);
  read_all (&self);
  throw_away (&self, now_us);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  remove_tree (self.dir);
  g_free (self.path);
  g_free (self.dir);
  return self.has_failed ? 1 : 0;
}
