"""A stock application of the library on each recorder: what it does, and what the log holds afterwards."""

from collections.abc import Callable, Iterator

import pytest
from eventsourcing.application import AggregateNotFoundError
from eventsourcing.persistence import IntegrityError

from services.event_log.contract import EventLog
from services.event_log.library import INSTITUTION
from services.event_log.verification import verify_entries
from tests.services.event_log.library.shop import Cart, CartCheckedOutBefore, NotInCart, Shop
from tests.services.event_log.library.stores import FACTORY

OpenShop = Callable[[str], Shop]


@pytest.fixture
def open_shop() -> Iterator[OpenShop]:
    shops: list[Shop] = []

    def open_one(url: str) -> Shop:
        shops.append(Shop(env={"PERSISTENCE_MODULE": FACTORY, "LIBRARY_DATABASE_URL": url}))
        return shops[-1]

    yield open_one
    for shop in shops:
        shop.close()


@pytest.fixture
def shop(log_url: str, open_shop: OpenShop) -> Shop:
    return open_shop(log_url)


def test_a_cart_is_filled_and_checked_out(shop: Shop) -> None:
    cart_id = shop.open_cart("Sari")
    shop.put(cart_id, "batik", 3)
    shop.put(cart_id, "kopi")
    shop.take_out(cart_id, "batik")
    shop.check_out(cart_id)

    cart = shop.cart(cart_id)

    assert (cart.customer, cart.pieces, cart.is_checked_out) == ("Sari", {"batik": 2, "kopi": 1}, True)
    assert (cart.version, shop.cart(cart_id, version=2).pieces) == (5, {"batik": 3})
    assert [
        each["topic"] if isinstance(each, dict) else each.topic for each in shop.notification_log["1,10"].items
    ] == [
        "cart.opened.v1",
        "cart.article_put.v1",
        "cart.article_put.v1",
        "cart.article_taken_out.v1",
        "cart.checked_out.v1",
    ]


def test_what_a_cart_refuses_leaves_no_event(shop: Shop) -> None:
    cart_id = shop.open_cart("Sari")
    with pytest.raises(NotInCart):
        shop.take_out(cart_id, "kopi")
    shop.check_out(cart_id)
    with pytest.raises(CartCheckedOutBefore):
        shop.put(cart_id, "kopi")
    with pytest.raises(AggregateNotFoundError):
        shop.cart(Cart("Tono").id)

    assert shop.recorder.max_notification_id() == 2


def test_of_two_who_change_a_cart_at_once_one_is_refused(shop: Shop) -> None:
    cart_id = shop.open_cart("Sari")
    first, second = shop.cart(cart_id), shop.cart(cart_id)
    first.put("kopi", 1)
    second.put("teh", 1)
    shop.save(first)

    with pytest.raises(IntegrityError):
        shop.save(second)

    assert shop.cart(cart_id).pieces == {"kopi": 1}


def test_two_carts_are_saved_together_or_not_at_all(shop: Shop) -> None:
    first, second = Cart("Sari"), Cart("Tono")
    assert [recording.notification.id for recording in shop.save(first, second)] == [1, 2]
    stale = shop.cart(first.id)
    shop.put(first.id, "kopi")
    stale.put("teh", 1)
    second.put("teh", 1)

    with pytest.raises(IntegrityError):
        shop.save(second, stale)

    assert shop.cart(second.id).pieces == {}


def test_a_shop_opens_again_where_it_closed(stored_url: str, open_shop: OpenShop) -> None:
    yesterday = open_shop(stored_url)
    cart_id = yesterday.open_cart("Sari")
    yesterday.put(cart_id, "kopi")
    yesterday.close()

    today = open_shop(stored_url)
    today.put(cart_id, "kopi")

    assert today.cart(cart_id).pieces == {"kopi": 2}


def test_the_log_holds_the_events_of_the_shop_under_their_own_names(
    stored_url: str, open_shop: OpenShop, opened: Callable[[str], EventLog]
) -> None:
    shop = open_shop(stored_url)
    cart_id = shop.open_cart("Sari")
    for _ in range(3):
        shop.put(cart_id, "kopi")
    log = opened(stored_url)

    entries = log.read(INSTITUTION)

    assert [(entry.id, entry.originator_id, entry.originator_version, entry.topic) for entry in entries] == [
        (1, f"uuid/{cart_id}", 1, "cart.opened.v1"),
        (2, f"uuid/{cart_id}", 2, "cart.article_put.v1"),
        (3, f"uuid/{cart_id}", 3, "cart.article_put.v1"),
        (4, f"uuid/{cart_id}", 4, "cart.article_put.v1"),
    ]
    assert {(entry.actor_id, entry.actor_role, entry.actor_unit, entry.origin) for entry in entries} == {
        ("system:library", "library", None, "live")
    }
    assert log.institutions() == ["library"]
    assert verify_entries(log, INSTITUTION) is None
