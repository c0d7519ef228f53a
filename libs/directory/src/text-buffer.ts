/** Bytes of a piece of memory behind the first, which is as long as the first text. */
const CHUNK = 16_384;
/** A UTF-16 code unit becomes at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3;

/** Collects texts as UTF-8 bytes outside of the heap. */
export class TextBuffer {
  private readonly full: Buffer[] = [];
  private chunk = Buffer.alloc(0);
  private used = 0;

  get isEmpty(): boolean {
    return this.used === 0 && this.full.length === 0;
  }

  add(text: string): void {
    const most = text.length * BYTES_PER_UNIT;
    if (this.used + most > this.chunk.length) this.begin(most);
    this.used += this.chunk.write(text, this.used);
  }

  /** All texts and a last one behind each other; nothing can be added any more. */
  close(last: string): Buffer {
    this.add(last);
    return Buffer.concat([...this.full, this.chunk.subarray(0, this.used)]);
  }

  private begin(atLeast: number): void {
    const isFirst = this.isEmpty;
    if (!isFirst) this.full.push(this.chunk.subarray(0, this.used));
    this.chunk = Buffer.allocUnsafe(isFirst ? atLeast : Math.max(CHUNK, atLeast));
    this.used = 0;
  }
}
