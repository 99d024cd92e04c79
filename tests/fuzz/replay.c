/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fuzz-target.h"

/* One seed for ever: what fails here fails everywhere. */
#define SEED 20220
#define N_MUTATIONS 20000
/* Valgrind is about 30 times slower and looks for what a few inputs show as well. */
#define N_MUTATIONS_SLOW 300
#define MAX_SIZE (64 * 1024)
/* No input may hold the main loop for longer (times MARKETWELL_TEST_SLOW). */
#define MAX_US (G_USEC_PER_SEC / 2)

typedef struct
{
  GPtrArray *inputs; /* (owned) (element-type GBytes): the corpus, sorted by name */
  guint n_runs;
  gint64 max_us;
} Fixture;

/* How much longer everything may take: under valgrind, with sanitizers, on a busy machine. */
static double
get_slowness (void)
{
  const char *text = g_getenv ("MARKETWELL_TEST_SLOW");
  double slowness = text != NULL ? g_ascii_strtod (text, NULL) : 1.0;

  return MAX (slowness, 1.0);
}

static guint
count_mutations (void)
{
  const char *text = g_getenv ("MARKETWELL_FUZZ_RUNS");

  if (text != NULL)
    return (guint) g_ascii_strtoull (text, NULL, 10);
  return get_slowness () >= 10.0 ? N_MUTATIONS_SLOW : N_MUTATIONS;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fuzz", "corpus", FUZZ_NAME, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  GDir *dir = g_dir_open (path, 0, &error);

  g_assert_no_error (error);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_dir_close (dir);
  g_ptr_array_sort (names, compare_names);

  fixture->inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < names->len; i++)
    {
      char *bytes = NULL;
      gsize size = 0;

      g_file_get_contents (g_ptr_array_index (names, i), &bytes, &size, &error);
      g_assert_no_error (error);
      g_ptr_array_add (fixture->inputs, g_bytes_new_take (bytes, size));
    }
  g_assert_cmpuint (fixture->inputs->len, >, 0);
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_ptr_array_unref (fixture->inputs);
}

/* MARKETWELL_FUZZ_KEEP=FILE keeps each input before it is tried: after a crash, the guilty one. */
static void
run (Fixture *fixture, const guint8 *data, gsize size)
{
  /* A block of exactly its size, so that reading past the end is seen. */
  g_autofree guint8 *copy = g_memdup2 (data, size);
  const char *kept = g_getenv ("MARKETWELL_FUZZ_KEEP");
  gint64 start_us = 0;

  if (kept != NULL)
    g_file_set_contents (kept, (const char *) data, (gssize) size, NULL);

  start_us = g_get_monotonic_time ();
  LLVMFuzzerTestOneInput (copy != NULL ? copy : (const guint8 *) "", size);
  fixture->max_us = MAX (fixture->max_us, g_get_monotonic_time () - start_us);
  fixture->n_runs++;
}

static void
report (Fixture *fixture)
{
  g_test_message ("PROMISE R22 target=%s execs=%u max_ms=%.2f", FUZZ_NAME, fixture->n_runs,
                  (double) fixture->max_us / 1000.0);
  g_assert_cmpfloat ((double) fixture->max_us, <, (double) MAX_US * get_slowness ());
}

static void
insert (GByteArray *bytes, guint at, const guint8 *data, guint size)
{
  g_autofree guint8 *tail = g_memdup2 (bytes->data + at, bytes->len - at);
  guint tail_size = bytes->len - at;

  g_byte_array_set_size (bytes, at);
  g_byte_array_append (bytes, data, size);
  if (tail_size > 0)
    g_byte_array_append (bytes, tail, tail_size);
}

static guint
pick (GRand *rand, guint n)
{
  return n == 0 ? 0 : (guint) g_rand_int_range (rand, 0, (gint32) n);
}

static void
insert_word (GByteArray *bytes, GRand *rand)
{
  /* What the grammars of our parsers turn on. */
  static const char *const words[] = {
    "\r\n",  "\n",   "\r",
    ":",     ": ",   "[",
    "{",     "\"",   "\\u0000",
    "%00",   "/../", "//",
    "\\",    "0",    "-1",
    "1e400", ",",    "99999999999999999999",
    "null",  "true", "Host: ",
    "&",     "=",    "\xef\xbb\xbf",
    ".",     "?",    "Transfer-Encoding: chunked",
  };
  const char *word = words[pick (rand, G_N_ELEMENTS (words))];

  insert (bytes, pick (rand, bytes->len + 1), (const guint8 *) word, (guint) strlen (word));
}

/* Copies a piece of another input, or of this one, into this one. */
static void
splice (GByteArray *bytes, GBytes *other, GRand *rand)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (other, &size);
  guint from = pick (rand, (guint) size);
  guint n = pick (rand, (guint) MIN (size - from, 256) + 1);
  g_autofree guint8 *piece = g_memdup2 (data + from, n);

  if (n > 0)
    insert (bytes, pick (rand, bytes->len + 1), piece, n);
}

static void
repeat (GByteArray *bytes, GRand *rand)
{
  guint from = pick (rand, bytes->len);
  guint wanted = 1 + pick (rand, 8);
  guint n = MIN (wanted, bytes->len - from);
  g_autofree guint8 *piece = g_memdup2 (bytes->data + from, n);
  guint n_times = 1u << pick (rand, 10);

  for (guint i = 0; i < n_times && bytes->len + n <= MAX_SIZE; i++)
    insert (bytes, from, piece, n);
}

static void
mutate (GByteArray *bytes, GPtrArray *inputs, GRand *rand)
{
  guint at = pick (rand, bytes->len);
  guint n = 1 + pick (rand, 16);

  switch (pick (rand, 8))
    {
    case 0:
      if (bytes->len > 0)
        bytes->data[at] ^= (guint8) (1 << pick (rand, 8));
      break;
    case 1:
      if (bytes->len > 0)
        bytes->data[at] = (guint8) pick (rand, 256);
      break;
    case 2:
      g_byte_array_set_size (bytes, at);
      break;
    case 3:
      if (bytes->len > 0)
        g_byte_array_remove_range (bytes, at, MIN (n, bytes->len - at));
      break;
    case 4:
      if (bytes->len > 0)
        repeat (bytes, rand);
      break;
    case 5:
      splice (bytes, g_ptr_array_index (inputs, pick (rand, inputs->len)), rand);
      break;
    default:
      insert_word (bytes, rand);
      break;
    }
}

static void
test_corpus (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  run (fixture, NULL, 0);
  for (guint i = 0; i < fixture->inputs->len; i++)
    {
      gsize size = 0;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (fixture->inputs, i), &size);

      run (fixture, data, size);
    }
  report (fixture);
}

static void
test_mutations (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint n_mutations = count_mutations ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);

  for (guint i = 0; i < n_mutations; i++)
    {
      GBytes *input = g_ptr_array_index (fixture->inputs, i % fixture->inputs->len);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      guint n_steps = 1 + pick (rand, 6);
      gsize size = 0;
      const guint8 *data = g_bytes_get_data (input, &size);

      g_byte_array_append (bytes, data, (guint) MIN (size, MAX_SIZE));
      for (guint j = 0; j < n_steps; j++)
        mutate (bytes, fixture->inputs, rand);
      run (fixture, bytes->data, MIN (bytes->len, MAX_SIZE));
    }
  report (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/fuzz/" FUZZ_NAME "/survives-its-corpus", Fixture, NULL, set_up, test_corpus,
              tear_down);
  g_test_add ("/fuzz/" FUZZ_NAME "/survives-mutations-of-its-corpus", Fixture, NULL, set_up,
              test_mutations, tear_down);

  return g_test_run ();
}
