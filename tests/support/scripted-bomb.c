/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scripted-bomb.h"

#include <gio/gio.h>

#define PIECE_BYTES (1024 * 1024)
#define N_PIECES 1024

static void
deflate (GConverter *converter,
         gconstpointer data,
         gsize size,
         GConverterFlags flags,
         GByteArray *out)
{
  const char *from = data;
  char buffer[4096];

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      gsize n_read = 0;
      gsize n_written = 0;
      GConverterResult result = g_converter_convert (converter, from, size, buffer, sizeof buffer,
                                                     flags, &n_read, &n_written, &error);

      g_assert_no_error (error);
      from += n_read;
      size -= n_read;
      g_byte_array_append (out, (const guint8 *) buffer, (guint) n_written);
      if (result == G_CONVERTER_FINISHED || (result == G_CONVERTER_FLUSHED && size == 0))
        return;
    }
}

/* The second piece is the same as every later one, so it needs to be compressed only once. */
static GBytes *
make_bomb (void)
{
  g_autoptr (GConverter) converter =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autofree char *zeros = g_malloc0 (PIECE_BYTES);
  GByteArray *bomb = g_byte_array_new ();
  g_autoptr (GByteArray) piece = g_byte_array_new ();

  deflate (converter, zeros, PIECE_BYTES, G_CONVERTER_FLUSH, bomb);
  deflate (converter, zeros, PIECE_BYTES, G_CONVERTER_FLUSH, piece);
  for (guint i = 1; i < N_PIECES; i++)
    g_byte_array_append (bomb, piece->data, piece->len);

  return g_byte_array_free_to_bytes (bomb);
}

GBytes *
scripted_bomb_new (gboolean twice)
{
  g_autoptr (GBytes) bomb = make_bomb ();
  g_autoptr (GConverter) converter =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (!twice)
    return g_steal_pointer (&bomb);
  deflate (converter, g_bytes_get_data (bomb, NULL), g_bytes_get_size (bomb),
           G_CONVERTER_INPUT_AT_END, out);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
