import { foldText } from '@rollcall/scim';

/**
 * An e-mail address as it is compared wherever two that differ in case, width or composition are the same reader's: who signs in, who is
 * invited, who is among the contacts, who wants no more mails, whose share of mails it is. As names of SCIM (`foldText`, RFC 8265
 * §3.3), and not by NFKC, which takes addresses of different mailboxes for one (RFC 6532 §3.1).
 */
export function foldAddress(address: string): string {
  return foldText(address);
}
