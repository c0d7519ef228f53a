import { LRUCache } from 'lru-cache';
import type { SignIn, SignInTarget } from '@rollcall/management';
import { idOf } from '@rollcall/platform';

/** Attempts of one target, for one reason, within one minute: how many, and the last. */
export interface CountedSignIn extends SignIn {
  /** The same in every process. */
  id: string;
  count: number;
}

/** Rows that are counted at a time: of targets that are known to exist, and of ids that a stranger may have made up. */
const KNOWN_MAX = 10_000;
const UNKNOWN_MAX = 1_000;
const ID_MAX = 128;

/** Counts attempts to sign in until they are taken, in memory that is bounded whatever comes. */
export class SignInCounter {
  private readonly known = new LRUCache<string, true>({ max: KNOWN_MAX });
  private readonly ofKnown = new Map<string, CountedSignIn>();
  private readonly ofUnknown = new Map<string, CountedSignIn>();

  add(signIn: SignIn, now: Date): void {
    const { action, target, reason, origin } = signIn;
    if (target.id.length > ID_MAX || target.id.includes('\0')) return;
    const minute = Math.floor(now.getTime() / 60_000) * 60_000;
    const id = idOf(minute, [target.type, target.id, action, reason].join(' '));
    const row = this.ofUnknown.get(id) ?? this.ofKnown.get(id);
    if (row) {
      row.count += 1;
      row.origin = origin;
    } else this.insert({ ...signIn, id, count: 1 });
  }

  /** What was counted since the last time. */
  take(): CountedSignIn[] {
    const rows = [...this.ofKnown.values(), ...this.ofUnknown.values()];
    this.ofKnown.clear();
    this.ofUnknown.clear();
    return rows;
  }

  /** Takes in that a target exists: ids that are made up do not displace it from now on. */
  know(target: SignInTarget): void {
    this.known.set(nameOf(target), true);
  }

  /** Where there is no room the oldest gives way: who is refused again and again is counted again. */
  private insert(row: CountedSignIn): void {
    const [rows, max] = this.known.has(nameOf(row.target)) ? [this.ofKnown, KNOWN_MAX] : [this.ofUnknown, UNKNOWN_MAX];
    const [oldest] = rows.keys();
    if (rows.size >= max && oldest !== undefined) rows.delete(oldest);
    rows.set(row.id, row);
  }
}

function nameOf({ type, id }: SignInTarget): string {
  return `${type} ${id}`;
}
