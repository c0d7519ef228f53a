import type { SignIn, SignInTarget } from '@rollcall/management';
import { idOf } from '@rollcall/platform';
import { KnownRows } from '../http/known-rows';

/** Attempts of one target, for one reason, within one minute: how many, and the last. */
export interface CountedSignIn extends SignIn {
  /** The same in every process. */
  id: string;
  count: number;
}

const ID_MAX = 128;

/** Counts attempts to sign in until they are taken, in memory that is bounded whatever comes. */
export class SignInCounter {
  private readonly rows = new KnownRows<CountedSignIn>();

  add(signIn: SignIn, now: Date): void {
    const { action, target, reason, origin } = signIn;
    if (target.id.length > ID_MAX || target.id.includes('\0')) return;
    const minute = Math.floor(now.getTime() / 60_000) * 60_000;
    const id = idOf(minute, [target.type, target.id, action, reason].join(' '));
    const row = this.rows.find(id);
    if (row) {
      row.count += 1;
      row.origin = origin;
    } else this.rows.insert(id, nameOf(target), { ...signIn, id, count: 1 });
  }

  /** What was counted since the last time. */
  take(): CountedSignIn[] {
    return this.rows.take();
  }

  /** Takes in that a target exists: ids that are made up do not displace it from now on. */
  know(target: SignInTarget): void {
    this.rows.know(nameOf(target));
  }
}

function nameOf({ type, id }: SignInTarget): string {
  return `${type} ${id}`;
}
