/** A user whose published access ended. */
export interface Deprovisioning {
  userId: string;
  /** When the identity provider wrote it. */
  time: Date;
  /** Whether the user is gone, and not only inactive. */
  deleted: boolean;
}

/** What a batch changes of the window: rows to write, in place of earlier ones of these users, and users to take out. */
export interface WindowWrites {
  adds: Deprovisioning[];
  removes: string[];
}

/**
 * The users deprovisioned within a sliding window: each counts once, until the window has passed over it or the user is
 * active again. Times come in nearly ascending order, as changes do; the window never moves back.
 */
export class DeprovisionWindow {
  private readonly users: Map<string, Deprovisioning>;
  private readonly written = new Set<string>();
  private deleted = 0;

  /** @param loaded what the window holds, by time */
  constructor(loaded: readonly Deprovisioning[]) {
    this.users = new Map(loaded.map((row) => [row.userId, row]));
    this.deleted = loaded.filter((row) => row.deleted).length;
  }

  /** How many users the window would hold with this one in it, and how many of the others are deleted. */
  countWith(userId: string, time: Date, windowSeconds: number): { count: number; deleted: number } {
    const boundary = time.getTime() - windowSeconds * 1_000;
    for (const [id, row] of this.users) {
      if (row.time.getTime() > boundary) break;
      this.take(id);
    }
    return { count: this.users.size + (this.users.has(userId) ? 0 : 1), deleted: this.deleted };
  }

  add(row: Deprovisioning): void {
    this.take(row.userId);
    this.users.set(row.userId, row);
    if (row.deleted) this.deleted += 1;
    this.written.add(row.userId);
  }

  /** A user in the window is deleted too; one who is not in it was inactive for longer, and stays out. */
  markDeleted(userId: string): void {
    const row = this.users.get(userId);
    if (!row || row.deleted) return;
    this.users.set(userId, { ...row, deleted: true });
    this.deleted += 1;
    this.written.add(userId);
  }

  /** The user is active again. */
  remove(userId: string): void {
    this.take(userId);
    this.written.add(userId);
  }

  writes(): WindowWrites {
    const ids = [...this.written];
    return {
      adds: ids.flatMap((id) => this.users.get(id) ?? []),
      removes: ids.filter((id) => !this.users.has(id)),
    };
  }
  private take(userId: string): void {
    if (this.users.get(userId)?.deleted) this.deleted -= 1;
    this.users.delete(userId);
  }
}
