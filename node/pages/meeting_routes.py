"""The addresses of answering an event, with an account or without, of looking after those who come, and of places."""

from __future__ import annotations

from aiohttp import web

from node.pages import (
    attendees,
    attendees_file,
    attending,
    attending_by_mail,
    attending_poster,
    attending_terms,
    calendar_sources,
    cancel_event,
    check_in,
    event,
    import_event,
    place,
)


def add_meetings(router: web.UrlDispatcher) -> None:
    """Put them on the application's router."""
    router.add_get("/events/{id}/answer", attending.show_answer_form)
    router.add_get("/events/{id}/answer.svg", attending_poster.show_code)
    router.add_get("/events/{id}/poster", attending_poster.show_poster)
    router.add_post("/events/{id}/answer-by-mail", attending_by_mail.answer_by_mail)
    router.add_get("/rsvp/{token}", attending.show_answer_by_link)
    router.add_post("/rsvp/{token}", attending.answer_by_link)
    router.add_get("/new/event/import", import_event.show_import)
    router.add_post("/new/event/import", import_event.import_event)
    router.add_post("/events/{id}/rsvp", event.answer_event)
    router.add_post("/events/{id}/co-host", event.answer_hosting)
    router.add_post("/events/{id}/answer", attending.answer_in_full)
    router.add_get("/events/{id}/people", attendees.show_attendees)
    router.add_post("/events/{id}/people", attendees.decide_attendee)
    router.add_post("/events/{id}/people/message", attendees.write_to_attendees)
    router.add_get("/events/{id}/people.csv", attendees_file.download_attendees)
    router.add_get("/events/{id}/check-in", check_in.show_check_in)
    router.add_post("/events/{id}/check-in", check_in.tick)
    router.add_get("/events/{id}/door.js", check_in.show_worker)
    router.add_get("/events/{id}/questions", attending_terms.show_terms)
    router.add_post("/events/{id}/questions", attending_terms.set_terms)
    router.add_get("/events/{id}/cancel", cancel_event.ask_to_cancel)
    router.add_post("/events/{id}/cancel", cancel_event.cancel)
    router.add_post("/events/{id}/sources", calendar_sources.change_sources)
    router.add_get("/places/{id}/access", place.show_access_form)
    router.add_post("/places/{id}/access", place.describe_access)
