/** Bytes of a piece of memory at most, unless one text is longer. */
const CHUNK = 16_384;
/** A UTF-16 code unit becomes at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3;

/** Collects texts as UTF-8 bytes outside of the heap, in no more than twice the memory that they take: there may be one for each directory. */
export class TextBuffer {
  private readonly full: Buffer[] = [];
  private chunk = Buffer.alloc(0);
  private used = 0;
  /** Bytes of all full pieces. */
  private before = 0;

  get isEmpty(): boolean {
    return this.used === 0 && this.before === 0;
  }

  add(text: string): void {
    const room = this.chunk.length - this.used;
    if (text.length * BYTES_PER_UNIT > room) {
      const bytes = Buffer.byteLength(text);
      if (bytes > room) this.begin(bytes);
    }
    this.used += this.chunk.write(text, this.used);
  }

  /** All texts and a last one behind each other; nothing can be added any more. */
  close(last: string): Buffer {
    this.add(last);
    return Buffer.concat([...this.full, this.chunk.subarray(0, this.used)]);
  }

  /** The next piece is as large as all before it together. */
  private begin(bytes: number): void {
    if (this.used > 0) this.full.push(this.chunk.subarray(0, this.used));
    this.before += this.used;
    this.chunk = Buffer.allocUnsafe(Math.max(bytes, Math.min(this.before, CHUNK)));
    this.used = 0;
  }
}
