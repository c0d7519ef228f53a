import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Characters that are held before they are written. */
const HELD = 256 * 1024;

/** A new file of lines that its owner alone can read, written as they come. */
export class LineFile {
  /** Lines so far. */
  count = 0;
  private held = '';

  private constructor(private readonly handle: FileHandle) {}

  /** Rejects when there is a file of that name, or it cannot be made. */
  static async create(path: string): Promise<LineFile> {
    return new LineFile(await open(path, 'wx', 0o600));
  }

  async write(line: string): Promise<void> {
    this.count += 1;
    this.held += `${line}\n`;
    if (this.held.length >= HELD) await this.flush();
  }

  /** Rejects when what is left does not go to the disk. */
  async close(): Promise<void> {
    try {
      await this.flush();
      await this.handle.sync();
    } finally {
      await this.handle.close();
    }
  }

  private async flush(): Promise<void> {
    const text = this.held;
    this.held = '';
    await this.handle.appendFile(text);
  }
}
