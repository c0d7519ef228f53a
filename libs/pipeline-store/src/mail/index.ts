export { deleteOldMails } from './delete-old-mails';
export { findDueMails, leaseMail } from './lease-mail';
export type { DueMail, LeasedMail } from './lease-mail';
export { finishMail } from './finish-mail';
export type { MailOutcome } from './finish-mail';
