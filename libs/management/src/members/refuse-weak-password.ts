import { PASSWORD_BYTES_MAX, PASSWORD_CHARACTERS_MIN } from '@rollcall/contract';
import { AppError } from '@rollcall/platform';

/** Long enough, and on every list that guessers begin with. Without digits and marks at their ends. */
const COMMON = new Set([
  'abcdefghijkl',
  'abcdefghijklmnopqrstuvwxyz',
  'adminadmin',
  'adminadminadmin',
  'administrator',
  'asdfghjkl',
  'asdfghjklasdfghjkl',
  'changeme',
  'changemechangeme',
  'correcthorsebatterystaple',
  'dashboard',
  'iloveyou',
  'iloveyouiloveyou',
  'letmein',
  'letmeinletmein',
  'letmeinplease',
  'mypassword',
  'p@ssw0rd',
  'passw0rd',
  'password',
  'passwordpassword',
  'qazwsxedc',
  'qazwsxedcrfv',
  'qwerty',
  'qwertyqwerty',
  'qwertyuiop',
  'qwertyuiopasdfghjkl',
  'rollcall',
  'rollcallrollcall',
  'supersecret',
  'trustno1trustno1',
  'welcome',
  'welcomewelcome',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  '1qaz2wsx3edc4rfv',
  '123qweasdzxc',
]);

/**
 * Refuses a password that is too short, too long, well known, or made of who chose it. Throws AppError `weak_password`, whose
 * message says what to do. Length counts, and nothing about which characters (NIST SP 800-63B, section 3.1.1.2).
 */
export function refuseWeakPassword(password: string, { name, email }: { name: string; email: string }): void {
  const text = password.normalize('NFKC');
  const problem = findProblem(text, text.toLowerCase(), [name, email, email.split('@')[0] ?? '']);
  if (problem) {
    throw new AppError({ kind: 'refused', code: 'weak_password', message: problem, details: { field: 'password' } });
  }
}

function findProblem(text: string, folded: string, own: string[]): string | null {
  if (countOf(text) < PASSWORD_CHARACTERS_MIN)
    return `Choose a password of at least ${PASSWORD_CHARACTERS_MIN} characters.`;
  if (Buffer.byteLength(text) > PASSWORD_BYTES_MAX) return `Choose a password of at most ${PASSWORD_BYTES_MAX} bytes.`;
  // What is left of it says how much there is to guess.
  const rest = own.reduce((left, word) => removeWord(left, word.normalize('NFKC').toLowerCase()), folded);
  if (countOf(rest) < PASSWORD_CHARACTERS_MIN / 2) return 'Choose a password that is not made of your name or address.';
  if (new Set(folded).size < 5 || isSequence(folded) || COMMON.has(folded) || COMMON.has(trimMarks(folded))) {
    return 'This password is well known and would be guessed at once. Choose another one.';
  }
  return null;
}

/** Characters as NIST counts them: code points. */
function countOf(text: string): number {
  return Array.from(text).length;
}

function removeWord(text: string, word: string): string {
  return word.length < 3 ? text : text.replaceAll(word, '');
}

function trimMarks(text: string): string {
  return text.replace(/^[\d\W_]+|[\d\W_]+$/g, '');
}

/** `123456789012`, `abcdefghijkl`, `987654321098`: each character follows the one before by the same step. */
function isSequence(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  return [1, -1].some(
    (step) => steps.filter((found) => found === step || Math.abs(found) === 9).length === steps.length,
  );
}
