/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-stream-request.h"

#include <string.h>

#define PATH_TOPICS (QUOTES_TOPIC_UPDATES | QUOTES_TOPIC_LIST | QUOTES_TOPIC_STATUS)

static const char *
get_problem (const char *query, gboolean is_multiplexed)
{
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  const char *code = NULL;

  g_assert_true (quotes_stream_request_parse (query, NULL, is_multiplexed, FALSE, &request,
                                              &code) == (code == NULL));
  return code;
}

static guint
get_topics (const char *query, gboolean is_multiplexed)
{
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  const char *code = NULL;

  g_assert_true (quotes_stream_request_parse (query, NULL, is_multiplexed, FALSE, &request, &code));
  return request.topics;
}

static void
test_asks_for_everything_by_default (void)
{
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  const char *code = NULL;

  g_assert_true (quotes_stream_request_parse (NULL, NULL, FALSE, FALSE, &request, &code));
  g_assert_cmpuint (request.topics, ==, PATH_TOPICS);
  g_assert_cmpuint (request.flavor, ==, QUOTES_FLAVOR_CHUNKED);
  g_assert_null (request.symbols);
  g_assert_cmpstr (request.client, ==, "");
  g_assert_cmpint (request.resume.kind, ==, QUOTES_RESUME_NONE);
  g_assert_false (request.is_head);
}

static void
test_chooses_the_words (void)
{
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  const char *code = NULL;

  g_assert_true (quotes_stream_request_parse ("", NULL, TRUE, TRUE, &request, &code));
  g_assert_cmpuint (request.flavor, ==, QUOTES_FLAVOR_MULTIPLEXED);
  quotes_stream_request_clear (&request);
  g_assert_true (quotes_stream_request_parse ("", NULL, TRUE, FALSE, &request, &code));
  g_assert_cmpuint (request.flavor, ==, QUOTES_FLAVOR_MULTIPLEXED | QUOTES_FLAVOR_CHUNKED);
  quotes_stream_request_clear (&request);
  g_assert_true (quotes_stream_request_parse ("", NULL, FALSE, TRUE, &request, &code));
  g_assert_cmpuint (request.flavor, ==, QUOTES_FLAVOR_PLAIN);
}

static void
test_reads_the_topics (void)
{
  const guint quotes = QUOTES_TOPIC_UPDATES | QUOTES_TOPIC_LIST;

  g_assert_cmpuint (get_topics ("topics=quotes", TRUE), ==, quotes);
  g_assert_cmpuint (get_topics ("topics=status,news", TRUE), ==, QUOTES_TOPIC_STATUS);
  g_assert_cmpuint (get_topics ("topics=status,alerts", TRUE), ==,
                    QUOTES_TOPIC_STATUS | QUOTES_TOPIC_ALERTS);
  g_assert_cmpuint (get_topics ("topics=status,alerts", FALSE), ==, PATH_TOPICS);
  g_assert_cmpuint (get_topics ("topics=quotes%2Cstatus", TRUE), ==, PATH_TOPICS);
  g_assert_cmpuint (get_topics ("topics=news", TRUE), ==, 0);
  g_assert_cmpuint (get_topics ("mode=snapshot", TRUE), ==,
                    QUOTES_TOPIC_SNAPSHOTS | QUOTES_TOPIC_STATUS);
  g_assert_cmpstr (get_problem ("topics=quotes,weather", TRUE), ==, "bad_topics");
  /* The other path has one topic only, so the parameter is one that it does not know. */
  g_assert_cmpuint (get_topics ("topics=weather", FALSE), ==, PATH_TOPICS);
}

static void
test_decodes_symbols (void)
{
  static const char *const queries[] = {
    "symbols=BTC,GC=F,%5EGSPC",
    "symbols=BTC%2CGC%3DF%2C^GSPC",
    "x=1&symbols=,BTC,,GC=F,%5EGSPC,BTC,&mode=snapshot",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
      const char *code = NULL;

      g_assert_true (quotes_stream_request_parse (queries[i], NULL, FALSE, FALSE, &request, &code));
      g_assert_cmpuint (g_hash_table_size (request.symbols), ==, 3);
      g_assert_true (g_hash_table_contains (request.symbols, "BTC"));
      g_assert_true (g_hash_table_contains (request.symbols, "GC=F"));
      g_assert_true (g_hash_table_contains (request.symbols, "^GSPC"));
    }
}

static void
test_refuses_what_it_cannot_mean (void)
{
  g_autofree char *long_symbol = g_strnfill (200, 'A');
  g_autofree char *long_query = g_strnfill (3000, 'A');
  g_autofree char *symbols = g_strconcat ("symbols=", long_symbol, NULL);

  g_assert_cmpstr (get_problem ("mode=everything", FALSE), ==, "bad_mode");
  g_assert_cmpstr (get_problem ("mode=snapshot&mode=snapshot", FALSE), ==, "bad_query");
  g_assert_cmpstr (get_problem ("symbols=%zz", FALSE), ==, "bad_query");
  g_assert_cmpstr (get_problem ("symbols=%00", FALSE), ==, "bad_query");
  g_assert_cmpstr (get_problem ("symbols=%ff", FALSE), ==, "bad_query");
  g_assert_cmpstr (get_problem ("symbols=A%0d%0aB", FALSE), ==, "bad_symbols");
  g_assert_cmpstr (get_problem (symbols, FALSE), ==, "bad_symbols");
  g_assert_cmpstr (get_problem ("client=me", FALSE), ==, "bad_client");
  g_assert_cmpstr (get_problem (long_query, FALSE), ==, "bad_query");
}

static void
test_ignores_what_it_does_not_know (void)
{
  g_assert_null (get_problem ("", FALSE));
  g_assert_null (get_problem ("&&=&source=x&%zz=%zz&modes=everything&mod", TRUE));
  g_assert_null (get_problem ("symbols=", FALSE));
}

static void
test_the_header_wins_over_the_parameter (void)
{
  static const char *const query = "last_event_id=0000000a.5";
  g_auto (QuotesStreamRequest) request = QUOTES_STREAM_REQUEST_INIT;
  const char *code = NULL;

  g_assert_true (quotes_stream_request_parse (query, NULL, FALSE, FALSE, &request, &code));
  g_assert_cmpint (request.resume.kind, ==, QUOTES_RESUME_AT);
  g_assert_cmpuint (request.resume.run, ==, 10);
  g_assert_cmpuint (request.resume.seq, ==, 5);
  g_assert_true (quotes_stream_request_parse (query, "0000000b.6", FALSE, FALSE, &request, &code));
  g_assert_cmpuint (request.resume.run, ==, 11);
  g_assert_true (quotes_stream_request_parse (query, "abc", FALSE, FALSE, &request, &code));
  g_assert_cmpint (request.resume.kind, ==, QUOTES_RESUME_FOREIGN);
}

static void
test_tells_our_ids_from_others (void)
{
  g_autofree char *ten_kib = g_strnfill (10 * 1024, '1');
  const char *const foreign[] = {
    "0",
    "abc",
    "9999999999-1",
    "0123abcd",
    "0123abcd.",
    "0123abcd.x",
    "0123abcd.1 ",
    " 0123abcd.1",
    "0123ABCD.1",
    "0123abcd.01",
    "0123abcd.-1",
    "0123abcd.+1",
    "0123abcd.18446744073709551616",
    "0123abcd.1.89abcdef",
    "0123abcd.1.89abcdef.",
    "0123abcd.1.89abcdef.2.3",
    "123abcd.1",
    ten_kib,
  };
  QuotesResume resume = {0};

  for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      quotes_resume_parse (foreign[i], &resume);
      g_assert_cmpint (resume.kind, ==, QUOTES_RESUME_FOREIGN);
    }

  quotes_resume_parse ("0123abcd.18446744073709551615", &resume);
  g_assert_cmpint (resume.kind, ==, QUOTES_RESUME_AT);
  g_assert_cmpuint (resume.seq, ==, G_MAXUINT64);
  quotes_resume_parse ("0123abcd.7.89abcdef.42", &resume);
  g_assert_cmpint (resume.kind, ==, QUOTES_RESUME_AT);
  g_assert_cmpuint (resume.run, ==, 0x0123abcd);
  g_assert_cmpuint (resume.seq, ==, 7);
}

static void
test_gives_a_good_request_id_back (void)
{
  g_autofree char *longest = g_strnfill (64, 'x');
  g_autofree char *too_long = g_strnfill (65, 'x');
  const char *const bad[] = {NULL, "", "a b", "a\r\nSet-Cookie: b", "\xc3\xa4", too_long};

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      QuotesStreamRequest request = QUOTES_STREAM_REQUEST_INIT;

      quotes_stream_request_set_id (&request, bad[i]);
      g_assert_cmpstr (request.request_id, ==, "");
      quotes_stream_request_set_id (&request, longest);
      g_assert_cmpstr (request.request_id, ==, longest);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add_func ("/stream-request/" name, func)
  ADD ("asks-for-everything-by-default", test_asks_for_everything_by_default);
  ADD ("chooses-the-words", test_chooses_the_words);
  ADD ("reads-the-topics", test_reads_the_topics);
  ADD ("decodes-symbols", test_decodes_symbols);
  ADD ("refuses-what-it-cannot-mean", test_refuses_what_it_cannot_mean);
  ADD ("ignores-what-it-does-not-know", test_ignores_what_it_does_not_know);
  ADD ("the-header-wins-over-the-parameter", test_the_header_wins_over_the_parameter);
  ADD ("tells-our-ids-from-others", test_tells_our_ids_from_others);
  ADD ("gives-a-good-request-id-back", test_gives_a_good_request_id_back);
#undef ADD

  return g_test_run ();
}
