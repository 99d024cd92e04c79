/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "quotes-http-client.h"

G_BEGIN_DECLS

/* For the interfaces of the client that live in files of their own: the parts of a request.
 *
 * Returns: (transfer full): @path/@segment@rest?@query; @segment is escaped, @rest and @query
 *   (nullable) are not */
GUri *quotes_http_client_make_uri (QuotesHttpClient *self,
                                   const char *path,
                                   const char *segment,
                                   const char *rest,
                                   const char *query);
/* Sends it; the result of @task is the body of the answer. @json (nullable) and @task are taken.
 *
 * Returns: (transfer full): what was sent, for its answer's head */
SoupMessage *quotes_http_client_send (QuotesHttpClient *self,
                                      const char *method,
                                      GUri *uri,
                                      char *json,
                                      GTask *task);
/* Returns: (transfer full) (nullable): the object that the answer is; @object lives as long */
JsonNode *quotes_http_client_finish_object (QuotesHttpClient *self,
                                            GAsyncResult *result,
                                            JsonObject **object,
                                            GError **error);

G_END_DECLS
