/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Some bytes of a request, which stay where they are. */
typedef struct
{
  const char *at; /* (nullable): NULL = the field is not there */
  gsize size;
} View;

static inline gboolean
view_is (View view, const char *text)
{
  return view.at != NULL && view.size == strlen (text) && memcmp (view.at, text, view.size) == 0;
}

static inline gboolean
view_is_word (View view, const char *word)
{
  return view.at != NULL && view.size == strlen (word) &&
         g_ascii_strncasecmp (view.at, word, view.size) == 0;
}

static inline gboolean
view_skip (View *view, const char *text)
{
  gsize size = strlen (text);

  if (view->size < size || memcmp (view->at, text, size) != 0)
    return FALSE;

  view->at += size;
  view->size -= size;
  return TRUE;
}

static inline gboolean
view_skip_word (View *view, const char *word)
{
  gsize size = strlen (word);

  if (view->size < size || g_ascii_strncasecmp (view->at, word, size) != 0)
    return FALSE;

  view->at += size;
  view->size -= size;
  return TRUE;
}

static inline View
view_strip (View view)
{
  while (view.size > 0 && (view.at[0] == ' ' || view.at[0] == '\t'))
    {
      view.at++;
      view.size--;
    }
  while (view.size > 0 && (view.at[view.size - 1] == ' ' || view.at[view.size - 1] == '\t'))
    view.size--;
  return view;
}

/* Takes what stands before @separator, which goes as well. */
static inline gboolean
view_split (View *rest, char separator, View *word)
{
  const char *at = memchr (rest->at, separator, rest->size);

  if (at == NULL)
    return FALSE;

  *word = (View){rest->at, (gsize) (at - rest->at)};
  *rest = (View){at + 1, rest->size - word->size - 1};
  return TRUE;
}

G_END_DECLS
