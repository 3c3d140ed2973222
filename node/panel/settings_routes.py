"""The addresses of the settings."""

from __future__ import annotations

from aiohttp import web

from node.panel import (
    announcing,
    api_clients,
    areas,
    doctor,
    emojis,
    hub_rules,
    journal,
    keeping,
    mail_server,
    operations,
    parts_used,
    settings,
)


def add_settings(router: web.UrlDispatcher) -> None:
    """Put them on the application."""
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
