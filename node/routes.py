"""Every address this node answers, grouped by who asks. Doors do not know each other: they meet here.

To add one: a line in the section of its door. An address that serves both servers and readers is `negotiated`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

from node import look, theme
from node.activitypub import actor, collections, followers, inbox, mirror, objects, vital, wellknown
from node.activitypub import log as entries
from node.api.routes import add_api
from node.mastodon.routes import add_mastodon
from node.membership import add_membership
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
from node.pages.meeting_routes import add_meetings
from node.pages.member.routes import add_member
from node.panel import (
    accounts,
    appeals,
    cases,
    circle,
    decisions,
    drafts,
    log,
    measures,
    modes,
    offices,
    queue,
    reports,
    roles,
    templates,
    today,
)
from node.panel import desk as federation_desk
from node.panel import lists as lists_of_domains
from node.panel import look as own_look
from node.panel import mail as outbox
from node.panel import servers as other_servers
from node.panel.settings_routes import add_settings
from node.web import wants_activity
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
    staff_of_servers(app.router)
    add_settings(app.router)
    add_membership(app.router)
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
    """The door for those who look after the hub, `panel/`; the log is everybody's."""
    router.add_get("/log", log.show_public_log)
    router.add_get("/admin", today.show_today)
    router.add_get("/admin/messages", contact_page.show_messages)
    router.add_post("/admin/messages", contact_page.finish)
    router.add_get("/admin/texts", legal_page.show_texts)
    router.add_post("/admin/texts", legal_page.change_text)
    router.add_post("/admin/follow-requests", today.decide_request)
    router.add_get(cases.PATH, cases.show_reports)
    router.add_post(cases.PATH, cases.change_reports)
    router.add_get("/admin/reports/{id}", reports.show_report)
    router.add_post("/admin/reports/{id}", reports.change_report)
    router.add_post("/admin/reports/{id}/measures", reports.take_measure)
    router.add_get(templates.PATH, templates.show_templates)
    router.add_post(templates.PATH, templates.add_template)
    router.add_post("/admin/replies/{id}", templates.change_template)
    router.add_get(appeals.PATH, appeals.show_appeals)
    router.add_get("/admin/appeals/{id}", appeals.show_appeal)
    router.add_post("/admin/appeals/{id}", appeals.decide_appeal)
    router.add_post("/admin/measures/{id}", measures.change_measure)
    router.add_get("/admin/accounts", accounts.show_accounts)
    router.add_post("/admin/accounts", accounts.take_measures)
    router.add_get("/admin/accounts/{id}", accounts.show_account)
    router.add_post("/admin/accounts/{id}/measures", accounts.take_measure)
    router.add_get("/admin/decisions", decisions.show_decisions)
    router.add_get("/admin/decisions/{id}", decisions.show_decision)
    router.add_post("/admin/decisions/{id}", decisions.decide)
    router.add_get("/admin/rules-of-decision", decisions.show_rules)
    router.add_post("/admin/rules-of-decision", decisions.change_rules)
    router.add_get("/admin/roles", roles.show_roles)
    router.add_post("/admin/roles", roles.propose)
    router.add_get("/admin/roles/{name}", roles.show_role)
    router.add_post("/admin/roles/{name}", roles.change_role)
    router.add_get("/admin/mandates/{id}", roles.show_mandate)
    router.add_post("/admin/mandates/{id}", roles.change_mandate)
    router.add_get(offices.PATH, offices.show_offices)
    router.add_post(offices.PATH, offices.change_offices)
    router.add_get("/admin/log", log.show_log)
    router.add_get("/admin/log/{id}", log.show_redaction)
    router.add_post("/admin/log/{id}", log.take_out)
    router.add_get("/log.atom", log.show_feed)
    router.add_get("/admin/queue", queue.show_queue)
    router.add_get("/admin/mail", outbox.show_mails)
    router.add_post("/admin/mail", outbox.send_many_again)
    router.add_get("/admin/mail/{id}", outbox.show_mail)
    router.add_post("/admin/mail/{id}", outbox.send_again)
    router.add_get("/admin/mail/{id}/html", outbox.show_html)
    router.add_get("/admin/look", own_look.show_form)
    router.add_post("/admin/look", own_look.save)


def staff_of_servers(router: web.UrlDispatcher) -> None:
    """The rooms of the panel about other servers."""
    router.add_get("/admin/servers", other_servers.show_servers)
    router.add_post("/admin/servers", other_servers.change_servers)
    router.add_get("/admin/servers/{host}", other_servers.show_server)
    router.add_post("/admin/servers/{host}", other_servers.change_server)
    router.add_post("/admin/servers/{host}/measures", other_servers.take_measure)
    router.add_get(modes.PATH, modes.show_modes)
    router.add_post(modes.PATH, modes.set_mode)
    router.add_get(lists_of_domains.PATH, lists_of_domains.show_lists)
    router.add_post(lists_of_domains.PATH, lists_of_domains.add_list)
    router.add_get("/admin/lists/export/{file}", lists_of_domains.export_list)
    router.add_get("/admin/lists/{id}", lists_of_domains.show_list)
    router.add_post("/admin/lists/{id}", lists_of_domains.change_list)
    router.add_get(drafts.PATH, drafts.show_drafts)
    router.add_post(drafts.PATH, drafts.decide_drafts)
    router.add_get(circle.PATH, circle.show_circle)
    router.add_post(circle.PATH, circle.change_circle)
    router.add_get(federation_desk.PATH, federation_desk.show_desk)
    router.add_post(federation_desk.PATH, federation_desk.look_up)


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
