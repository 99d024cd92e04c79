/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What an answer of ours is made of. Header values are constants, numbers or the checked id of the
 * request (rule D5). */
void quotes_answer_set_headers (SoupServerMessage *message);
void quotes_answer_take (SoupServerMessage *message,
                         guint status,
                         const char *content_type,
                         GString *body);
void quotes_answer_take_json (SoupServerMessage *message, guint status, GString *body);

G_END_DECLS
