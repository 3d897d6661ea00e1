"""A shop on the library alone: carts that are filled and checked out, and nothing in it that knows of our log."""

from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class CartCheckedOutBefore(Exception):
    """Nothing goes into a cart, or out of it, once it has been paid for."""


class NotInCart(Exception):
    """A cart holds fewer of an article than are taken out."""


class Cart(Aggregate):
    TOPIC = "cart.v1"

    class Created(Aggregate.Created):
        """A customer began."""

        TOPIC = "cart.opened.v1"
        customer: str

    class ArticlePut(Aggregate.Event):
        """So many pieces more."""

        TOPIC = "cart.article_put.v1"
        article: str
        pieces: int

    class ArticleTakenOut(Aggregate.Event):
        """So many pieces fewer."""

        TOPIC = "cart.article_taken_out.v1"
        article: str
        pieces: int

    class CheckedOut(Aggregate.Event):
        """The customer paid."""

        TOPIC = "cart.checked_out.v1"

    @event(Created)
    def __init__(self, customer: str) -> None:
        self.customer = customer
        self.pieces: dict[str, int] = {}
        self.is_checked_out = False

    def put(self, article: str, pieces: int) -> None:
        self._check_open()
        self._put(article, pieces)

    def take_out(self, article: str, pieces: int) -> None:
        self._check_open()
        if self.pieces.get(article, 0) < pieces:
            raise NotInCart(article)
        self._take_out(article, pieces)

    def check_out(self) -> None:
        self._check_open()
        self._check_out()

    def _check_open(self) -> None:
        if self.is_checked_out:
            raise CartCheckedOutBefore

    @event(ArticlePut)
    def _put(self, article: str, pieces: int) -> None:
        self.pieces[article] = self.pieces.get(article, 0) + pieces

    @event(ArticleTakenOut)
    def _take_out(self, article: str, pieces: int) -> None:
        self.pieces[article] -= pieces

    @event(CheckedOut)
    def _check_out(self) -> None:
        self.is_checked_out = True


class Shop(Application[UUID]):
    snapshotting_intervals = {Cart: 3}  # noqa: RUF012 - the library declares it so

    def open_cart(self, customer: str) -> UUID:
        cart = Cart(customer)
        self.save(cart)
        return cart.id

    def put(self, cart_id: UUID, article: str, pieces: int = 1) -> None:
        cart = self.cart(cart_id)
        cart.put(article, pieces)
        self.save(cart)

    def take_out(self, cart_id: UUID, article: str, pieces: int = 1) -> None:
        cart = self.cart(cart_id)
        cart.take_out(article, pieces)
        self.save(cart)

    def check_out(self, cart_id: UUID) -> None:
        cart = self.cart(cart_id)
        cart.check_out()
        self.save(cart)

    def cart(self, cart_id: UUID, version: int | None = None) -> Cart:
        cart: Cart = self.repository.get(cart_id, version=version)
        return cart
