/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define QUOTES_JSON_ERROR (quotes_json_error_quark ())
GQuark quotes_json_error_quark (void);

/**
 * QuotesJsonError:
 * @QUOTES_JSON_ERROR_SIZE: more bytes than the caller allows
 * @QUOTES_JSON_ERROR_DEPTH: nested deeper than %QUOTES_JSON_MAX_DEPTH
 * @QUOTES_JSON_ERROR_SYNTAX: not JSON (RFC 8259), or empty
 */
typedef enum
{
  QUOTES_JSON_ERROR_SIZE,
  QUOTES_JSON_ERROR_DEPTH,
  QUOTES_JSON_ERROR_SYNTAX,
} QuotesJsonError;

/* No answer or request that we know nests deeper than 10; json-glib 1.6 overflows the stack at
 * about 75,000. */
#define QUOTES_JSON_MAX_DEPTH 32

JsonNode *quotes_json_parse (GBytes *bytes, gsize max_size, GError **error);

/* Getters that check the type: a member that is absent, null or of another type is unknown.
 * json-glib's own read the string "64000" as 0.0, which would be a price. */
JsonObject *quotes_json_get_object (JsonNode *node);
JsonArray *quotes_json_get_array (JsonNode *node);
JsonObject *quotes_json_object_get_object (JsonObject *object, const char *member);
JsonArray *quotes_json_object_get_array (JsonObject *object, const char *member);
const char *quotes_json_object_get_string (JsonObject *object, const char *member);
double quotes_json_object_get_number (JsonObject *object, const char *member);
gboolean quotes_json_object_get_int (JsonObject *object, const char *member, gint64 *value);
gboolean quotes_json_object_get_boolean (JsonObject *object, const char *member, gboolean *value);
double quotes_json_array_get_number (JsonArray *array, guint i);
const char *quotes_json_array_get_string (JsonArray *array, guint i);
gboolean quotes_json_object_is_invalid_number (JsonObject *object, const char *member);

/* Writing. Text is appended to a GString; members are separated by the caller's own commas. */
void quotes_json_append_string (GString *text, const char *value);
void quotes_json_append_number (GString *text, double value);

G_END_DECLS
