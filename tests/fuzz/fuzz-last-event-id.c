/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fuzz-target.h"
#include "quotes-stream-request.h"

/* Whatever is taken for an id of ours is written back as it came. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  QuotesResume resume = {0};

  quotes_resume_parse (text, &resume);
  g_assert_true ((resume.kind == QUOTES_RESUME_NONE) == (*text == '\0'));
  if (resume.kind == QUOTES_RESUME_AT)
    {
      char id[QUOTES_EVENT_ID_SIZE];

      quotes_event_format_id (resume.run, resume.seq, id);
      g_assert_true (g_str_has_prefix (text, id));
      g_assert_true (text[strlen (id)] == '\0' || text[strlen (id)] == '.');
    }

  return 0;
}
