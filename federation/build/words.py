"""The few words our documents carry beside what people wrote, in the languages we speak. For another language
English stands in. To add one, add a `Words` here."""

import msgspec

from schemas.records import RsvpState
from schemas.things import CallState, EventStatus


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One language. Labels that end in a colon carry the blanks around it that the language wants."""

    cancelled: str
    postponed: str
    moved: str
    closed: str
    filled: str
    withdrawn: str
    retracted: str
    retracted_note: str
    corrected: str
    corrections: str
    online: str
    call: str
    offer: str
    skills: str
    effort: str
    hours: str
    place: str
    remote: str
    places: str
    free_places: str
    period: str
    deadline: str
    answer: str
    answer_reply: str
    answer_link: str
    answer_mail: str
    contact: str
    reasons: str
    scope: str
    sources: str
    contributors: str
    license: str
    born_of: str
    question: str
    going: str
    maybe: str
    declined: str
    answers: dict[RsvpState, str]
    full: str
    change: str


ENGLISH = Words(
    cancelled="Cancelled: ",
    postponed="Postponed: ",
    moved="New date or place: ",
    closed="Closed: ",
    filled="Filled: ",
    withdrawn="Withdrawn: ",
    retracted="Retracted: ",
    retracted_note="Those who published this no longer hold it to be true.",
    corrected="Corrected: ",
    corrections="Corrections",
    online="Online",
    call="Call: ",
    offer="Offer: ",
    skills="Skills: ",
    effort="Effort: ",
    hours="{count} hours",
    place="Place: ",
    remote="from anywhere",
    places="People needed: ",
    free_places="Free places: ",
    period="When: ",
    deadline="Answer until: ",
    answer="How to answer: ",
    answer_reply="reply here",
    answer_link="use the link",
    answer_mail="write to {address}",
    contact="Contact: ",
    reasons="Why",
    scope="Holds for: ",
    sources="Sources",
    contributors="With: ",
    license="Licence: ",
    born_of="Came from: ",
    question="Will you come? The organisers see who answered. Your latest answer counts.",
    going="I am coming",
    maybe="Maybe",
    declined="I cannot come",
    answers={
        "going": "you are coming.",
        "maybe": "you may come.",
        "waiting": "all seats are taken; you are on the waiting list.",
        "asked": "the organisers have your answer and will confirm it.",
        "declined": "you are not coming.",
    },
    full="all seats are taken and there is no waiting list, so your answer was not counted.",
    change="To change this, reply to this message with nothing but “yes”, “maybe” or “no”.",
)
GERMAN = Words(
    cancelled="Abgesagt: ",
    postponed="Verschoben: ",
    moved="Neuer Termin oder Ort: ",
    closed="Geschlossen: ",
    filled="Besetzt: ",
    withdrawn="Zurückgezogen: ",
    retracted="Zurückgezogen: ",
    retracted_note="Wer das veröffentlicht hat, hält es nicht mehr für richtig.",
    corrected="Berichtigt: ",
    corrections="Berichtigungen",
    online="Online",
    call="Aufruf: ",
    offer="Angebot: ",
    skills="Fähigkeiten: ",
    effort="Aufwand: ",
    hours="{count} Stunden",
    place="Ort: ",
    remote="von überall",
    places="Gesuchte Personen: ",
    free_places="Freie Plätze: ",
    period="Wann: ",
    deadline="Antwort bis: ",
    answer="So antworten: ",
    answer_reply="hier antworten",
    answer_link="über den Link",
    answer_mail="an {address} schreiben",
    contact="Kontakt: ",
    reasons="Gründe",
    scope="Gilt für: ",
    sources="Quellen",
    contributors="Mitgewirkt haben: ",
    license="Lizenz: ",
    born_of="Entstanden aus: ",
    question="Kommst du? Die Veranstalter sehen, wer geantwortet hat. Deine letzte Antwort zählt.",
    going="Ich komme",
    maybe="Vielleicht",
    declined="Ich kann nicht",
    answers={
        "going": "Du kommst.",
        "maybe": "Du kommst vielleicht.",
        "waiting": "Alle Plätze sind vergeben; du stehst auf der Warteliste.",
        "asked": "Die Veranstalter haben deine Antwort und bestätigen sie noch.",
        "declined": "Du kommst nicht.",
    },
    full="Alle Plätze sind vergeben, und es gibt keine Warteliste: deine Antwort wurde nicht gezählt.",
    change="Um das zu ändern, antworte auf diese Nachricht nur mit „ja“, „vielleicht“ oder „nein“.",
)
FRENCH = Words(
    cancelled="Annulé : ",
    postponed="Reporté : ",
    moved="Nouvelle date ou nouveau lieu : ",
    closed="Clos : ",
    filled="Pourvu : ",
    withdrawn="Retiré : ",
    retracted="Rétracté : ",
    retracted_note="Ceux qui ont publié ceci ne le tiennent plus pour vrai.",
    corrected="Corrigé : ",
    corrections="Corrections",
    online="En ligne",
    call="Appel : ",
    offer="Offre : ",
    skills="Compétences : ",
    effort="Effort : ",
    hours="{count} heures",
    place="Lieu : ",
    remote="de partout",
    places="Personnes recherchées : ",
    free_places="Places libres : ",
    period="Quand : ",
    deadline="Répondre avant : ",
    answer="Pour répondre : ",
    answer_reply="répondez ici",
    answer_link="utilisez le lien",
    answer_mail="écrivez à {address}",
    contact="Contact : ",
    reasons="Pourquoi",
    scope="Vaut pour : ",
    sources="Sources",
    contributors="Avec : ",
    license="Licence : ",
    born_of="Issu de : ",
    question="Viendrez-vous ? Les organisateurs voient qui a répondu. Votre dernière réponse compte.",
    going="Je viens",
    maybe="Peut-être",
    declined="Je ne viens pas",
    answers={
        "going": "vous venez.",
        "maybe": "vous viendrez peut-être.",
        "waiting": "toutes les places sont prises ; vous êtes sur la liste d’attente.",
        "asked": "les organisateurs ont votre réponse et la confirmeront.",
        "declined": "vous ne venez pas.",
    },
    full="toutes les places sont prises et il n’y a pas de liste d’attente : votre réponse n’a pas été comptée.",
    change="Pour changer cela, répondez à ce message par « oui », « peut-être » ou « non », sans rien d’autre.",
)

_SPOKEN = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}


def words(language: str) -> Words:
    """The words in a language, whatever its region or variety; English where we do not speak it."""
    return _SPOKEN.get(language.split("-", maxsplit=1)[0].lower(), ENGLISH)


def event_prefix(status: EventStatus, language: str) -> str:
    """What goes before the title of an event that does not happen as planned; else nothing."""
    spoken = words(language)
    return {"cancelled": spoken.cancelled, "postponed": spoken.postponed, "moved": spoken.moved}.get(status, "")


def call_prefix(state: CallState, language: str) -> str:
    """What goes before the title of a call that is over; else nothing."""
    spoken = words(language)
    return {"closed": spoken.closed, "filled": spoken.filled, "withdrawn": spoken.withdrawn}.get(state, "")
