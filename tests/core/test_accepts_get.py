"""A post is given back after signing in only on an address that has a page."""

from careerplan.core.expired_session import accepts_get
from tests.architecture import routes
from tests.each import each

VIEWS = {route.name: route.pattern.callback for route in routes.all_routes()}


@each("name", sorted(routes.POST_ONLY | routes.OWN | set(routes.OBJECT_ROUTES)))
def test_accepts_get_of_views(name):
    assert accepts_get(VIEWS[name]) is (name not in routes.POST_ONLY)
