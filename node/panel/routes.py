"""The addresses of the panel; the log and one's own offices are everybody's."""

from __future__ import annotations

from aiohttp import web

from node.panel import (
    accounts,
    announcing,
    api_clients,
    appeals,
    applications,
    areas,
    cases,
    circle,
    decisions,
    desk,
    doctor,
    drafts,
    emojis,
    hub_rules,
    journal,
    keeping,
    lists,
    log,
    look,
    mail,
    mail_server,
    measures,
    members,
    members_file,
    modes,
    offices,
    operations,
    organisations,
    parts_used,
    queue,
    reports,
    roles,
    servers,
    settings,
    sign_ups,
    templates,
    today,
)


def add_panel(router: web.UrlDispatcher) -> None:
    """Put them on the router."""
    cases_and_decisions(router)
    other_hubs(router)
    people(router)
    the_hub(router)


def cases_and_decisions(router: web.UrlDispatcher) -> None:
    """What needs somebody, reports and appeals, measures, decisions, offices, the log, letters and the look."""
    router.add_get("/log", log.show_public_log)
    router.add_get("/admin", today.show_today)
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
    router.add_get("/admin/mail", mail.show_mails)
    router.add_post("/admin/mail", mail.send_many_again)
    router.add_get("/admin/mail/{id}", mail.show_mail)
    router.add_post("/admin/mail/{id}", mail.send_again)
    router.add_get("/admin/mail/{id}/html", mail.show_html)
    router.add_get("/admin/look", look.show_form)
    router.add_post("/admin/look", look.save)


def other_hubs(router: web.UrlDispatcher) -> None:
    """Other servers, lists of them, the circle, and the federation desk."""
    router.add_get("/admin/servers", servers.show_servers)
    router.add_post("/admin/servers", servers.change_servers)
    router.add_get("/admin/servers/{host}", servers.show_server)
    router.add_post("/admin/servers/{host}", servers.change_server)
    router.add_post("/admin/servers/{host}/measures", servers.take_measure)
    router.add_get(modes.PATH, modes.show_modes)
    router.add_post(modes.PATH, modes.set_mode)
    router.add_get(lists.PATH, lists.show_lists)
    router.add_post(lists.PATH, lists.add_list)
    router.add_get("/admin/lists/export/{file}", lists.export_list)
    router.add_get("/admin/lists/{id}", lists.show_list)
    router.add_post("/admin/lists/{id}", lists.change_list)
    router.add_get(drafts.PATH, drafts.show_drafts)
    router.add_post(drafts.PATH, drafts.decide_drafts)
    router.add_get(circle.PATH, circle.show_circle)
    router.add_post(circle.PATH, circle.change_circle)
    router.add_get(desk.PATH, desk.show_desk)
    router.add_post(desk.PATH, desk.look_up)


def people(router: web.UrlDispatcher) -> None:
    """How people come in, the register of members, and organisations."""
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


def the_hub(router: web.UrlDispatcher) -> None:
    """Settings and operations."""
    router.add_get("/admin/settings", settings.show_settings)
    router.add_get("/admin/settings/card", settings.show_card)
    router.add_post("/admin/settings/card", settings.save_card)
    router.add_get("/admin/settings/rules", hub_rules.show_rules)
    router.add_post("/admin/settings/rules", hub_rules.save_rules)
    router.add_get("/admin/settings/areas", areas.show_areas)
    router.add_post("/admin/settings/areas", areas.change_areas)
    router.add_get("/admin/settings/announcements", announcing.show_announcements)
    router.add_post("/admin/settings/announcements", announcing.change_announcements)
    router.add_get("/admin/settings/emoji", emojis.show_emojis)
    router.add_post("/admin/settings/emoji", emojis.change_emojis)
    router.add_get("/admin/settings/keeping", keeping.show_keeping)
    router.add_post("/admin/settings/keeping", keeping.save_keeping)
    router.add_get("/admin/settings/mail", mail_server.show_server)
    router.add_post("/admin/settings/mail", mail_server.change_server)
    router.add_get("/admin/doctor", doctor.show_doctor)
    router.add_post("/admin/doctor", doctor.call_doctor)
    router.add_get("/admin/journal", journal.show_journal)
    router.add_get(parts_used.PATH, parts_used.show_modules)
    router.add_post(parts_used.PATH, parts_used.save_modules)
    router.add_get("/admin/operations", operations.show_operations)
    router.add_post("/admin/operations", operations.back_up_now)
    router.add_get("/admin/apps", api_clients.show_apps)
    router.add_post("/admin/apps", api_clients.shut_out)
