import type { DirectoryUser } from '@rollcall/sdk';
import { dropHidden } from './mark-hidden';
import { shownName } from './shown-name';

// A letter may be several code points, as in é written with a combining accent.
const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

type Named = Pick<DirectoryUser, 'name' | 'given_name' | 'family_name' | 'email' | 'preferred_username' | 'id'>;

/** What to call a user: the best of what the provider sent, in the last resort the id. */
export function personTitle(user: Named): string {
  const parts = [user.given_name, user.family_name].filter(Boolean).join(' ');
  return shownName(user.name, parts, user.email, user.preferred_username, user.id);
}

/** Two letters for a name: of its first and last word. */
export function personInitials(title: string): string {
  const words = dropHidden(title)
    .split(/[\s@._-]+/u)
    .filter(Boolean);
  const last = words.length > 1 && !title.includes('@') ? firstLetter(words.at(-1)) : '';
  return `${firstLetter(words[0])}${last}`.toUpperCase();
}

function firstLetter(word = ''): string {
  const [first] = letters.segment(word);
  return first?.segment ?? '';
}
