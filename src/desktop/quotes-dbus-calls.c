/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-dbus-calls.h"

#include <glib/gi18n.h>

#include "quotes-dbus-arguments.h"
#include "quotes-dbus-error.h"

/* One call that waits. */
typedef struct
{
  GDBusMethodInvocation *invocation; /* (owned) until it is answered */
  QuotesDbusAnswerFunc answer;
  gpointer user_data; /* (unowned), outlives us */
} Call;

/**
 * QuotesDbusCalls:
 *
 * The calls of all our interfaces wait in one queue, from which each turn of the main loop takes
 * one: so that a program that calls a thousand times at once is refused at its ninth call, and
 * delays the readers of the event stream by one answer at most.
 */
struct _QuotesDbusCalls
{
  GObject parent_instance;

  QuotesDbusCallers *callers; /* (owned) */
  GQueue waiting;             /* (element-type Call) (owned) */
  guint next_id;
};

G_DEFINE_FINAL_TYPE (QuotesDbusCalls, quotes_dbus_calls, G_TYPE_OBJECT)

/* Returns: (transfer none): who calls */
const char *
quotes_dbus_calls_get_sender (GDBusMethodInvocation *invocation)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);

  /* There is none on a connection without a bus, which only tests have. */
  return sender != NULL ? sender : "";
}

static void
answer (const Call *call)
{
  GVariant *arguments = g_dbus_method_invocation_get_parameters (call->invocation);
  g_autoptr (GError) error = NULL;

  if (quotes_dbus_arguments_check (arguments, &error))
    call->answer (call->user_data, call->invocation, arguments);
  else
    quotes_dbus_return_error (call->invocation, error, "");
}

static gboolean
answer_next_cb (gpointer user_data)
{
  g_autoptr (QuotesDbusCalls) self = g_object_ref (user_data);
  g_autofree Call *call = g_queue_pop_head (&self->waiting);
  gboolean is_last = g_queue_is_empty (&self->waiting);

  if (is_last)
    self->next_id = 0;
  /* Before the answer, so that who has it may call again. */
  quotes_dbus_callers_end_call (self->callers, quotes_dbus_calls_get_sender (call->invocation));
  answer (call);

  return is_last ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
refuse (QuotesDbusCalls *self, Call *call)
{
  quotes_dbus_callers_end_call (self->callers, quotes_dbus_calls_get_sender (call->invocation));
  g_dbus_method_invocation_return_dbus_error (call->invocation, "org.freedesktop.DBus.Error.Failed",
                                              _ ("The service is stopping"));
  g_free (call);
}

static void
quotes_dbus_calls_dispose (GObject *object)
{
  QuotesDbusCalls *self = QUOTES_DBUS_CALLS (object);
  Call *call = NULL;

  g_clear_handle_id (&self->next_id, g_source_remove);
  while ((call = g_queue_pop_head (&self->waiting)) != NULL)
    refuse (self, call);
  g_clear_object (&self->callers);

  G_OBJECT_CLASS (quotes_dbus_calls_parent_class)->dispose (object);
}

static void
quotes_dbus_calls_class_init (QuotesDbusCallsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_dbus_calls_dispose;
}

static void
quotes_dbus_calls_init (QuotesDbusCalls *self)
{
  g_queue_init (&self->waiting);
}

QuotesDbusCalls *
quotes_dbus_calls_new (QuotesDbusCallers *callers)
{
  QuotesDbusCalls *self = g_object_new (QUOTES_TYPE_DBUS_CALLS, NULL);

  self->callers = g_object_ref (callers);
  return self;
}

/**
 * quotes_dbus_calls_push:
 * @self: the calls
 * @invocation: (transfer full): one more
 * @answer: answers it when its turn comes, if its arguments keep to the limits of rule H6
 * @user_data: for @answer, and to tell whose calls are refused
 */
void
quotes_dbus_calls_push (QuotesDbusCalls *self,
                        GDBusMethodInvocation *invocation,
                        QuotesDbusAnswerFunc answer_func,
                        gpointer user_data)
{
  Call *call = NULL;

  g_return_if_fail (QUOTES_IS_DBUS_CALLS (self));

  if (!quotes_dbus_callers_begin_call (self->callers, quotes_dbus_calls_get_sender (invocation)))
    {
      quotes_dbus_return_code (invocation, QUOTES_ERROR_LIMITS_EXCEEDED, "");
      return;
    }

  call = g_new (Call, 1);
  *call = (Call){.invocation = invocation, .answer = answer_func, .user_data = user_data};
  g_queue_push_tail (&self->waiting, call);
  if (self->next_id == 0)
    self->next_id = g_idle_add_full (G_PRIORITY_DEFAULT, answer_next_cb, self, NULL);
}

/* Those that were pushed with @user_data and wait are answered with an error. */
void
quotes_dbus_calls_refuse (QuotesDbusCalls *self, gpointer user_data)
{
  GList *next = NULL;

  g_return_if_fail (QUOTES_IS_DBUS_CALLS (self));

  for (GList *link = self->waiting.head; link != NULL; link = next)
    {
      Call *call = link->data;

      next = link->next;
      if (call->user_data != user_data)
        continue;
      g_queue_delete_link (&self->waiting, link);
      refuse (self, call);
    }
  if (g_queue_is_empty (&self->waiting))
    g_clear_handle_id (&self->next_id, g_source_remove);
}
