/** What a mail is about. */
export const MAIL_KINDS = ['contact_alert', 'invitation', 'portal_code', 'portal_link', 'test'] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** What has become of a mail. */
export const MAIL_STATES = ['pending', 'sent', 'failed'] as const;
export type MailState = (typeof MAIL_STATES)[number];
