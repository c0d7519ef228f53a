/** An answer of the server's, with the tag by which it can be asked whether it has changed. */
interface KnownAnswer {
  etag: string;
  body: unknown;
}

/** Addresses whose answers are known at a time: those of a visit's last pages. */
const MOST = 50;

/**
 * What the server answered last at each address. An answer that has not changed is then given again as the same object, so that
 * nothing on the page is drawn anew. It is in memory alone: personal data has no place in a browser's cache on disk.
 */
export class AnswerMemory {
  /** The one used longest ago first. */
  private readonly answers = new Map<string, KnownAnswer>();

  find(url: string): KnownAnswer | undefined {
    const known = this.answers.get(url);
    if (known) this.keep(url, known);
    return known;
  }

  keep(url: string, answer: KnownAnswer): void {
    this.answers.delete(url);
    this.answers.set(url, answer);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= MOST) return;
      this.answers.delete(oldest);
    }
  }

  /** The session or its organization is another one, or something went wrong. */
  forgetAll(): void {
    this.answers.clear();
  }
}
