"""Limits of letters that are sent and received."""

# Mail
DIGESTS_AT_ONCE = 500  # weekly letters written in one go; the next ones a while later
DIGEST_AHEAD_SECONDS = 1_814_400.0  # the meetings of the next three weeks
DIGEST_CALLS_SECONDS = 2_419_200.0  # open calls of the last four
DIGEST_HOUR = 17  # on Thursdays, before the weekend, unless its reader wants another time
DIGEST_ITEMS = 8  # of a kind in one weekly letter
DIGEST_LOOK_SECONDS = 300.0  # between two looks whose letter is due
DIGEST_WEEKDAY = 4
MAIL_ATTACHMENT_BYTES = 5_000_000  # of one letter together; many mail servers take no more than 10 MB, in base64
MAIL_HORIZON_SECONDS = 432_000.0  # a letter that the mail server puts off for so long is refused (RFC 5321, 4.5.4.1)
MAIL_KEPT_SECONDS = 2_592_000.0  # what was sent or refused is listed for a month
MAIL_PASSWORD_CHARS = 500  # of the login at the mail server; some are long tokens
MAIL_PAUSE_SECONDS = 5.0  # the shortest wait for a mail server that does not answer; it doubles each time
MAIL_PAUSE_SECONDS_MOST = 300.0
MAIL_SECONDS = 60.0  # one letter, or one greeting; less than its lease
MAIL_SUBJECT_CHARS = 200  # of a subject; telephones show some 40
NOTICE_MAIL_GAP_SECONDS = 14_400.0  # between two letters about notices of one kind: nobody is flooded
NOTICE_MAIL_ITEMS = 10  # notices in one letter
NOTICE_MAIL_LOOK_SECONDS = 60.0  # between two looks who should be written to
NOTICE_MAIL_OLD_SECONDS = 172_800.0  # older notices are for the page, and for the weekly letter
NOTICE_MAIL_WAIT_SECONDS = 600.0  # whoever is here sees a notice before that
