/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-archive.h"

struct _FakeArchive
{
  GObject parent_instance;

  GQueue tasks;          /* (element-type GTask) (owned) */
  char *question;        /* (owned) (nullable) */
  QuotesHistory *filled; /* (owned) (nullable) */
  guint64 stored;
  guint64 calls_today;
  const char *state;
  char *message; /* (owned) (nullable) */
};

static void fake_archive_archive_init (QuotesArchiveInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeArchive,
                               fake_archive,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (QUOTES_TYPE_ARCHIVE,
                                                      fake_archive_archive_init))

static guint64
get_stored (QuotesArchive *archive)
{
  return FAKE_ARCHIVE (archive)->stored;
}

static const char *
get_state (QuotesArchive *archive)
{
  return FAKE_ARCHIVE (archive)->state;
}

static const char *
get_message (QuotesArchive *archive)
{
  return FAKE_ARCHIVE (archive)->message;
}

static guint64
get_calls_today (QuotesArchive *archive, G_GNUC_UNUSED const char *provider)
{
  return FAKE_ARCHIVE (archive)->calls_today;
}

/* Takes @question. */
static void
ask (QuotesArchive *archive,
     char *question,
     GCancellable *cancellable,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  FakeArchive *self = FAKE_ARCHIVE (archive);

  g_free (self->question);
  self->question = question;
  g_queue_push_tail (&self->tasks, g_task_new (self, cancellable, callback, user_data));
}

static void
read_history_async (QuotesArchive *archive,
                    const char *symbol,
                    QuotesRange range,
                    guint n_points,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  ask (archive,
       g_strdup_printf ("history %s %s %u", symbol, quotes_range_to_string (range), n_points),
       cancellable, callback, user_data);
}

static void
read_closes_async (QuotesArchive *archive,
                   guint n_points,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  ask (archive, g_strdup_printf ("closes %u", n_points), cancellable, callback, user_data);
}

static void
read_page_async (QuotesArchive *archive,
                 QuotesInterval interval,
                 gint64 since_us,
                 gint64 after,
                 guint n_records,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  ask (archive,
       g_strdup_printf ("page %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u",
                        quotes_interval_to_string (interval), since_us, after, n_records),
       cancellable, callback, user_data);
}

static void
read_newest_async (QuotesArchive *archive,
                   const char *symbol,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  ask (archive, g_strdup_printf ("newest %s", symbol), cancellable, callback, user_data);
}

static void
fill_async (QuotesArchive *archive,
            QuotesHistory *history,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  FakeArchive *self = FAKE_ARCHIVE (archive);

  g_clear_pointer (&self->filled, quotes_history_unref);
  self->filled = quotes_history_ref (history);
  ask (archive, g_strdup_printf ("fill %s", history->symbol), cancellable, callback, user_data);
}

static gpointer
finish_pointer (G_GNUC_UNUSED QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static QuotesHistory *
read_history_finish (QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return finish_pointer (archive, result, error);
}

static GHashTable *
read_closes_finish (QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return finish_pointer (archive, result, error);
}

static QuotesRecordPage *
read_page_finish (QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return finish_pointer (archive, result, error);
}

static gint64
read_newest_finish (G_GNUC_UNUSED QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static gboolean
fill_finish (G_GNUC_UNUSED QuotesArchive *archive, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_archive_archive_init (QuotesArchiveInterface *iface)
{
  iface->get_stored = get_stored;
  iface->get_state = get_state;
  iface->get_message = get_message;
  iface->get_calls_today = get_calls_today;
  iface->read_history_async = read_history_async;
  iface->read_history_finish = read_history_finish;
  iface->read_closes_async = read_closes_async;
  iface->read_closes_finish = read_closes_finish;
  iface->read_page_async = read_page_async;
  iface->read_page_finish = read_page_finish;
  iface->read_newest_async = read_newest_async;
  iface->read_newest_finish = read_newest_finish;
  iface->fill_async = fill_async;
  iface->fill_finish = fill_finish;
}

static void
fake_archive_finalize (GObject *object)
{
  FakeArchive *self = FAKE_ARCHIVE (object);

  g_assert_true (g_queue_is_empty (&self->tasks));
  g_free (self->question);
  g_free (self->message);
  g_clear_pointer (&self->filled, quotes_history_unref);

  G_OBJECT_CLASS (fake_archive_parent_class)->finalize (object);
}

static void
fake_archive_class_init (FakeArchiveClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_archive_finalize;
}

static void
fake_archive_init (FakeArchive *self)
{
  g_queue_init (&self->tasks);
  self->state = "ok";
}

FakeArchive *
fake_archive_new (void)
{
  return g_object_new (FAKE_TYPE_ARCHIVE, NULL);
}

void
fake_archive_set_stored (FakeArchive *self, guint64 stored)
{
  self->stored = stored;
  g_signal_emit_by_name (self, "changed");
}

void
fake_archive_set_state (FakeArchive *self, const char *state, const char *message)
{
  self->state = state;
  g_free (self->message);
  self->message = g_strdup (message);
  g_signal_emit_by_name (self, "changed");
}

void
fake_archive_set_calls_today (FakeArchive *self, guint64 calls)
{
  self->calls_today = calls;
}

guint
fake_archive_get_n_waiting (FakeArchive *self)
{
  return g_queue_get_length (&self->tasks);
}

const char *
fake_archive_get_question (FakeArchive *self)
{
  return self->question;
}

QuotesHistory *
fake_archive_get_filled (FakeArchive *self)
{
  return self->filled;
}

gboolean
fake_archive_is_cancelled (FakeArchive *self)
{
  GTask *task = g_queue_peek_head (&self->tasks);

  return g_cancellable_is_cancelled (g_task_get_cancellable (task));
}

static GTask *
steal_oldest (FakeArchive *self)
{
  g_assert_false (g_queue_is_empty (&self->tasks));
  return g_queue_pop_head (&self->tasks);
}

void
fake_archive_answer_history (FakeArchive *self, QuotesHistory *history)
{
  g_autoptr (GTask) task = steal_oldest (self);

  g_task_return_pointer (task, history, (GDestroyNotify) quotes_history_unref);
}

void
fake_archive_answer_closes (FakeArchive *self, GHashTable *closes)
{
  g_autoptr (GTask) task = steal_oldest (self);

  g_task_return_pointer (task, closes, (GDestroyNotify) g_hash_table_unref);
}

void
fake_archive_answer_page (FakeArchive *self, QuotesRecordPage *page)
{
  g_autoptr (GTask) task = steal_oldest (self);

  g_task_return_pointer (task, page, (GDestroyNotify) quotes_record_page_free);
}

void
fake_archive_answer_newest (FakeArchive *self, gint64 newest_us)
{
  g_autoptr (GTask) task = steal_oldest (self);

  g_task_return_int (task, newest_us);
}

void
fake_archive_answer_fill (FakeArchive *self)
{
  g_autoptr (GTask) task = steal_oldest (self);

  g_task_return_boolean (task, TRUE);
}

void
fake_archive_fail (FakeArchive *self)
{
  g_autoptr (GTask) task = steal_oldest (self);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "Told so");
}

/* 2026-01-31 12:00, 12:01 and 12:02:00.5; prices whose shortest text is not their first digits. */
static const QuotesBar bars[] = {
  {1769860800000000, 0.1, 123456789012.34, 1e-7, 0.30000000000000004, "yahoo", FALSE},
  {1769860860000000, 2899.3, 2899.3, 2899.3, 2899.3, "yahoo:chart", FALSE},
  {1769860920500000, 2901, 2902.25, 2900, 2901.5, NULL, TRUE},
};

QuotesHistory *
fake_archive_make_history (const char *symbol)
{
  QuotesHistory *history = quotes_history_new (symbol, "USD", QUOTES_INTERVAL_MINUTE);

  for (gsize i = 0; i < G_N_ELEMENTS (bars); i++)
    quotes_history_append (history, &bars[i]);
  return history;
}

QuotesRecordPage *
fake_archive_make_page (gint64 next)
{
  QuotesRecordPage *page = quotes_record_page_new (QUOTES_INTERVAL_MINUTE);

  for (gsize i = 0; i < G_N_ELEMENTS (bars); i++)
    {
      const QuotesRecord record = {
        .symbol = i == 1 ? "SPX" : "XAU",
        .currency = i == 2 ? NULL : "USD",
        .bar = bars[i],
      };

      quotes_record_page_append (page, &record);
    }
  page->next = next;
  return page;
}

GHashTable *
fake_archive_make_closes (void)
{
  GHashTable *closes =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  GArray *gold = g_array_new (FALSE, FALSE, sizeof (double));

  for (gsize i = 0; i < G_N_ELEMENTS (bars); i++)
    g_array_append_val (gold, bars[i].close);
  g_hash_table_insert (closes, g_strdup ("XAU"), gold);
  return closes;
}
