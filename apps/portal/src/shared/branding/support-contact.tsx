import { ForeignText } from '../ui/foreign-text';
import { readContactAddress } from './read-contact-address';

/** Whom a reader may ask, as a link where it is an address. */
export function SupportContact({ contact }: { contact: string }) {
  const address = readContactAddress(contact);
  if (address === null) return <ForeignText text={contact} />;
  return (
    <a href={address} rel="noreferrer" target={address.startsWith('https:') ? '_blank' : undefined}>
      <ForeignText text={contact} />
    </a>
  );
}
