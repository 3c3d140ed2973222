"""Every address this node answers, grouped by who asks. Doors do not know each other: they meet here.

To add one: a line in the section of its door. An address that serves both servers and readers is `negotiated`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from node.activitypub import actor, collections, followers, inbox, mirror, objects, vital, wellknown
from node.activitypub import log as entries
from node.api.routes import add_api
from node.mastodon.routes import add_mastodon
from node.oauth.routes import add_oauth
from node.pages import (
    about_page,
    appealing,
    apps,
    bookmarks,
    calendar,
    call,
    call_desk,
    collection,
    compose,
    confirming,
    contact_page,
    desk,
    event,
    feeds,
    feeds_of,
    finding,
    following,
    home,
    hub_pages,
    interact,
    legal_page,
    lists,
    mail_settings,
    map_page,
    matching,
    media,
    moving,
    passwords,
    pictures,
    place,
    post,
    preferring,
    presenting,
    profile,
    reacting,
    reporting,
    search_page,
    second_factors,
    security,
    setup,
    sign_in,
    switching_off,
    take_back,
    thing,
)
from node.pages.joining_routes import add_joining
from node.pages.meeting_routes import add_meetings
from node.pages.member.routes import add_member
from node.panel import log
from node.panel.routes import add_panel
from node.theming import look, theme
from node.web.handlers import wants_activity
from schemas.mirror import PATH as MIRROR

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application) -> None:
    """Put all routes on the application."""
    operators(app.router)
    servers(app.router)
    to_subscribe(app.router)
    readers(app.router)
    members(app.router)
    add_member(app.router)
    add_meetings(app.router)
    calls_and_findings(app.router)
    staff(app.router)
    add_panel(app.router)
    add_joining(app.router)
    servers_and_readers(app.router)
    add_api(app.router)
    add_mastodon(app.router)
    add_oauth(app.router)


def operators(router: web.UrlDispatcher) -> None:
    """Signs of life."""
    router.add_get("/health", vital.health)
    router.add_get("/metrics", vital.metrics)
    router.add_get(MIRROR, mirror.mirror)
    router.add_post(MIRROR, mirror.mirror)


def servers(router: web.UrlDispatcher) -> None:
    """The door for other servers, `activitypub/`."""
    router.add_get("/.well-known/webfinger", wellknown.webfinger)
    router.add_get("/.well-known/host-meta", wellknown.host_meta)
    router.add_get("/.well-known/host-meta.json", wellknown.host_meta_json)
    router.add_get("/.well-known/nodeinfo", wellknown.nodeinfo_index)
    for slash in ("", "/"):  # some clients write one
        router.add_get(f"/nodeinfo/{{version}}{slash}", wellknown.nodeinfo)
    router.add_get("/ns/coop", wellknown.show_terms)

    router.add_get("/actor", actor.show_instance)
    for mine in ("/actor", "/actors/{name}", "/areas/{name}", "/groups/{name}"):
        router.add_post(f"{mine}/inbox", inbox.receive)
        router.add_get(f"{mine}/outbox", collections.show_outbox)
        router.add_get(f"{mine}/followers", collections.show_followers)
        router.add_get(f"{mine}/followers_synchronization", followers.show_synchronization)
        router.add_get(f"{mine}/following", collections.show_following)
        router.add_get(f"{mine}/featured", collections.show_featured)
        router.add_get(f"{mine}/upcoming", collections.show_upcoming)
    router.add_post("/inbox", inbox.receive)

    for things in objects.KINDS:
        router.add_get(f"/{things}/{{id}}/replies", collections.show_replies)
        router.add_get(f"/{things}/{{id}}/likes", collections.show_likes)
        router.add_get(f"/{things}/{{id}}/shares", collections.show_shares)
    router.add_get("/events/{id}/attendees", collections.show_attendees)
    router.add_get("/events/{id}/organizers", collections.show_organizers)
    router.add_get("/activities/{id}", objects.show_activity)
    router.add_get("/stamps/{id}", objects.show_stamp)


def readers(router: web.UrlDispatcher) -> None:
    """The door for readers, `pages/`: what everybody may look at, and feeds."""
    router.add_get("/static/{name:.+}", theme.show_static)
    router.add_get("/look/{digest:[0-9a-f]{16}}.css", look.show_look)
    router.add_get("/media/{path:.+}", media.show_medium)
    router.add_get("/", home.show_home)
    router.add_get("/about", about_page.show_about)
    router.add_get("/take-part", about_page.show_take_part)
    for text in legal_page.PAGES:
        router.add_get(f"/{text}", legal_page.show_legal)
    router.add_get("/contact", contact_page.show_contact)
    router.add_post("/contact", contact_page.send)
    router.add_get("/contact/{number}", contact_page.show_receipt)
    router.add_get("/search", search_page.show_search)
    router.add_get("/people", search_page.show_people)
    router.add_get("/robots.txt", about_page.robots)
    router.add_get("/sitemap.xml", about_page.sitemap)
    router.add_get("/manifest.webmanifest", about_page.manifest)
    router.add_get("/events", calendar.show_events)
    router.add_get("/map", map_page.show_map)
    router.add_get("/findings", lists.show_findings)
    router.add_get("/calls", lists.show_calls)
    router.add_get("/@{name}", profile.show_profile)
    router.add_get("/@{name}/{id}", thing.redirect_to_page)
    for things in objects.KINDS:
        router.add_get(f"/{things}/{{id}}/pictures", pictures.show_pictures)
        router.add_get(f"/{things}/{{id}}/pictures/{{number}}", pictures.show_picture)
    router.add_get("/interact", interact.show_interact)
    router.add_post("/interact", interact.interact)
    router.add_get("/authorize_interaction", interact.authorize_interaction)
    ways_in(router)


def ways_in(router: web.UrlDispatcher) -> None:
    """Of the same door: setting up, signing in, and what is behind links in letters."""
    router.add_get("/setup", setup.show_setup)
    router.add_post("/setup", setup.set_up)
    router.add_get("/sign-in", sign_in.show_sign_in)
    router.add_post("/sign-in", sign_in.sign_in)
    router.add_post("/sign-in/second", sign_in.sign_in_second)
    router.add_post("/sign-out", sign_in.sign_out)
    router.add_get("/password/forgotten", passwords.show_forgotten)
    router.add_post("/password/forgotten", passwords.ask)
    router.add_get("/password/new", passwords.show_new)
    router.add_post("/password/new", passwords.set_new)
    router.add_get("/confirm", confirming.show_confirm)
    router.add_post("/confirm", confirming.confirm)
    router.add_post("/confirm/again", confirming.send_again)
    router.add_get("/mail/off", switching_off.show_off)
    router.add_post("/mail/off", switching_off.switch_off)


def to_subscribe(router: web.UrlDispatcher) -> None:
    """Feeds and calendars, `pages/`; before the pages whose addresses they extend."""
    router.add_get("/events.ics", feeds.events_ics)
    router.add_get("/events.atom", feeds.events_atom)
    router.add_get("/findings.atom", feeds.findings_atom)
    router.add_get("/calls.atom", feeds.calls_atom)
    router.add_get("/events/{id}.ics", feeds.event_ics)
    router.add_get("/@{name}.atom", feeds_of.actor_atom)
    router.add_get("/tags/{name}.atom", feeds_of.tag_atom)


def members(router: web.UrlDispatcher) -> None:
    """What people with an account do in a browser, `pages/`."""
    router.add_get("/desk", desk.show_desk)
    router.add_get("/bookmarks", bookmarks.show_bookmarks)
    router.add_get("/collections/{id}", collection.show_collection)
    router.add_post("/collections/{id}", collection.leave_collection)
    router.add_get(reporting.PATH, reporting.show_report)
    router.add_post(reporting.PATH, reporting.send_report)
    router.add_get("/report/{id}/{key}", reporting.show_case)
    router.add_get(appealing.PATH, appealing.show_appeals)
    router.add_post(appealing.PATH, appealing.find_appeals)
    router.add_get("/appeal/{id}/{key}", appealing.show_appeal)
    router.add_post("/appeal/{id}/{key}", appealing.send_appeal)
    router.add_get("/follow", following.show_follow)
    router.add_post("/follow", following.change_follow)
    router.add_post("/follow/requests", following.decide_request)
    router.add_get(moving.PATH, moving.show_moving)
    router.add_post(moving.PATH, moving.change_moving)
    router.add_post("/hubs", hub_pages.decide_hub)
    router.add_get("/new", compose.show_new)
    router.add_get("/new/{kind}", compose.show_new_form)
    router.add_post("/new/{kind}", compose.create)
    for things in objects.KINDS:
        router.add_post(f"/{things}/{{id}}/react", reacting.change_reaction)
        router.add_get(f"/{things}/{{id}}/edit", compose.show_edit_form)
        router.add_post(f"/{things}/{{id}}/edit", compose.change)
        router.add_get(f"/{things}/{{id}}/{{deed:{'|'.join(take_back.DEEDS)}}}", take_back.ask)
        router.add_post(f"/{things}/{{id}}/{{deed:{'|'.join(take_back.DEEDS)}}}", take_back.do)
    router.add_get(presenting.PATH, presenting.show_presenting)
    router.add_post(presenting.PATH, presenting.change_presenting)
    router.add_get(preferring.PATH, preferring.show_preferences)
    router.add_post(preferring.PATH, preferring.change_preferences)
    router.add_get(mail_settings.PATH, mail_settings.show_mail)
    router.add_post(mail_settings.PATH, mail_settings.choose)
    router.add_post(f"{mail_settings.PATH}/address", mail_settings.change_address)
    router.add_get("/settings/apps", apps.show_apps)
    router.add_post("/settings/apps", apps.shut_out)
    router.add_get("/settings/security", security.show_security)
    router.add_post("/settings/security/password", security.change_password)
    router.add_post("/settings/security/sessions", security.end_session)
    router.add_get("/settings/security/totp", second_factors.show_totp)
    router.add_post("/settings/security/totp", second_factors.confirm_totp)
    router.add_post("/settings/security/totp/remove", second_factors.remove_totp)
    router.add_post("/settings/security/recovery-codes", second_factors.renew_recovery_codes)
    router.add_get("/settings/security/passkeys", second_factors.show_passkeys)
    router.add_post("/settings/security/passkeys", second_factors.add_passkey)
    router.add_post("/settings/security/passkeys/remove", second_factors.remove_passkey)


def calls_and_findings(router: web.UrlDispatcher) -> None:
    """Answers to calls, calls that fit a member, and taking a finding back, `pages/`."""
    router.add_get("/findings/{id}/retract", finding.show_retract)
    router.add_post("/findings/{id}/retract", finding.retract)
    router.add_get("/calls/{id}/answer", call.show_answer_form)
    router.add_post("/calls/{id}/answer", call.answer_call)
    router.add_post("/calls/{id}/answers/{answer}", call.decide_answer)
    router.add_get("/calls/{id}/desk", call_desk.show_desk)
    router.add_post("/calls/{id}/desk", call_desk.change_desk)
    router.add_post("/calls/{id}/not-for-me", matching.put_aside)
    router.add_get(matching.PATH, matching.show_matching)
    router.add_post(matching.PATH, matching.change_matching)


def staff(router: web.UrlDispatcher) -> None:
    """Of the door for readers, what those who look after the hub do beside their panel."""
    router.add_get("/admin/messages", contact_page.show_messages)
    router.add_post("/admin/messages", contact_page.finish)
    router.add_get("/admin/texts", legal_page.show_texts)
    router.add_post("/admin/texts", legal_page.change_text)


def servers_and_readers(router: web.UrlDispatcher) -> None:
    """One address for a thing and its page."""
    router.add_get("/actors/{name}", negotiated(actor.show_actor, profile.show_actor))
    router.add_get("/areas/{name}", negotiated(actor.show_actor, profile.show_area))
    router.add_get("/groups/{name}", negotiated(actor.show_actor, profile.show_group))
    router.add_get("/events/{id}", negotiated(objects.show_thing, event.show_event))
    router.add_get("/findings/{id}", negotiated(objects.show_thing, finding.show_finding))
    router.add_get("/calls/{id}", negotiated(objects.show_thing, call.show_call))
    router.add_get("/posts/{id}", negotiated(objects.show_thing, post.show_post))
    router.add_get("/places/{id}", negotiated(objects.show_place, place.show_place))
    router.add_get("/tags/{name}", negotiated(collections.show_tag, hub_pages.show_tag))
    router.add_get("/contexts/{id}", collections.show_context)
    router.add_get("/log/{id}", negotiated(entries.show_entry, log.show_entry))
    router.add_get("/hubs", negotiated(collections.show_hubs, hub_pages.show_hubs))


def negotiated(activitypub: Handler, page: Handler) -> Handler:
    """One address, two doors: the one that `Accept` asks for. Caches are told, whatever the handler forgets."""

    async def either(request: web.Request) -> web.StreamResponse:
        response = await (activitypub if wants_activity(request) else page)(request)
        varies = {name.strip() for name in response.headers.get("Vary", "").split(",") if name.strip()}
        response.headers["Vary"] = ", ".join(sorted(varies | {"Accept", "Signature"}))
        return response

    return either
