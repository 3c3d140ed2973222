"""Domains that give mail addresses to throw away: whoever joins needs one that is still read next month."""

from __future__ import annotations

from collections.abc import Iterable

# The best known 212 of https://github.com/disposable-email-domains/disposable-email-domains (CC0), as in the package
# disposable-email-domains 0.0.293. A hub adds and takes away in its settings.
_LIST = """
    0-mail.com 10minutemail.co.uk 10minutemail.com 10minutemail.de 10minutemail.net 1secmail.com 1secmail.net
    1secmail.org 20minutemail.com 20minutemail.it abyssmail.com anonbox.net anonymbox.com antispam.de
    armyspy.com binkmail.com bobmail.info boximail.com bugmenot.com byom.de chacuo.net crazymailing.com cuvox.de
    dayrep.com deadaddress.com despam.it devnullmail.com discard.email discardmail.com discardmail.de
    dispostable.com dodgeit.com dodgit.com dropmail.me e4ward.com einrot.com einrot.de email-fake.com
    emailfake.com emailondeck.com emailtemporar.ro emailtemporario.com.br emltmp.com esiix.com explodemail.com
    eyepaste.com fake-mail.cf fakeinbox.com fakemail.fr fakemail.net fakemailgenerator.com filzmail.com
    fleckens.hu generator.email getairmail.com getnada.com gishpuppy.com grr.la guerillamail.com guerillamail.de
    guerillamail.org guerrillamail.biz guerrillamail.com guerrillamail.de guerrillamail.net guerrillamail.org
    guerrillamailblock.com gustr.com haltospam.com harakirimail.com hidemail.de inboxalias.com inboxbear.com
    inboxkitten.com incognitomail.com incognitomail.org jetable.com jetable.fr.nf jetable.net jetable.org
    jourrapide.com kasmail.com klzlk.com kurzepost.de linshiyouxiang.net lroid.com mail-temporaire.com
    mail-temporaire.fr mail.tm mail7.io mailcatch.com maildrop.cc mailexpire.com mailinater.com mailinator.com
    mailinator.net mailinator2.com mailmoat.com mailnesia.com mailnull.com mailpoof.com mailsac.com
    mailtemp.info mailtothis.com meltmail.com mintemail.com minuteinbox.com moakt.cc moakt.com moakt.ws
    mohmal.com muellmail.com mytemp.email mytrashmail.com nada.email nospamfor.us nowmymail.com objectmail.com
    one-time.email oneoffemail.com pokemail.net proxymail.eu rcpt.at re-gister.com rhyta.com rmqkr.net
    safetymail.info selfdestructingmail.com sendspamhere.com sharklasers.com shieldemail.com shitmail.me
    smailpro.com sofort-mail.de sogetthis.com soodonims.com spam.la spam4.me spambog.com spambog.de spambog.ru
    spambox.us spamex.com spamfree24.com spamfree24.de spamfree24.org superrito.com suremail.info tafmail.com
    teleworm.us temp-mail.com temp-mail.de temp-mail.org temp-mail.ru tempail.com tempinbox.co.uk tempinbox.com
    tempmail.de tempmail.eu tempmail.it tempmailo.com tempomail.fr temporary-mail.net temporaryemail.net
    temporaryemail.us tempr.email thankyou2010.com throwawayemailaddress.com throwawaymail.com tmail.ws
    tmailinator.com tmpeml.com tmpmail.net tmpmail.org trash-mail.at trash-mail.com trash-mail.de trashmail.com
    trashmail.de trashmail.io trashmail.me trashmail.net trashmail.org trashmail.ws trbvm.com trillianpro.com
    twinmail.de ultra.fyi veryrealemail.com vomoto.com vpn.st wegwerf-email.de wegwerf-emails.de
    wegwerfemail.com wegwerfemail.de wegwerfemail.net wegwerfmail.de wegwerfmail.net wegwerfmail.org wh4f.org
    willselfdestruct.com wwjmp.com xagloo.com xojxe.com yoggm.com yopmail.com yopmail.fr yopmail.net
    zehnminutenmail.de zippymail.info zoemail.net zoemail.org
"""
DISPOSABLE = frozenset(_LIST.split())


def is_disposable(address: str, refused: Iterable[str] = (), allowed: Iterable[str] = ()) -> bool:
    """Whether a mail address is at such a domain or below one: those of the list and those a hub `refused`, but not
    those it `allowed`."""
    labels = address.rpartition("@")[2].lower().rstrip(".").split(".")
    chain = {".".join(labels[start:]) for start in range(len(labels))}
    return not chain & set(allowed) and bool(chain & (DISPOSABLE | set(refused)))
