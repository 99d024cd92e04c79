/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-options.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <math.h>

/* Nobody means a pause of more than a day, or thousands of rounds a second. */
#define INTERVAL_MIN_S 0.001
#define INTERVAL_MAX_S 86400.0

/* Contract 1 and 8. */
#define DEFAULT_ADDRESS "127.0.0.1"
#define DEFAULT_PORT 18787
#define DEFAULT_MAX_STREAMS 200
#define DEFAULT_MAX_STREAMS_PER_CLIENT 5

/* No machine of a person has more descriptors. */
#define MAX_STREAMS_LIMIT 1000000

/* As it stands on the command line. */
typedef struct
{
  char *interval;
  char *listen;
  char *max_streams;
  char *max_streams_per_client;
  char **upstreams;
} Words;

static void
words_clear (Words *self)
{
  g_free (self->interval);
  g_free (self->listen);
  g_free (self->max_streams);
  g_free (self->max_streams_per_client);
  g_strfreev (self->upstreams);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean
refuse (GError **error, const char *message, const char *value)
{
  /* One line, whatever the value has in it. */
  g_autofree char *printable = g_strescape (value, "“”");

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: “%s”", message, printable);
  return FALSE;
}

static gboolean
parse_interval (QuotesOptions *self, const char *text, GError **error)
{
  char *end = NULL;
  double seconds = 0;

  if (text == NULL)
    return TRUE;

  /* Not `inf`, `nan` or `0x1e`, which strtod() reads too. */
  if (*text != '\0' && strspn (text, "0123456789.eE+-") == strlen (text))
    seconds = g_ascii_strtod (text, &end);
  if (end == NULL || *end != '\0' || end == text)
    return refuse (error, _ ("--interval needs a number of seconds"), text);
  if (!(seconds >= INTERVAL_MIN_S && seconds <= INTERVAL_MAX_S))
    return refuse (error, _ ("--interval has to be between 0.001 and 86400 seconds"), text);

  self->interval_us = (gint64) round (seconds * G_USEC_PER_SEC);
  return TRUE;
}

static gboolean
parse_count (guint *count,
             const char *text,
             guint least,
             guint most,
             const char *message,
             GError **error)
{
  guint64 value = 0;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, least, most, &value, NULL))
    return refuse (error, message, text);

  *count = (guint) value;
  return TRUE;
}

/* Splits `ADDRESS:PORT` or `[ADDRESS]:PORT`. Returns: (nullable): the address */
static char *
split_listen (const char *text, guint16 *port)
{
  const char *colon = strrchr (text, ':');
  gboolean has_brackets = FALSE;
  guint64 value = 0;

  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &value, NULL))
    return NULL;
  *port = (guint16) value;

  has_brackets = colon - text > 2 && text[0] == '[' && colon[-1] == ']';
  if (has_brackets)
    return g_strndup (text + 1, (gsize) (colon - text - 2));
  /* `::1:80` could be either. */
  if (memchr (text, ':', (gsize) (colon - text)) != NULL)
    return NULL;
  return g_strndup (text, (gsize) (colon - text));
}

static gboolean
parse_listen (QuotesOptions *self, const char *text, GError **error)
{
  g_autofree char *host = NULL;
  g_autoptr (GInetAddress) address = NULL;

  self->listen_port = DEFAULT_PORT;
  self->listen_address = g_strdup (DEFAULT_ADDRESS);
  if (text == NULL)
    return TRUE;

  host = split_listen (text, &self->listen_port);
  if (host != NULL && g_str_equal (host, "localhost"))
    return TRUE;
  if (host != NULL)
    address = g_inet_address_new_from_string (host);
  if (address == NULL)
    return refuse (error, _ ("--listen needs ADDRESS:PORT, for example 127.0.0.1:18787"), text);
  if (!g_inet_address_get_is_loopback (address))
    return refuse (error, _ ("--listen takes only an address of this machine itself"), text);

  g_free (self->listen_address);
  self->listen_address = g_steal_pointer (&host);
  return TRUE;
}

static gboolean
is_base_url (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";

  for (const char *at = url; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      return FALSE;

  return (g_str_equal (scheme, "http") || g_str_equal (scheme, "https")) &&
         g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' &&
         g_uri_get_userinfo (uri) == NULL && g_uri_get_query (uri) == NULL &&
         g_uri_get_fragment (uri) == NULL;
}

static gboolean
parse_upstreams (QuotesOptions *self, char **texts, GError **error)
{
  self->upstreams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      const char *equals = strchr (texts[i], '=');
      g_autofree char *url = NULL;

      if (equals == NULL || equals == texts[i])
        return refuse (error, _ ("--upstream needs NAME=URL"), texts[i]);
      url = g_strdup (equals + 1);
      if (!is_base_url (url))
        return refuse (error, _ ("--upstream needs an http or https URL without query"), texts[i]);
      while (g_str_has_suffix (url, "/"))
        url[strlen (url) - 1] = '\0';
      g_hash_table_replace (self->upstreams, g_strndup (texts[i], (gsize) (equals - texts[i])),
                            g_steal_pointer (&url));
    }
  return TRUE;
}

static gboolean
read_words (QuotesOptions *self, const Words *words, GError **error)
{
  self->max_streams = DEFAULT_MAX_STREAMS;
  self->max_streams_per_client = DEFAULT_MAX_STREAMS_PER_CLIENT;

  return parse_interval (self, words->interval, error) &&
         parse_listen (self, words->listen, error) &&
         parse_upstreams (self, words->upstreams, error) &&
         parse_count (&self->max_streams, words->max_streams, 1, MAX_STREAMS_LIMIT,
                      _ ("--max-streams needs a number from 1"), error) &&
         parse_count (&self->max_streams_per_client, words->max_streams_per_client, 0,
                      MAX_STREAMS_LIMIT, _ ("--max-streams-per-client needs a number from 0"),
                      error);
}

/**
 * quotes_options_parse:
 * @self: zeroed; cleared by the caller, also after a failure
 * @argc: (inout): of main()
 * @argv: (inout): of main()
 * @error: return location for what is wrong, in one line
 */
gboolean
quotes_options_parse (QuotesOptions *self, int *argc, char ***argv, GError **error)
{
  g_auto (Words) words = {0};
  const GOptionEntry entries[] = {
    {"demo", 0, 0, G_OPTION_ARG_NONE, &self->demo, N_ ("Show made-up prices"), NULL},
    {"interval", 0, 0, G_OPTION_ARG_STRING, &words.interval, N_ ("Time between two updates"),
     N_ ("SECONDS")},
    {"listen", 0, 0, G_OPTION_ARG_STRING, &words.listen,
     N_ ("Answer HTTP here (default 127.0.0.1:18787; port 0: any)"), N_ ("ADDRESS:PORT")},
    {"max-streams", 0, 0, G_OPTION_ARG_STRING, &words.max_streams,
     N_ ("Event streams in all (default 200)"), N_ ("N")},
    {"max-streams-per-client", 0, 0, G_OPTION_ARG_STRING, &words.max_streams_per_client,
     N_ ("Event streams of one client (default 5; 0: no limit)"), N_ ("N")},
    {"no-bus", 0, 0, G_OPTION_ARG_NONE, &self->no_bus, N_ ("Do without the session bus"), NULL},
    {"no-http", 0, 0, G_OPTION_ARG_NONE, &self->no_http, N_ ("Do without HTTP"), NULL},
    {"stamp-frames", 0, 0, G_OPTION_ARG_NONE, &self->stamp_frames,
     N_ ("Say in each event when it was published"), NULL},
    {"state-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->state_dir, N_ ("Keep everything here"),
     N_ ("DIR")},
    {"upstream", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words.upstreams,
     N_ ("Reach the provider NAME at another address; can be repeated"), N_ ("NAME=URL")},
    {"verbose", 0, 0, G_OPTION_ARG_NONE, &self->verbose, N_ ("Say more"), NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_ ("Show the version"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    return refuse (error, _ ("Unexpected argument"), (*argv)[1]);
  if (self->state_dir != NULL && *self->state_dir == '\0')
    return refuse (error, _ ("--state-dir needs a folder"), "");

  return read_words (self, &words, error);
}

void
quotes_options_clear (QuotesOptions *self)
{
  g_clear_pointer (&self->state_dir, g_free);
  g_clear_pointer (&self->listen_address, g_free);
  g_clear_pointer (&self->upstreams, g_hash_table_unref);
}
