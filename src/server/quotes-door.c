/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "quotes-door.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quotes-deadlines.h"
#include "quotes-linger.h"
#include "quotes-listen.h"
#include "quotes-listeners.h"
#include "quotes-problem.h"
#include "quotes-request-head.h"

/* A head that comes in more pieces than this is not sent in good faith. */
#define PEEKS_MAX 1024
/* Beside the connections that are counted, so few where descriptors are. */
#define LINGER_MAX 64
#define SWEEP_US (G_USEC_PER_SEC / 2)
/* So many time-outs in one go hold the main loop for about 5 ms. */
#define SWEEP_BATCH 256
#define SWEEP_PAUSE_US 5000
/* From here on a burst has left holes in the heap that are worth giving back. */
#define STORM_SIZE 1024

G_DEFINE_QUARK (quotes - door - error - quark, quotes_door_error)

/* A connection whose head is not complete. Thousands of them may wait, so it is small. */
typedef struct
{
  QuotesEpollItem item;
  QuotesDeadline deadline;  /* waits = is in the epoll set */
  QuotesDoor *door;         /* (unowned), outlives us */
  QuotesListener *listener; /* (unowned), outlives us */
  guint16 n_seen;
  guint16 n_peeks;
} Waiter;

/**
 * QuotesDoor:
 *
 * What stands in front of libsoup, whose own listener is deaf for ever after one failed accept(),
 * has no time-out and no limit, and holds 27 KiB for each half of a request.
 *
 * A connection waits here at a hundred bytes. Its bytes are peeked at, not read, until the whole
 * request head is there or the time is over; then it is judged, and refused from here or handed to
 * libsoup untouched.
 */
struct _QuotesDoor
{
  GObject parent_instance;

  QuotesEpoll *epoll; /* (unowned), outlives us */
  QuotesClock *clock; /* (owned) */
  QuotesDoorLimits limits;
  char **allowed_hosts;      /* (owned) (nullable) */
  QuotesDoorClaimFunc claim; /* (nullable) */
  gpointer claim_data;
  QuotesListeners *listeners; /* (owned) */
  QuotesVisitors *visitors;   /* (owned) */
  QuotesLinger *linger;       /* (owned) */
  QuotesPeerFinder *finder;   /* (owned) */
  QuotesDeadlines waiters;    /* (element-type Waiter) */
  QuotesDoorCounters counts;  /* those that only grow */
  guint n_streams;
  guint most_waiting; /* since the heap was last trimmed */
  guint sweep_id;
  char scratch[QUOTES_REQUEST_HEAD_MAX];
};

G_DEFINE_FINAL_TYPE (QuotesDoor, quotes_door, G_TYPE_OBJECT)

static gboolean
is_waiting (Waiter *waiter)
{
  return waiter->deadline.deadlines != NULL;
}

/* Returns: (transfer full): its descriptor, in no set any more */
static int
release_waiter (QuotesDoor *self, Waiter *waiter)
{
  int fd = waiter->item.fd;

  if (is_waiting (waiter))
    quotes_epoll_remove (self->epoll, &waiter->item);
  quotes_deadline_stop (&waiter->deadline);
  quotes_epoll_bury (self->epoll, &waiter->item, g_free);
  return fd;
}

static void
drop_waiter (QuotesDoor *self, Waiter *waiter)
{
  close (release_waiter (self, waiter));
}

static void
refuse (QuotesDoor *self, Waiter *waiter, guint status, const char *code, gboolean is_head)
{
  const char *extra = "";
  g_autofree char *answer = NULL;
  const char *end = NULL;

  if (status == 405)
    extra = "Allow: " QUOTES_REQUEST_METHODS "\r\n";
  else if (status == 401)
    extra = "WWW-Authenticate: Bearer\r\n";
  answer = quotes_problem_dup_http (status, code,
                                    status == 503 ? QUOTES_LISTENERS_RETRY_AFTER_S : 0, extra);
  end = is_head ? strstr (answer, "\r\n\r\n") : NULL;
  quotes_linger_take_fd (self->linger, release_waiter (self, waiter), answer,
                         end != NULL ? (gsize) (end + 4 - answer) : strlen (answer));
}

static guint
get_n_connections (QuotesDoor *self)
{
  return quotes_deadlines_get_n (&self->waiters) + quotes_visitors_get_n (self->visitors) +
         self->n_streams;
}

static void sweep_cb (gpointer user_data);

static gboolean
has_deadlines (QuotesDoor *self)
{
  return quotes_deadlines_get_n (&self->waiters) > 0 || quotes_linger_get_n (self->linger) > 0 ||
         quotes_visitors_have_deadlines (self->visitors);
}

/* Runs only while somebody waits, so that a quiet daemon sleeps. */
static void
ensure_sweep (QuotesDoor *self, gint64 pause_us)
{
  /* Without a clock we were disposed of by the very request that we let in. */
  if (self->clock != NULL && self->sweep_id == 0 && has_deadlines (self))
    self->sweep_id = quotes_clock_add_alarm (
      self->clock, quotes_clock_get_monotonic_us (self->clock) + pause_us, sweep_cb, self);
}

/* Half a head is worth an answer. A browser's connection in advance is not: it would take the 408
 * for the answer to its next request. */
static void
time_out (QuotesDoor *self, Waiter *waiter)
{
  self->counts.n_timed_out++;
  if (waiter->n_seen > 0)
    refuse (self, waiter, 408, "timeout", FALSE);
  else
    drop_waiter (self, waiter);
}

/* glibc keeps what a storm of small blocks took. */
static void
trim_after_storm (QuotesDoor *self)
{
  if (self->most_waiting < STORM_SIZE || get_n_connections (self) > STORM_SIZE / 2)
    return;

  malloc_trim (0);
  self->most_waiting = 0;
}

static void
sweep_cb (gpointer user_data)
{
  QuotesDoor *self = QUOTES_DOOR (user_data);
  Waiter *waiter = NULL;
  guint n = 0;

  self->sweep_id = 0;
  for (; n < SWEEP_BATCH; n++)
    {
      waiter = quotes_deadlines_get_expired (&self->waiters);
      if (waiter == NULL)
        break;
      time_out (self, waiter);
    }
  quotes_linger_sweep (self->linger);
  self->counts.n_timed_out += quotes_visitors_sweep (self->visitors);
  trim_after_storm (self);
  ensure_sweep (self, n < SWEEP_BATCH ? SWEEP_US : SWEEP_PAUSE_US);
}

static void
admit (QuotesDoor *self, Waiter *waiter, const QuotesRequestHead *head)
{
  GSocketAddress *local = quotes_listener_get_address (waiter->listener);
  QuotesPeer peer;
  int fd = -1;

  quotes_peer_finder_identify (self->finder, waiter->item.fd, &peer);
  if (!quotes_peer_is_trusted (&peer))
    {
      self->counts.n_refused++;
      refuse (self, waiter, 401, "auth", g_str_has_prefix (self->scratch, "HEAD "));
      return;
    }

  self->counts.n_passed++;
  fd = release_waiter (self, waiter);
  if (self->claim == NULL || !self->claim (fd, head, &peer, self->claim_data))
    quotes_visitors_take_fd (self->visitors, fd, &peer, local);
}

static void
judge (QuotesDoor *self, Waiter *waiter, gsize size)
{
  guint16 port = quotes_listener_get_port (waiter->listener);
  const QuotesHostRules rules = {
    .port = port != 0 ? port : quotes_door_get_port (self),
    .is_unix = port == 0,
    .allowed_hosts = (const char *const *) self->allowed_hosts,
  };
  QuotesRequestHead head;

  if (quotes_request_head_judge (self->scratch, size, &rules, &head) == QUOTES_VERDICT_PASS)
    {
      admit (self, waiter, &head);
      return;
    }

  self->counts.n_refused++;
  refuse (self, waiter, head.status, head.code,
          memcmp (self->scratch, "HEAD ", MIN (size, 5)) == 0);
}

/* Returns: whether it has to wait for more */
static gboolean
look (QuotesDoor *self, Waiter *waiter, guint32 events)
{
  ssize_t n = recv (waiter->item.fd, self->scratch, sizeof self->scratch, MSG_PEEK | MSG_DONTWAIT);
  gboolean is_ready = FALSE;

  if (n < 0 && (errno == EAGAIN || errno == EINTR) && (events & (EPOLLHUP | EPOLLERR)) == 0)
    return TRUE;
  if (n <= 0)
    {
      drop_waiter (self, waiter);
      return FALSE;
    }

  is_ready = quotes_request_head_is_ready (self->scratch, (gsize) n, waiter->n_seen);
  waiter->n_seen = (guint16) n;
  if (is_ready)
    judge (self, waiter, (gsize) n);
  /* After a whole head the end of the sending side is legitimate, after half a one it is not. */
  else if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
    drop_waiter (self, waiter);
  else if (++waiter->n_peeks >= PEEKS_MAX)
    time_out (self, waiter);
  else
    return TRUE;

  return FALSE;
}

static void
waiter_ready (QuotesEpollItem *item, guint32 events)
{
  Waiter *waiter = (Waiter *) item;
  g_autoptr (QuotesDoor) self = g_object_ref (waiter->door);

  look (self, waiter, events);
  ensure_sweep (self, SWEEP_US);
}

static void
let_wait (QuotesDoor *self, Waiter *waiter)
{
  quotes_deadline_start (&waiter->deadline, &self->waiters, waiter);
  self->most_waiting = MAX (self->most_waiting, quotes_deadlines_get_n (&self->waiters));
  /* What came since we looked is reported again when the descriptor joins the set. */
  if (!quotes_epoll_add (self->epoll, &waiter->item, EPOLLIN | EPOLLRDHUP | EPOLLET))
    drop_waiter (self, waiter);
}

static void
greet (QuotesListener *listener, int fd, gpointer user_data)
{
  g_autoptr (QuotesDoor) self = g_object_ref (user_data);
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->item = (QuotesEpollItem){.fd = fd, .ready = waiter_ready};
  waiter->door = self;
  waiter->listener = listener;
  self->counts.n_accepted++;
  if (get_n_connections (self) >= self->limits.max_connections)
    {
      self->counts.n_full++;
      refuse (self, waiter, 503, "full", FALSE);
    }
  else if (look (self, waiter, 0))
    {
      let_wait (self, waiter);
    }
  ensure_sweep (self, SWEEP_US);
}

static void
quotes_door_dispose (GObject *object)
{
  QuotesDoor *self = QUOTES_DOOR (object);

  quotes_door_close (self);
  g_clear_pointer (&self->listeners, quotes_listeners_free);
  g_clear_pointer (&self->visitors, quotes_visitors_free);
  g_clear_pointer (&self->linger, quotes_linger_free);
  if (self->sweep_id != 0)
    quotes_clock_remove_alarm (self->clock, self->sweep_id);
  self->sweep_id = 0;
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (quotes_door_parent_class)->dispose (object);
}

static void
quotes_door_finalize (GObject *object)
{
  QuotesDoor *self = QUOTES_DOOR (object);

  quotes_peer_finder_free (self->finder);
  g_strfreev (self->allowed_hosts);

  G_OBJECT_CLASS (quotes_door_parent_class)->finalize (object);
}

static void
quotes_door_class_init (QuotesDoorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = quotes_door_dispose;
  object_class->finalize = quotes_door_finalize;
}

static void
quotes_door_init (QuotesDoor *self)
{
  self->finder = quotes_peer_finder_new ();
}

/**
 * quotes_door_new:
 * @soup: answers what passes; it must not listen itself
 * @epoll: (transfer none): outlives the door
 * @clock: for the deadlines
 * @limits: copied
 */
QuotesDoor *
quotes_door_new (SoupServer *soup,
                 QuotesEpoll *epoll,
                 QuotesClock *clock,
                 const QuotesDoorLimits *limits)
{
  QuotesDoor *self = g_object_new (QUOTES_TYPE_DOOR, NULL);

  self->epoll = epoll;
  self->clock = g_object_ref (clock);
  self->limits = *limits;
  self->listeners = quotes_listeners_new (epoll, clock, greet, self);
  self->linger = quotes_linger_new (epoll, clock, MIN (LINGER_MAX, limits->max_connections / 4));
  self->visitors =
    quotes_visitors_new (soup, clock, limits->body_deadline_us, limits->answer_deadline_us);
  quotes_deadlines_init (&self->waiters, clock, limits->head_deadline_us);
  return self;
}

/**
 * quotes_door_set_allowed_hosts:
 * @self: a door
 * @allowed_hosts: (nullable) (array zero-terminated=1): further names of rule A2, with port
 */
void
quotes_door_set_allowed_hosts (QuotesDoor *self, const char *const *allowed_hosts)
{
  g_return_if_fail (QUOTES_IS_DOOR (self));

  g_strfreev (self->allowed_hosts);
  self->allowed_hosts = g_strdupv ((char **) allowed_hosts);
}

/**
 * quotes_door_set_claim:
 * @self: a door
 * @claim: (nullable) (scope forever): who may take requests past libsoup
 * @user_data: for @claim; outlives the door
 */
void
quotes_door_set_claim (QuotesDoor *self, QuotesDoorClaimFunc claim, gpointer user_data)
{
  g_return_if_fail (QUOTES_IS_DOOR (self));

  self->claim = claim;
  self->claim_data = user_data;
}

/**
 * quotes_door_listen_tcp:
 * @self: a door
 * @address: `127.0.0.1` or `::1`
 * @port: 0 = any free one; see quotes_door_get_port()
 */
gboolean
quotes_door_listen_tcp (QuotesDoor *self, const char *address, guint16 port, GError **error)
{
  int fd = -1;

  g_return_val_if_fail (QUOTES_IS_DOOR (self), FALSE);

  fd = quotes_listen_tcp (address, port, error);
  return fd >= 0 && quotes_listeners_take_fd (self->listeners, fd, NULL, error);
}

/**
 * quotes_door_listen_unix:
 * @self: a door
 * @path: removed again by quotes_door_close()
 */
gboolean
quotes_door_listen_unix (QuotesDoor *self, const char *path, GError **error)
{
  int fd = -1;

  g_return_val_if_fail (QUOTES_IS_DOOR (self), FALSE);

  fd = quotes_listen_unix (path, error);
  return fd >= 0 && quotes_listeners_take_fd (self->listeners, fd, path, error);
}

/* Returns: of the first TCP socket; 0 = there is none */
guint16
quotes_door_get_port (QuotesDoor *self)
{
  g_return_val_if_fail (QUOTES_IS_DOOR (self), 0);

  return quotes_listeners_get_port (self->listeners);
}

void
quotes_door_set_n_streams (QuotesDoor *self, guint n_streams)
{
  g_return_if_fail (QUOTES_IS_DOOR (self));

  self->n_streams = n_streams;
}

void
quotes_door_get_counters (QuotesDoor *self, QuotesDoorCounters *counters)
{
  g_return_if_fail (QUOTES_IS_DOOR (self));

  *counters = self->counts;
  counters->n_accepted += quotes_listeners_get_n_turned_away (self->listeners);
  counters->n_full += quotes_listeners_get_n_turned_away (self->listeners);
  counters->n_waiting = quotes_deadlines_get_n (&self->waiters);
  counters->n_held = quotes_visitors_get_n (self->visitors);
  counters->n_lingering = quotes_linger_get_n (self->linger);
}

void
quotes_door_close (QuotesDoor *self)
{
  Waiter *waiter = NULL;

  g_return_if_fail (QUOTES_IS_DOOR (self));

  while ((waiter = quotes_deadlines_get_first (&self->waiters)) != NULL)
    drop_waiter (self, waiter);
  if (self->listeners != NULL)
    quotes_listeners_close (self->listeners);
}
