/** A number of places, of which one key (an environment, a directory) may have a share. */
export class Places {
  /** How many are taken, by key. */
  private readonly taken = new Map<string, number>();
  private all = 0;

  /** @param limits how many there are, and how many of them one key may have */
  constructor(private readonly limits: { max: number; perKey: number }) {}

  /** Takes a place; the returned function gives it back, once. When there is none it says whose are all taken. */
  take(key: string): (() => void) | 'of the key' | 'of all' {
    const ofKey = this.taken.get(key) ?? 0;
    if (ofKey >= this.limits.perKey) return 'of the key';
    if (this.all >= this.limits.max) return 'of all';
    this.change(key, 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.change(key, -1);
      isTaken = false;
    };
  }

  private change(key: string, by: 1 | -1): void {
    const ofKey = (this.taken.get(key) ?? 0) + by;
    if (ofKey > 0) this.taken.set(key, ofKey);
    else this.taken.delete(key);
    this.all += by;
  }
}
