/** The fewest characters of a new password, as NIST SP 800-63B counts them (section 3.1.1.2). */
export const PASSWORD_CHARACTERS_MIN = 12;

/** The most bytes of a new password, in UTF-8. */
export const PASSWORD_BYTES_MAX = 256;

/** The most characters of an e-mail address (RFC 5321, section 4.5.3.1.3, without the brackets). */
export const EMAIL_LENGTH_MAX = 254;
