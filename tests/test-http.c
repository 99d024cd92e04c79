/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-clock.h"
#include "memory.h"
#include "quotes-http.h"
#include "scripted-upstream.h"
#include "wait.h"

#define SECOND_US G_USEC_PER_SEC
#define WAIT_S 10

typedef struct
{
  FakeClock *clock;         /* (owned) */
  QuotesHttp *http;         /* (owned) */
  ScriptedUpstream *server; /* (owned) */

  QuotesHttpAnswer *answer; /* (owned) (nullable): of the last request */
  GError *error;            /* (owned) (nullable) */
  gboolean is_done;
} Fixture;

static void
set_up (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  fixture->clock = fake_clock_new ();
  fixture->http = quotes_http_new (QUOTES_CLOCK (fixture->clock), NULL);
  fixture->server = scripted_upstream_new ();
}

static void
forget (Fixture *fixture)
{
  g_clear_pointer (&fixture->answer, quotes_http_answer_free);
  g_clear_error (&fixture->error);
  fixture->is_done = FALSE;
}

static void
tear_down (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  forget (fixture);
  wait_settle ();
  g_assert_finalize_object (g_steal_pointer (&fixture->http));
  scripted_upstream_free (g_steal_pointer (&fixture->server));
  g_assert_cmpuint (fake_clock_get_n_alarms (fixture->clock), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&fixture->clock));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_false (fixture->is_done);
  fixture->answer = quotes_http_get_finish (QUOTES_HTTP (source), result, &fixture->error);
  g_assert_true ((fixture->answer == NULL) == (fixture->error != NULL));
  fixture->is_done = TRUE;
}

static void
begin (Fixture *fixture, const char *path, GCancellable *cancellable)
{
  g_autofree char *url = g_strconcat (scripted_upstream_get_url (fixture->server), path, NULL);

  forget (fixture);
  quotes_http_get_async (fixture->http, url, cancellable, answered_cb, fixture);
}

static void
get (Fixture *fixture, const char *path)
{
  begin (fixture, path, NULL);
  wait_until (fixture->is_done, WAIT_S);
}

/* Begins and waits until the request has arrived. */
static void
begin_and_arrive (Fixture *fixture, const char *path)
{
  begin (fixture, path, NULL);
  wait_until (scripted_upstream_count (fixture->server, path) == 1, WAIT_S);
  wait_settle ();
  g_assert_false (fixture->is_done);
}

static const char *
get_head (Fixture *fixture, const char *prefix)
{
  return scripted_visits_get_head (scripted_upstream_get_visits (fixture->server), prefix, 0);
}

#define assert_failed(fixture, code)                                                               \
  g_assert_error ((fixture)->error, QUOTES_PROVIDER_ERROR, QUOTES_PROVIDER_ERROR_##code)

static void
test_an_answer_has_all_its_parts (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_upstream_answer (fixture->server, "/a", 200,
                            "Content-Type: Application/JSON; charset=utf-8\r\n", "{\"a\":1}", -1);
  scripted_upstream_answer (fixture->server, "/empty", 500, NULL, "", -1);
  get (fixture, "/a");
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->answer->status, ==, 200);
  g_assert_cmpstr (fixture->answer->content_type, ==, "application/json");
  g_assert_cmpmem (g_bytes_get_data (fixture->answer->body, NULL),
                   g_bytes_get_size (fixture->answer->body), "{\"a\":1}", 7);
  g_assert_cmpint (fixture->answer->retry_after_us, ==, -1);

  get (fixture, "/empty");
  g_assert_cmpuint (fixture->answer->status, ==, 500);
  g_assert_cmpuint (g_bytes_get_size (fixture->answer->body), ==, 0);
  /* One connection serves both. */
  g_assert_cmpuint (scripted_upstream_get_n_connections (fixture->server), ==, 1);
}

static void
test_the_name_is_honest (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const char *head = NULL;

  scripted_upstream_answer (fixture->server, "/", 200, "Set-Cookie: a=b; Path=/\r\n", "{}", -1);
  get (fixture, "/one");
  head = get_head (fixture, "/one");
  g_assert_nonnull (
    strstr (head, "\r\nUser-Agent: Mozilla/5.0 (compatible; Marketwell/" VERSION ")\r\n"));
  g_assert_nonnull (strstr (head, "\r\nAccept: application/json\r\n"));

  /* A setting cannot smuggle a header in. */
  g_clear_object (&fixture->http);
  fixture->http = quotes_http_new (QUOTES_CLOCK (fixture->clock), "me)\r\nCookie: a=b");
  get (fixture, "/none");
  g_assert_null (strstr (get_head (fixture, "/none"), "Cookie"));

  g_clear_object (&fixture->http);
  fixture->http = quotes_http_new (QUOTES_CLOCK (fixture->clock), "https://example.org/me");
  get (fixture, "/two");
  head = get_head (fixture, "/two");
  g_assert_nonnull (strstr (head, "; Marketwell/" VERSION "; +https://example.org/me)\r\n"));
}

static void
test_redirects_are_not_followed (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (ScriptedUpstream) other = scripted_upstream_new ();
  g_autofree char *headers =
    g_strdup_printf ("Location: %s/x\r\n", scripted_upstream_get_url (other));

  for (guint status = 301; status <= 308; status++)
    {
      scripted_upstream_answer (fixture->server, "/", status, headers, "moved", -1);
      get (fixture, "/coins/markets");
      g_assert_no_error (fixture->error);
      g_assert_cmpuint (fixture->answer->status, ==, status);
    }
  g_assert_cmpuint (scripted_upstream_get_n_connections (other), ==, 0);
}

static gint64
get_retry_after_s (Fixture *fixture, guint status, const char *value)
{
  g_autofree char *headers = g_strdup_printf ("Retry-After: %s\r\n", value);

  scripted_upstream_answer (fixture->server, "/", status, headers, "Too Many Requests", -1);
  get (fixture, "/");
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->answer->status, ==, status);
  return fixture->answer->retry_after_us < 0 ? -1 : fixture->answer->retry_after_us / SECOND_US;
}

static void
test_retry_after_is_read (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  /* The fake clock stands at 1,700,000,000 s: 22:13:20. */
  g_assert_cmpint (get_retry_after_s (fixture, 429, "119"), ==, 119);
  g_assert_cmpint (get_retry_after_s (fixture, 503, "119"), ==, 119);
  g_assert_cmpint (get_retry_after_s (fixture, 429, "Tue, 14 Nov 2023 22:15:20 GMT"), ==, 120);
  g_assert_cmpint (get_retry_after_s (fixture, 429, "Tue, 14 Nov 2023 21:15:20 GMT"), ==, 1);
  g_assert_cmpint (get_retry_after_s (fixture, 429, "0"), ==, 1);
  g_assert_cmpint (get_retry_after_s (fixture, 429, "7200"), ==, 3600);
  g_assert_cmpint (get_retry_after_s (fixture, 429, "99999999999999999999"), ==, 3600);
  g_assert_cmpint (get_retry_after_s (fixture, 418, "7200"), ==, 7200);
  g_assert_cmpint (get_retry_after_s (fixture, 418, "9999999"), ==, 3 * 86400);
  g_assert_cmpint (get_retry_after_s (fixture, 429, "-5"), ==, -1);
  g_assert_cmpint (get_retry_after_s (fixture, 429, "soon"), ==, -1);
}

static void
test_a_drip_ends_after_15_s (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_upstream_misbehave (fixture->server, "/", SCRIPTED_DRIP);
  begin_and_arrive (fixture, "/");
  for (guint i = 0; i < 14; i++)
    {
      fake_clock_advance_us (fixture->clock, SECOND_US);
      scripted_upstream_drip (fixture->server);
      wait_settle ();
    }
  fake_clock_advance_us (fixture->clock, SECOND_US - 1000);
  wait_settle ();
  g_assert_false (fixture->is_done);
  fake_clock_advance_us (fixture->clock, 1000);
  wait_until (fixture->is_done, WAIT_S);
  assert_failed (fixture, TIMEOUT);
  wait_until (scripted_upstream_get_n_open (fixture->server) == 0, WAIT_S);
}

static void
test_silence_ends_after_10_s (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  scripted_upstream_misbehave (fixture->server, "/", SCRIPTED_HANG);
  begin_and_arrive (fixture, "/");
  fake_clock_advance_us (fixture->clock, 10 * SECOND_US - 1000);
  wait_settle ();
  g_assert_false (fixture->is_done);
  fake_clock_advance_us (fixture->clock, 1000);
  wait_until (fixture->is_done, WAIT_S);
  assert_failed (fixture, TIMEOUT);
  wait_until (scripted_upstream_get_n_open (fixture->server) == 0, WAIT_S);
}

/* A listener that accepts and never shakes hands. */
static void
test_connecting_ends_after_5_s (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  const char *url = scripted_upstream_get_url (fixture->server);
  g_autofree char *secure = g_strconcat ("https", url + strlen ("http"), "/", NULL);

  quotes_http_get_async (fixture->http, secure, NULL, answered_cb, fixture);
  wait_until (scripted_upstream_get_n_open (fixture->server) == 1, WAIT_S);
  wait_settle ();
  fake_clock_advance_us (fixture->clock, 5 * SECOND_US - 1000);
  wait_settle ();
  g_assert_false (fixture->is_done);
  fake_clock_advance_us (fixture->clock, 1000);
  wait_until (fixture->is_done, WAIT_S);
  assert_failed (fixture, TIMEOUT);
  wait_until (scripted_upstream_get_n_open (fixture->server) == 0, WAIT_S);
}

static void
assert_stops_at_the_cap (Fixture *fixture, ScriptedFault fault, const char *name)
{
  gint64 best_us = G_MAXINT64;
  gint64 before_kib = 0;
  gint64 growth_kib = 0;

  scripted_upstream_misbehave (fixture->server, "/", fault);
  /* What is loaded once for any answer is not the bomb's. */
  scripted_upstream_answer (fixture->server, "/small", 200, NULL, "{}", -1);
  get (fixture, "/small");
  if (memory_is_measurable ())
    memory_forget_peak ();
  before_kib = memory_get_resident_kib (0);
  for (guint i = 0; i < 5; i++)
    {
      gint64 begin_us = g_get_monotonic_time ();

      get (fixture, "/");
      best_us = MIN (best_us, g_get_monotonic_time () - begin_us);
      assert_failed (fixture, TOO_LARGE);
      wait_until (scripted_upstream_get_n_open (fixture->server) <= 1, WAIT_S);
    }
  growth_kib = memory_get_peak_kib () - before_kib;
  g_test_message ("PROMISE F5 fault=%s abort_ms=%.1f rss_kib=%" G_GINT64_FORMAT, name,
                  (double) best_us / 1000, growth_kib);
  if (memory_is_measurable ())
    {
      g_assert_cmpint (best_us, <=, 100 * 1000);
      g_assert_cmpint (growth_kib, <, 8 * 1024);
    }
}

static void
test_bombs_stop_at_the_cap (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  assert_stops_at_the_cap (fixture, SCRIPTED_BOMB, "gzip-bomb");
  assert_stops_at_the_cap (fixture, SCRIPTED_DOUBLE_BOMB, "double-gzip-bomb");
  assert_stops_at_the_cap (fixture, SCRIPTED_STALL, "long-and-silent");
}

static void
test_the_cap_is_1_mib (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autofree char *body = g_malloc0 (1024 * 1024 + 1);

  scripted_upstream_answer (fixture->server, "/fits", 200, NULL, body, 1024 * 1024);
  scripted_upstream_answer (fixture->server, "/long", 200, NULL, body, 1024 * 1024 + 1);
  get (fixture, "/fits");
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (g_bytes_get_size (fixture->answer->body), ==, 1024 * 1024);
  get (fixture, "/long");
  assert_failed (fixture, TOO_LARGE);
}

static void
test_broken_connections_are_told_apart (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (ScriptedUpstream) gone = scripted_upstream_new ();
  g_autofree char *url = g_strconcat (scripted_upstream_get_url (gone), "/", NULL);

  scripted_upstream_misbehave (fixture->server, "/reset", SCRIPTED_RESET);
  scripted_upstream_misbehave (fixture->server, "/cut", SCRIPTED_CUT);
  scripted_upstream_misbehave (fixture->server, "/garbage", SCRIPTED_GARBAGE);
  get (fixture, "/reset");
  assert_failed (fixture, BROKEN_OFF);
  get (fixture, "/cut");
  assert_failed (fixture, BROKEN_OFF);
  get (fixture, "/garbage");
  assert_failed (fixture, BAD_DATA);

  scripted_upstream_free (g_steal_pointer (&gone));
  forget (fixture);
  quotes_http_get_async (fixture->http, url, NULL, answered_cb, fixture);
  wait_until (fixture->is_done, WAIT_S);
  assert_failed (fixture, NETWORK);
}

static void
test_no_message_holds_the_query (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const ScriptedFault faults[] = {SCRIPTED_RESET, SCRIPTED_CUT, SCRIPTED_STALL,
                                         SCRIPTED_GARBAGE};

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      scripted_upstream_misbehave (fixture->server, "/", faults[i]);
      get (fixture, "/path?symbols=SECRET&key=SECRET");
      g_assert_nonnull (fixture->error);
      g_assert_null (strstr (fixture->error->message, "SECRET"));
      g_assert_null (strstr (fixture->error->message, "path"));
      g_assert_nonnull (strstr (fixture->error->message, "127.0.0.1"));
    }
}

static void
test_cancelling_ends_it_at_once (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  scripted_upstream_misbehave (fixture->server, "/", SCRIPTED_HANG);
  begin (fixture, "/", cancellable);
  wait_until (scripted_upstream_count (fixture->server, "/") == 1, WAIT_S);
  g_cancellable_cancel (cancellable);
  g_assert_false (fixture->is_done);
  wait_until (fixture->is_done, WAIT_S);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_until (scripted_upstream_get_n_open (fixture->server) == 0, WAIT_S);

  begin (fixture, "/", cancellable);
  g_assert_false (fixture->is_done);
  wait_until (fixture->is_done, WAIT_S);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (scripted_upstream_count (fixture->server, "/"), ==, 1);
}

static void
test_an_untrusted_certificate_is_an_error (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  g_autoptr (ScriptedUpstream) secure = scripted_upstream_new_self_signed ();
  g_autofree char *url = g_strconcat (scripted_upstream_get_url (secure), "/", NULL);

  scripted_upstream_answer (secure, "/", 200, NULL, "{}", -1);
  quotes_http_get_async (fixture->http, url, NULL, answered_cb, fixture);
  wait_until (fixture->is_done, WAIT_S);
  assert_failed (fixture, TLS);
  g_assert_cmpstr (quotes_provider_error_to_string (QUOTES_PROVIDER_ERROR_TLS), ==, "tls");
  g_assert_cmpuint (scripted_upstream_count (secure, "/"), ==, 0);
}

/* Fails when a source file below @path holds one of @words. */
static void
assert_no_word (const char *path, const char *const *words)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *text = NULL;
  const char *name = NULL;

  if (dir != NULL)
    {
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          assert_no_word (child, words);
        }
      return;
    }
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (gsize i = 0; words[i] != NULL; i++)
    if (strstr (text, words[i]) != NULL)
      g_error ("%s uses %s", path, words[i]);
}

static void
assert_no_source_uses (const char *const *words)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "src", NULL);

  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
  assert_no_word (path, words);
}

static void
test_nobody_accepts_certificates (void)
{
  static const char *const words[] = {"accept-certificate", "tls_certificate_accept", "ssl-strict",
                                      "tls-database", NULL};

  assert_no_source_uses (words);
}

static void
test_the_session_remembers_nothing (Fixture *fixture, G_GNUC_UNUSED gconstpointer user_data)
{
  static const char *const words[] = {"soup_multipart_",
                                      "soup_server_add_websocket_handler",
                                      "soup_form_decode_multipart",
                                      "soup_cookie_jar",
                                      "soup_cache_new",
                                      "soup_hsts_enforcer",
                                      "soup_content_sniffer",
                                      NULL};
  SoupSession *session = quotes_http_get_session (fixture->http);

  scripted_upstream_answer (fixture->server, "/", 401,
                            "Set-Cookie: a=b; Path=/\r\nWWW-Authenticate: Basic realm=\"x\"\r\n",
                            "{}", -1);
  get (fixture, "/first");
  g_assert_cmpuint (fixture->answer->status, ==, 401);
  get (fixture, "/second");
  g_assert_null (strstr (get_head (fixture, "/second"), "Cookie"));
  g_assert_null (strstr (get_head (fixture, "/second"), "Authorization"));

  g_assert_false (soup_session_has_feature (session, SOUP_TYPE_AUTH_MANAGER));
  g_assert_false (soup_session_has_feature (session, SOUP_TYPE_COOKIE_JAR));
  g_assert_false (soup_session_has_feature (session, SOUP_TYPE_CACHE));
  g_assert_false (soup_session_has_feature (session, SOUP_TYPE_CONTENT_SNIFFER));
  g_assert_false (soup_session_has_feature (session, SOUP_TYPE_HSTS_ENFORCER));
  g_assert_true (soup_session_has_feature (session, SOUP_TYPE_CONTENT_DECODER));
  assert_no_source_uses (words);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/http/an-answer-has-all-its-parts", test_an_answer_has_all_its_parts);
  ADD ("/http/the-name-is-honest", test_the_name_is_honest);
  ADD ("/http/retry-after-is-read", test_retry_after_is_read);
  ADD ("/http/broken-connections-are-told-apart", test_broken_connections_are_told_apart);
  ADD ("/http/no-message-holds-the-query", test_no_message_holds_the_query);
  ADD ("/http/cancelling-ends-it-at-once", test_cancelling_ends_it_at_once);
  ADD ("/rules/F1-redirects-are-not-followed", test_redirects_are_not_followed);
  ADD ("/rules/F5-the-cap-is-1-mib", test_the_cap_is_1_mib);
  ADD ("/rules/F5-bombs-stop-at-the-cap", test_bombs_stop_at_the_cap);
  ADD ("/rules/F5-a-drip-ends-after-15-s", test_a_drip_ends_after_15_s);
  ADD ("/rules/F5-silence-ends-after-10-s", test_silence_ends_after_10_s);
  ADD ("/rules/F5-connecting-ends-after-5-s", test_connecting_ends_after_5_s);
  ADD ("/rules/F9-an-untrusted-certificate-is-an-error", test_an_untrusted_certificate_is_an_error);
  g_test_add_func ("/rules/F9-nobody-accepts-certificates", test_nobody_accepts_certificates);
  ADD ("/rules/F10-the-session-remembers-nothing", test_the_session_remembers_nothing);
#undef ADD

  return g_test_run ();
}
