/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "daemon-process.h"
#include "http.h"
#include "memory.h"
#include "scripted-market.h"
#include "wait.h"

/* Promise R7. The long form, for measuring, is asked for with MARKETWELL_BENCH=1. */
#define INTERVAL_S 0.2
#define N_TICKS 10
#define LONG_INTERVAL_S 1.0
#define N_LONG_TICKS 30
/* Ticks until memory has settled. */
#define N_WARM_TICKS 5
#define MAX_JITTER_MS 100.0
#define MAX_GROWTH_KIB (4 * 1024)
#define FIRST_QUOTES_S 2.0
/* A hung call ends after 10 s, a dripping one after 15 s; then the breaker's pause. */
#define RECOVERY_S 60
/* Far more than what comes between two status events. */
#define MAX_STATUS_BYTES (32 * 1024)

typedef enum
{
  YAHOO,
  COINGECKO,
  N_MARKETS,
} Market;

/**
 * Fault:
 * @reason: what the status has to say; %NULL = the call hangs too long to say anything
 * @status: 0 = @fault
 * @body: %NULL = 100,000 brackets
 * @is_dated: a Retry-After in two minutes is to be added, as a date
 */
typedef struct
{
  const char *name;
  const char *reason;
  ScriptedFault fault;
  guint status;
  const char *headers;
  const char *body;
  gboolean is_dated;
} Fault;

static const Fault faults[] = {
  {"hang", NULL, SCRIPTED_HANG},
  {"drip", NULL, SCRIPTED_DRIP},
  {"reset", "network", SCRIPTED_RESET},
  {"cut", "network", SCRIPTED_CUT},
  {"stall", "too-large", SCRIPTED_STALL},
  {"gzip-bomb", "too-large", SCRIPTED_BOMB},
  {"double-gzip-bomb", "too-large", SCRIPTED_DOUBLE_BOMB},
  {"not-http", "bad-data", SCRIPTED_GARBAGE},
  {"500-html", "http", 0, 500, "Content-Type: text/html\r\n", "<html>Will be right back</html>"},
  {"503", "http", 0, 503, "Content-Type: text/plain\r\n", "later"},
  {"429-seconds", "rate-limited", 0, 429, "Content-Type: text/plain\r\nRetry-After: 119\r\n",
   "Too Many Requests\r\n"},
  {"429-date", "rate-limited", 0, 429, "Content-Type: text/plain\r\n", "Throttled", TRUE},
  {"200-rate-limit", "rate-limited", 0, 200, "Content-Type: text/plain\r\n",
   "Too Many Requests\r\n"},
  {"302", "http", 0, 302, "Location: http://127.0.0.1:1/\r\n", "moved"},
  {"nested-brackets", "bad-data", 0, 200, NULL, NULL},
  {"wrong-types", "bad-data", 0, 200, NULL,
   "{\"spark\":[true,null,1e400],\"chart\":\"2\",\"bitcoin\":[1]}"},
};

typedef struct
{
  double interval_s;
  guint n_ticks;
  ScriptedMarket *market; /* (owned) */
  DaemonProcess *daemon;  /* (owned) */
  HttpExchange *stream;   /* (owned) */
  gsize n_scanned;
  GArray *seen[N_MARKETS]; /* (owned) (element-type gint64): when the price of each answer came */
  gint64 started_us;
} Fixture;

/* Notes the prices that have come since; each tells which answer it is from. */
static void
scan (Fixture *fixture)
{
  const char *begin = fixture->stream->received->str;
  const char *end = strrchr (begin + fixture->n_scanned, '\n');
  gint64 now_us = g_get_monotonic_time ();

  for (const char *p = begin + fixture->n_scanned;
       end != NULL && (p = strstr (p, "\"price\":")) != NULL && p < end;)
    {
      guint price = 0;
      Market market = YAHOO;
      GArray *seen = NULL;

      p += strlen ("\"price\":");
      price = (guint) g_ascii_strtoull (p, NULL, 10);
      market = price >= SCRIPTED_COIN_BASE ? COINGECKO : YAHOO;
      price -= market == COINGECKO ? SCRIPTED_COIN_BASE : SCRIPTED_YAHOO_BASE;
      seen = fixture->seen[market];
      while (seen->len <= price)
        g_array_append_val (seen, now_us);
    }
  if (end != NULL)
    fixture->n_scanned = (gsize) (end - begin);
}

static guint
count_seen (Fixture *fixture, Market market)
{
  scan (fixture);
  return fixture->seen[market]->len;
}

static void
wait_for_ticks (Fixture *fixture, Market market, guint n)
{
  guint goal = count_seen (fixture, market) + n;
  double limit_s = 5 + 3 * n * fixture->interval_s;

  /* Reading the list of authorities takes GnuTLS many seconds under a checker. */
  wait_until (count_seen (fixture, market) >= goal,
              memory_is_measurable () ? limit_s : 10 * limit_s);
}

static void
start (Fixture *fixture, const char *yahoo_url, const char *coingecko_url)
{
  g_autofree char *yahoo = g_strconcat ("yahoo=", yahoo_url, NULL);
  g_autofree char *coingecko = g_strconcat ("coingecko=", coingecko_url, NULL);
  g_autofree char *interval = g_strdup_printf ("%g", fixture->interval_s);
  const char *const arguments[] = {"--no-bus", "--interval", interval,  "--upstream",
                                   yahoo,      "--upstream", coingecko, NULL};

  fixture->started_us = g_get_monotonic_time ();
  fixture->daemon = daemon_process_start (arguments);
  fixture->stream = http_exchange_get (daemon_process_get_address (fixture->daemon),
                                       "/api/v1/widgets/quotes/stream", NULL);
}

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  gboolean is_long = g_strcmp0 (g_getenv ("MARKETWELL_BENCH"), "1") == 0;

  fixture->interval_s = is_long ? LONG_INTERVAL_S : INTERVAL_S;
  fixture->n_ticks = is_long ? N_LONG_TICKS : N_TICKS;
  fixture->market = scripted_market_new ();
  for (guint i = 0; i < N_MARKETS; i++)
    fixture->seen[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  http_exchange_end (g_steal_pointer (&fixture->stream));
  daemon_process_stop (fixture->daemon, 5);
  daemon_process_free (fixture->daemon);
  scripted_market_free (fixture->market);
  for (guint i = 0; i < N_MARKETS; i++)
    g_array_unref (fixture->seen[i]);
}

static ScriptedUpstream *
get_upstream (Fixture *fixture, Market market)
{
  return market == YAHOO ? fixture->market->yahoo : fixture->market->coingecko;
}

static gint64
get_request_us (Fixture *fixture, Market market, guint n)
{
  return scripted_visits_get_time_us (scripted_upstream_get_visits (get_upstream (fixture, market)),
                                      market == YAHOO ? SCRIPTED_SPARK : SCRIPTED_COINS, n);
}

/* How late the price of the @n-th answer was shown, against the latest moment at which its round
 * may have been planned: 1.1 intervals after the one before. */
static double
get_lateness_ms (Fixture *fixture, Market market, guint n)
{
  double planned_us =
    (double) get_request_us (fixture, market, n - 1) + 1.1 * fixture->interval_s * G_USEC_PER_SEC;

  return MAX (((double) g_array_index (fixture->seen[market], gint64, n) - planned_us) / 1000, 0);
}

/* The worst but one of more than 10 ticks, so that a busy machine does not fail the test alone. */
static double
get_jitter_ms (Fixture *fixture, Market market, guint from, double *worst_ms)
{
  double second_ms = 0;

  *worst_ms = 0;
  for (guint n = MAX (from, 2); n < fixture->seen[market]->len; n++)
    {
      double late_ms = get_lateness_ms (fixture, market, n);

      second_ms = MAX (second_ms, MIN (late_ms, *worst_ms));
      *worst_ms = MAX (*worst_ms, late_ms);
    }
  return second_ms;
}

static double
get_slowness (void)
{
  const char *text = g_getenv ("MARKETWELL_TEST_SLOW");
  double slowness = text != NULL ? MAX (g_ascii_strtod (text, NULL), 1) : 1;

  /* Under a checker both programs are many times slower: then only the order of things counts. */
  return memory_is_measurable () ? slowness : 1000 * slowness;
}

/* Whether the newest status event gives @reason for the provider. */
static gboolean
has_reason (Fixture *fixture, Market market, const char *reason)
{
  const GString *received = fixture->stream->received;
  const char *begin = received->str + (received->len - MIN (received->len, MAX_STATUS_BYTES));
  const char *status = g_strrstr (begin, "event: status\n");
  const char *id = market == YAHOO ? "\"id\":\"yahoo\"" : "\"id\":\"coingecko\"";
  const char *provider = status != NULL ? strstr (status, id) : NULL;
  const char *found = provider != NULL ? strstr (provider, "\"reason\":\"") : NULL;

  return found != NULL && g_str_has_prefix (found + strlen ("\"reason\":\""), reason);
}

static void
test_the_default_list_costs_one_request_each (Fixture *fixture,
                                              G_GNUC_UNUSED gconstpointer user_data)
{
  ScriptedVisits *yahoo = scripted_upstream_get_visits (fixture->market->yahoo);
  double first_s = 0;

  start (fixture, scripted_upstream_get_url (fixture->market->yahoo),
         scripted_upstream_get_url (fixture->market->coingecko));
  wait_until (count_seen (fixture, YAHOO) > 0 && count_seen (fixture, COINGECKO) > 0, 10);
  first_s = (double) (g_get_monotonic_time () - fixture->started_us) / G_USEC_PER_SEC;
  g_test_message ("PROMISE R7 first_quotes_s=%.3f", first_s);
  g_assert_cmpfloat (first_s, <=, FIRST_QUOTES_S * get_slowness ());

  wait_for_ticks (fixture, YAHOO, 20);
  wait_for_ticks (fixture, COINGECKO, 1);
  /* One spark has all seven symbols, and no price waited for a session fact or for the past, of
   * which each is asked for once. */
  wait_until (scripted_visits_count (yahoo, SCRIPTED_CHART) == 14, 10);
  wait_until (scripted_upstream_count (fixture->market->coingecko, SCRIPTED_COIN) ==
                2 + scripted_upstream_count (fixture->market->coingecko, SCRIPTED_COINS),
              10);
  g_assert_cmpint (scripted_visits_get_time_us (yahoo, SCRIPTED_CHART, 0), >,
                   scripted_visits_get_time_us (yahoo, SCRIPTED_SPARK, 0));
  g_assert_cmpuint (scripted_visits_count (yahoo, "/"), ==,
                    14 + scripted_visits_count (yahoo, SCRIPTED_SPARK));
  for (guint n = 2; n < fixture->seen[YAHOO]->len; n++)
    g_assert_cmpfloat (
      (double) (get_request_us (fixture, YAHOO, n) - get_request_us (fixture, YAHOO, n - 1)), >=,
      0.5 * fixture->interval_s * G_USEC_PER_SEC);
  g_assert_cmpuint (
    scripted_visits_count (scripted_upstream_get_visits (fixture->market->coingecko), "/"), ==,
    2 + scripted_upstream_count (fixture->market->coingecko, SCRIPTED_COINS));
}

static void
misbehave (Fixture *fixture, Market market, const Fault *fault)
{
  ScriptedUpstream *upstream = get_upstream (fixture, market);
  g_autofree char *brackets = g_strnfill (100000, '[');
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) later = g_date_time_add_minutes (now, 2);
  g_autofree char *date = g_date_time_format (later, "Retry-After: %a, %d %b %Y %T GMT\r\n");
  g_autofree char *headers = fault->headers != NULL
                               ? g_strconcat (fault->headers, fault->is_dated ? date : NULL, NULL)
                               : NULL;

  scripted_upstream_forget (upstream);
  if (fault->status == 0)
    scripted_upstream_misbehave (upstream, "/", fault->fault);
  else
    scripted_upstream_answer (upstream, "/", fault->status, headers,
                              fault->body != NULL ? fault->body : brackets, -1);
}

static gint64
get_resident_kib (Fixture *fixture)
{
  return memory_get_resident_kib (daemon_process_get_pid (fixture->daemon));
}

static void
print_promise (const char *fault, Market market, double worst_ms, gint64 growth_kib)
{
  g_test_message ("PROMISE R7 fault=%s at=%s jitter_ms=%.1f rss_kib=%" G_GINT64_FORMAT, fault,
                  market == YAHOO ? "yahoo" : "coingecko", worst_ms, growth_kib);
}

/* One provider does what it should not for some ticks; the other goes on as if nothing were. */
static void
go_through (Fixture *fixture, Market bad, const Fault *fault)
{
  Market good = bad == YAHOO ? COINGECKO : YAHOO;
  guint n_good = 0;
  guint n_bad = 0;
  gint64 warm_kib = 0;
  gint64 growth_kib = 0;
  double worst_ms = 0;
  double jitter_ms = 0;

  wait_for_ticks (fixture, YAHOO, N_WARM_TICKS);
  wait_for_ticks (fixture, COINGECKO, 1);
  misbehave (fixture, bad, fault);
  n_good = count_seen (fixture, good);
  wait_for_ticks (fixture, good, N_WARM_TICKS);
  warm_kib = get_resident_kib (fixture);
  wait_for_ticks (fixture, good, fixture->n_ticks - N_WARM_TICKS);
  growth_kib = get_resident_kib (fixture) - warm_kib;
  jitter_ms = get_jitter_ms (fixture, good, n_good, &worst_ms);
  print_promise (fault->name, bad, worst_ms, growth_kib);

  g_assert_cmpfloat (jitter_ms, <=, MAX_JITTER_MS * get_slowness ());
  if (memory_is_measurable ())
    g_assert_cmpint (growth_kib, <, MAX_GROWTH_KIB);
  if (fault->reason != NULL)
    wait_until (has_reason (fixture, bad, fault->reason), 10);

  scripted_market_restore (fixture->market);
  n_bad = count_seen (fixture, bad);
  if (fault->reason != NULL)
    wait_until (count_seen (fixture, bad) > n_bad, RECOVERY_S);
}

static void
test_a_fault_delays_nobody_else (Fixture *fixture, gconstpointer user_data)
{
  start (fixture, scripted_upstream_get_url (fixture->market->yahoo),
         scripted_upstream_get_url (fixture->market->coingecko));
  go_through (fixture, GPOINTER_TO_INT (user_data) % N_MARKETS,
              &faults[GPOINTER_TO_INT (user_data) / N_MARKETS]);
}

static void
test_a_hung_call_ends_and_prices_come_back (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  guint n_bad = 0;

  start (fixture, scripted_upstream_get_url (fixture->market->yahoo),
         scripted_upstream_get_url (fixture->market->coingecko));
  wait_for_ticks (fixture, YAHOO, 2);
  misbehave (fixture, YAHOO, &faults[0]);
  wait_until (has_reason (fixture, YAHOO, "timeout"), 20);
  /* One in flight, however long it takes. */
  g_assert_cmpuint (scripted_upstream_get_n_open (fixture->market->yahoo), <=, 2);

  scripted_market_restore (fixture->market);
  n_bad = count_seen (fixture, YAHOO);
  wait_until (count_seen (fixture, YAHOO) > n_bad, RECOVERY_S);
}

/* A host that cannot be reached at all from the start. */
static void
test_an_unreachable_host_delays_nobody_else (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (ScriptedUpstream) secure = scripted_upstream_new_self_signed ();
  gboolean is_tls = g_str_equal (user_data, "tls");
  double worst_ms = 0;
  double jitter_ms = 0;
  gint64 warm_kib = 0;

  start (fixture, is_tls ? scripted_upstream_get_url (secure) : "http://no-such-host.invalid",
         scripted_upstream_get_url (fixture->market->coingecko));
  wait_for_ticks (fixture, COINGECKO, N_WARM_TICKS);
  warm_kib = get_resident_kib (fixture);
  wait_for_ticks (fixture, COINGECKO, fixture->n_ticks - N_WARM_TICKS);
  jitter_ms = get_jitter_ms (fixture, COINGECKO, 2, &worst_ms);
  print_promise (user_data, YAHOO, worst_ms, get_resident_kib (fixture) - warm_kib);
  g_assert_cmpfloat (jitter_ms, <=, MAX_JITTER_MS * get_slowness ());
  if (is_tls)
    wait_until (has_reason (fixture, YAHOO, "tls"), 10);
}

int
main (int argc, char *argv[])
{
  gboolean is_long = g_strcmp0 (g_getenv ("MARKETWELL_BENCH"), "1") == 0;

  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, func) g_test_add (name, Fixture, data, set_up, func, tear_down)
  ADD ("/faults/the-default-list-costs-one-request-each", NULL,
       test_the_default_list_costs_one_request_each);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    for (Market market = YAHOO; market < N_MARKETS; market++)
      {
        g_autofree char *name =
          g_strdup_printf ("/faults/%s-of-%s-delays-nobody-else", faults[i].name,
                           market == YAHOO ? "yahoo" : "coingecko");

        /* In the short form each fault once, half of them on either side. */
        if (is_long || i % N_MARKETS == market)
          ADD (name, GINT_TO_POINTER (i * N_MARKETS + market), test_a_fault_delays_nobody_else);
      }
  ADD ("/faults/tls-delays-nobody-else", "tls", test_an_unreachable_host_delays_nobody_else);
  ADD ("/faults/nxdomain-delays-nobody-else", "nxdomain",
       test_an_unreachable_host_delays_nobody_else);
  ADD ("/faults/a-hung-call-ends-and-prices-come-back", NULL,
       test_a_hung_call_ends_and_prices_come_back);
#undef ADD

  return g_test_run ();
}
