/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-catalog.h"

#include <string.h>

#define PROVIDER_PREFIX "Provider "
/* The longest name that any provider takes is 64 bytes; looked at before any pattern is. */
#define MAX_TEXT_BYTES 128

/* What the names of one provider look like. */
typedef struct
{
  GRegex *pattern; /* (owned) */
  gboolean is_upper;
  gboolean is_lower;
  QuotesAssetClass asset_class;
} Naming;

/**
 * QuotesCatalog:
 *
 * The instruments that we know by a symbol of their own, and how those that we do not know are
 * named: the data of `instruments.ini`.
 */
struct _QuotesCatalog
{
  GObject parent_instance;

  GHashTable *namings;   /* (owned) (element-type utf8 Naming): by provider */
  GPtrArray *known;      /* (owned) (element-type QuotesInstrument): in the file's order */
  GHashTable *by_symbol; /* (owned) (element-type utf8 QuotesInstrument): keys live in the values */
  GHashTable *by_text;   /* (owned) (element-type utf8 QuotesInstrument): likewise */
};

G_DEFINE_FINAL_TYPE (QuotesCatalog, quotes_catalog, G_TYPE_OBJECT)

static void
naming_free (gpointer data)
{
  Naming *self = data;

  g_clear_pointer (&self->pattern, g_regex_unref);
  g_free (self);
}

static QuotesAssetClass
read_asset_class (GKeyFile *file, const char *group)
{
  g_autofree char *word = g_key_file_get_string (file, group, "AssetClass", NULL);

  return quotes_asset_class_from_string (word);
}

static gboolean
read_provider (QuotesCatalog *self, GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *pattern = g_key_file_get_string (file, group, "Pattern", error);
  g_autofree char *letter_case = g_key_file_get_string (file, group, "Case", NULL);
  Naming *naming = NULL;

  if (pattern == NULL)
    return FALSE;

  naming = g_new0 (Naming, 1);
  naming->is_upper = g_strcmp0 (letter_case, "upper") == 0;
  naming->is_lower = g_strcmp0 (letter_case, "lower") == 0;
  naming->asset_class = read_asset_class (file, group);
  naming->pattern = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY, 0, error);
  g_hash_table_insert (self->namings, g_strdup (group + strlen (PROVIDER_PREFIX)), naming);

  return naming->pattern != NULL;
}

static gboolean
read_instrument (QuotesCatalog *self, GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, group, "Instrument", error);
  g_autofree char *name = NULL;
  g_auto (GStrv) parts = NULL;
  QuotesInstrument *instrument = NULL;

  if (text == NULL)
    return FALSE;
  parts = g_strsplit (text, ":", 2);
  if (g_strv_length (parts) != 2)
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                   "Could not read the instrument of %s: not PROVIDER:NAME", group);
      return FALSE;
    }

  name = g_key_file_get_string (file, group, "Name", NULL);
  instrument = quotes_instrument_new (&(QuotesInstrument){
    .symbol = group,
    .provider = parts[0],
    .provider_symbol = parts[1],
    .text = text,
    .name = name,
    .asset_class = read_asset_class (file, group),
    .delay_minutes = g_key_file_has_key (file, group, "DelayMinutes", NULL)
                       ? g_key_file_get_integer (file, group, "DelayMinutes", NULL)
                       : -1,
  });
  g_ptr_array_add (self->known, instrument);
  g_hash_table_insert (self->by_symbol, (gpointer) instrument->symbol, instrument);
  g_hash_table_insert (self->by_text, (gpointer) instrument->text, instrument);

  return TRUE;
}

static void
quotes_catalog_finalize (GObject *object)
{
  QuotesCatalog *self = QUOTES_CATALOG (object);

  g_clear_pointer (&self->by_symbol, g_hash_table_unref);
  g_clear_pointer (&self->by_text, g_hash_table_unref);
  g_clear_pointer (&self->known, g_ptr_array_unref);
  g_clear_pointer (&self->namings, g_hash_table_unref);

  G_OBJECT_CLASS (quotes_catalog_parent_class)->finalize (object);
}

static void
quotes_catalog_class_init (QuotesCatalogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = quotes_catalog_finalize;
}

static void
quotes_catalog_init (QuotesCatalog *self)
{
  self->namings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, naming_free);
  self->known = g_ptr_array_new_with_free_func ((GDestroyNotify) quotes_instrument_unref);
  self->by_symbol = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_text = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * quotes_catalog_new:
 * @data: the text of `instruments.ini`
 * @size: its length
 * @error: return location for a #GKeyFileError or #GRegexError
 *
 * Returns: (transfer full): a new catalog
 */
QuotesCatalog *
quotes_catalog_new (const char *data, gsize size, GError **error)
{
  g_autoptr (QuotesCatalog) self = g_object_new (QUOTES_TYPE_CATALOG, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  if (!g_key_file_load_from_data (file, data, size, G_KEY_FILE_NONE, error))
    return NULL;

  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      gboolean is_provider = g_str_has_prefix (groups[i], PROVIDER_PREFIX);

      if (!(is_provider ? read_provider : read_instrument) (self, file, groups[i], error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * quotes_catalog_withdraw_provider:
 *
 * From now on nothing of @provider is resolved: it does not run.
 */
void
quotes_catalog_withdraw_provider (QuotesCatalog *self, const char *provider)
{
  g_return_if_fail (QUOTES_IS_CATALOG (self));

  g_hash_table_remove (self->namings, provider);
}

/**
 * quotes_catalog_dup_default_texts:
 *
 * Returns: (transfer full) (array zero-terminated=1): the default list as `PROVIDER:NAME`
 */
char **
quotes_catalog_dup_default_texts (QuotesCatalog *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (QUOTES_IS_CATALOG (self), NULL);

  for (guint i = 0; i < self->known->len; i++)
    {
      const QuotesInstrument *instrument = g_ptr_array_index (self->known, i);

      g_strv_builder_add (builder, instrument->text);
    }
  return g_strv_builder_end (builder);
}

/* Whether `.../quotes/NAME` is a route of its own, at which no quote could be read. */
static gboolean
is_reserved (const char *name)
{
  return g_str_equal (name, "refresh") || g_str_equal (name, "stream");
}

static QuotesInstrument *
resolve_unknown (QuotesCatalog *self, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  g_autofree char *name = NULL;
  g_autofree char *full = NULL;
  QuotesInstrument *known = NULL;
  Naming *naming = NULL;

  if (g_strv_length (parts) == 2)
    naming = g_hash_table_lookup (self->namings, parts[0]);
  if (naming != NULL)
    {
      name = naming->is_upper   ? g_ascii_strup (parts[1], -1)
             : naming->is_lower ? g_ascii_strdown (parts[1], -1)
                                : g_strdup (parts[1]);
      if (!g_regex_match (naming->pattern, name, 0, NULL))
        naming = NULL;
    }
  if (naming == NULL)
    {
      g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_INSTRUMENT,
                           "Could not find the instrument: not PROVIDER:NAME of a provider that "
                           "runs, and not a known symbol");
      return NULL;
    }

  full = g_strconcat (parts[0], ":", name, NULL);
  known = g_hash_table_lookup (self->by_text, full);
  if (known != NULL)
    return quotes_instrument_ref (known);

  /* The symbol of a known instrument is taken, in the list or not: it never changes its meaning. */
  return quotes_instrument_new (&(QuotesInstrument){
    .symbol = g_hash_table_contains (self->by_symbol, name) || is_reserved (name) ? full : name,
    .provider = parts[0],
    .provider_symbol = name,
    .text = full,
    .asset_class = naming->asset_class,
    .delay_minutes = -1,
  });
}

/**
 * quotes_catalog_resolve:
 * @self: a catalog
 * @text: `PROVIDER:NAME`, or the symbol of a known instrument
 * @error: return location for %QUOTES_ERROR_INVALID_INSTRUMENT
 *
 * Finds what @text means without asking anybody (contract 2).
 *
 * Returns: (transfer full): the instrument
 */
QuotesInstrument *
quotes_catalog_resolve (QuotesCatalog *self, const char *text, GError **error)
{
  g_autofree char *upper = NULL;
  QuotesInstrument *known = NULL;

  g_return_val_if_fail (QUOTES_IS_CATALOG (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > MAX_TEXT_BYTES || !g_str_is_ascii (text))
    {
      g_set_error_literal (error, QUOTES_ERROR, QUOTES_ERROR_INVALID_INSTRUMENT,
                           "Could not find the instrument: too long, or not ASCII");
      return NULL;
    }

  upper = g_ascii_strup (text, -1);
  known = g_hash_table_lookup (self->by_symbol, upper);
  if (known != NULL && g_hash_table_contains (self->namings, known->provider))
    return quotes_instrument_ref (known);

  return resolve_unknown (self, text, error);
}
