"""Delivery over a queue: Redis carries only pointers, and may be flushed at any moment.

A pointer says "the log of this institution moved". A worker that gets it lets workflows react and read models follow;
what is done is written in their positions, in the database, so a lost pointer is found by the sweep and a repeated one
does nothing.
"""

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, Callbacks, Retries, ShutdownNotifications, TimeLimit

from services.delivery import Delivery

QUEUE = "sakip"
MAINTENANCE_CHANCE = 100_000  # of a million calls: a killed worker's pointers come back within seconds, not minutes
HEARTBEAT_MILLISECONDS = 15_000
WORKER_TIMEOUT_MILLISECONDS = 50
RETRIES = 3
TIME_LIMIT_MILLISECONDS = 60_000


def open_broker(redis_url: str) -> RedisBroker:
    """Return a broker; build it after a fork, never at import."""
    middleware = [
        AgeLimit(),
        TimeLimit(time_limit=TIME_LIMIT_MILLISECONDS),
        ShutdownNotifications(),
        Callbacks(),
        Retries(max_retries=RETRIES, min_backoff=100, max_backoff=2_000),
    ]
    return RedisBroker(  # type: ignore[no-untyped-call]  # the library leaves it without types
        client=redis.Redis.from_url(redis_url, socket_keepalive=True),
        middleware=middleware,
        namespace="sakip",
        maintenance_chance=MAINTENANCE_CHANCE,
        heartbeat_timeout=HEARTBEAT_MILLISECONDS,
    )


class Pointers:
    """Sends pointers to the workers."""

    def __init__(self, broker: dramatiq.Broker) -> None:
        self._broker = broker
        self._broker.declare_queue(QUEUE)

    def send(self, institution: str, position: int) -> None:
        """Say that the log of an institution reached a position."""
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=QUEUE, actor_name="follow", args=(institution, position), kwargs={}, options={}
        )
        self._broker.enqueue(message)


def open_worker(broker: dramatiq.Broker, delivery: Delivery, *, threads: int = 2) -> dramatiq.Worker:
    """Return a worker, not yet started, that delivers what pointers point at."""

    @dramatiq.actor(broker=broker, queue_name=QUEUE, actor_name="follow")
    def follow(institution: str, _position: int) -> None:
        delivery.settle(institution)

    return dramatiq.Worker(broker, worker_threads=threads, worker_timeout=WORKER_TIMEOUT_MILLISECONDS)
