/** Where a support contact leads: a mail to an address, or a page. Null for words. Nothing but these two can be opened from here. */
export function readContactAddress(contact: string): string | null {
  if (/^[^\s@<>?&"']+@[^\s@<>?&"']+$/.test(contact)) return `mailto:${contact}`;
  if (/^https:\/\/\S+$/i.test(contact) && URL.canParse(contact)) return new URL(contact).href;
  return null;
}
