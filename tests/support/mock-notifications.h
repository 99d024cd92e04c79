/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One call of Notify. */
typedef struct
{
  guint32 id;
  guint32 replaces_id;
  char *summary; /* (owned) */
  char *body;    /* (owned) */
  char **keys;   /* (owned): of its actions */
  char **labels; /* (owned) */
} MockNotification;

/* The notification service of a desktop, on a connection of its own, in the main loop of the test:
 * notes what it is told, and clicks. */
typedef struct
{
  GDBusConnection *connection; /* (owned) */
  GPtrArray *shown;            /* (owned) (element-type MockNotification): in the order they came */
  GArray *closed;              /* (owned) (element-type guint32) */
  guint32 last_id;
  guint object_id;
} MockNotifications;

void mock_notifications_start (MockNotifications *self, const char *bus_address);
void mock_notifications_stop (MockNotifications *self);
const MockNotification *mock_notifications_get (MockNotifications *self, guint i);
/* Returns: (nullable): the key of the action of that @label */
const char *mock_notification_find_key (const MockNotification *notification, const char *label);
/* The user closes all that was ever shown. */
void mock_notifications_close_all (MockNotifications *self);
/* The user clicks; @key: `default` = on the notification itself. */
void mock_notifications_invoke (MockNotifications *self, guint32 id, const char *key);

G_END_DECLS
