"""The addresses of becoming and being a member: the way in, invitations, and the rooms of the panel about people."""

from __future__ import annotations

from aiohttp import web

from node.pages import inviting, joining
from node.pages.member import entry
from node.panel import applications, members, members_file, organisations, sign_ups


def add_membership(router: web.UrlDispatcher) -> None:
    """Put them on the router."""
    router.add_get(joining.PATH, joining.show_join)
    router.add_post(joining.PATH, joining.ask_to_join)
    router.add_get("/join/confirm", joining.show_confirm)
    router.add_post("/join/confirm", joining.confirm)
    router.add_get("/join/{code}", joining.show_join)
    router.add_post("/join/{code}", joining.ask_to_join)
    router.add_get("/welcome", joining.show_welcome)
    router.add_get(entry.PATH, entry.show_entry)
    router.add_post(entry.PATH, entry.change_entry)
    router.add_get(inviting.PATH, inviting.show_invitations)
    router.add_post(inviting.PATH, inviting.change_invitations)
    router.add_get(sign_ups.PATH, sign_ups.show_sign_ups)
    router.add_post(sign_ups.PATH, sign_ups.change_sign_ups)
    router.add_get(applications.PATH, applications.show_applications)
    router.add_post(applications.PATH, applications.decide_applications)
    router.add_get("/admin/applications/{id}", applications.show_application)
    router.add_post("/admin/applications/{id}", applications.note_application)
    router.add_get(organisations.PATH, organisations.show_organisations)
    router.add_post(organisations.PATH, organisations.add_organisation)
    router.add_get("/admin/organisations/{id}", organisations.show_organisation)
    router.add_post("/admin/organisations/{id}", organisations.change_organisation)
    router.add_get(members.PATH, members.show_members)
    router.add_post(members.PATH, members.change_members)
    router.add_get("/admin/members/new", members.show_new_member)
    router.add_post("/admin/members/new", members.add_member)
    router.add_get("/admin/members/import", members_file.show_import)
    router.add_post("/admin/members/import", members_file.take_import)
    router.add_get("/admin/members/{id}", members.show_member)
    router.add_post("/admin/members/{id}", members.change_member)
    router.add_get("/admin/members/{id}/extract", members.extract_member)
