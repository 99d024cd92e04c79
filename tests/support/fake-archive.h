/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "quotes-archive.h"

G_BEGIN_DECLS

#define FAKE_TYPE_ARCHIVE (fake_archive_get_type ())
G_DECLARE_FINAL_TYPE (FakeArchive, fake_archive, FAKE, ARCHIVE, GObject)

/* An archive that answers when the test says so, the oldest question first. It is empty, well, and
 * has counted no calls. */
FakeArchive *fake_archive_new (void);

/* More is committed. */
void fake_archive_set_stored (FakeArchive *self, guint64 stored);
/* @state: a constant; @message: (nullable) */
void fake_archive_set_state (FakeArchive *self, const char *state, const char *message);
void fake_archive_set_calls_today (FakeArchive *self, guint64 calls);

guint fake_archive_get_n_waiting (FakeArchive *self);
/* Returns: (nullable): the newest question, as `history XAU 1d 500`, `closes 48`, `page tick SINCE
 * AFTER LIMIT`, `newest XAU` or `fill XAU` */
const char *fake_archive_get_question (FakeArchive *self);
/* (transfer none) (nullable): the newest that was to be filled in */
QuotesHistory *fake_archive_get_filled (FakeArchive *self);
/* Whether nobody wants the answer of the oldest question any more. */
gboolean fake_archive_is_cancelled (FakeArchive *self);

/* All take what they are given. */
void fake_archive_answer_history (FakeArchive *self, QuotesHistory *history);
void fake_archive_answer_closes (FakeArchive *self, GHashTable *closes);
void fake_archive_answer_page (FakeArchive *self, QuotesRecordPage *page);
void fake_archive_answer_newest (FakeArchive *self, gint64 newest_us);
void fake_archive_answer_fill (FakeArchive *self);
/* It could not be read, or is cancelled. */
void fake_archive_fail (FakeArchive *self);

/* Makes answers: gold with three bars, the last of which begins another contract; one page of the
 * same; the closes of gold alone. */
QuotesHistory *fake_archive_make_history (const char *symbol);
QuotesRecordPage *fake_archive_make_page (gint64 next);
GHashTable *fake_archive_make_closes (void);

G_END_DECLS
