export interface BodyMemoryOptions {
  /** Bytes that all bodies within their owners' shares may hold together. */
  capacity: number;
  /** Bytes that those of one owner may hold. */
  perOwner: number;
  /** How many bodies may wait, in all and of one owner. */
  maxWaiting: { all: number; perOwner: number };
  /** How long one waits at most, in milliseconds. */
  maxWaitMs: number;
  /** What is thrown at one for which there is no room. */
  refusal: () => Error;
}

/** What one body holds of the memory. */
export interface BodyAccount {
  /**
   * Says how many bytes of the body have arrived in all. Nothing when there is room for them; else resolves when there is, and
   * the body is not read on until then. Rejects with the refusal when too many wait or the wait is too long.
   */
  charge(bytes: number): Promise<void> | undefined;
  /** Whether the body has outgrown its owner's share, and others wait for it. */
  isHoldingUp(): boolean;
  /** Gives all of it back; calling it again does nothing. */
  release(): void;
}

interface Owner {
  name: string;
  held: number;
  /** Bodies that are open. */
  bodies: number;
  waiting: number;
  /** When a body of its went on alone last, as a number that rises. */
  lastAlone: number;
}

interface Body {
  owner: Owner;
  /** Bytes that it holds of the capacity. */
  charged: number;
  isAlone: boolean;
  isOpen: boolean;
  waiting?: Waiting;
}

interface Waiting {
  body: Body;
  bytes: number;
  grant: () => void;
}

/**
 * The memory that large bodies share while they are received and worked on. Bytes are charged as they arrive, so a length that is
 * only announced takes nothing. Bodies within their owner's share go on side by side. One that outgrows the share goes on alone,
 * however large it becomes: one at a time, in turns by owner. So nobody's large bodies keep others' smaller ones waiting, the
 * memory in use is bounded by the capacity and one body of the largest size, and of the bodies that hold something and wait for
 * more one can always go on.
 */
export class BodyMemory {
  private readonly owners = new Map<string, Owner>();
  private readonly waiting = new Set<Waiting>();
  private held = 0;
  private alone: Body | undefined;
  private turns = 0;

  constructor(private readonly options: BodyMemoryOptions) {}

  /** The account of one body, of which nothing has been charged yet. */
  open(name: string): BodyAccount {
    const owner = this.owners.get(name) ?? { name, held: 0, bodies: 0, waiting: 0, lastAlone: 0 };
    this.owners.set(name, owner);
    owner.bodies += 1;
    const body: Body = { owner, charged: 0, isAlone: false, isOpen: true };
    return {
      charge: (bytes) => this.charge(body, bytes),
      isHoldingUp: () => body.isAlone && this.waiting.size > 0,
      release: () => this.release(body),
    };
  }

  private charge(body: Body, bytes: number): Promise<void> | undefined {
    if (body.isAlone || !body.isOpen) return undefined;
    if (!this.fits(body, bytes) || this.isAheadOfItsTurn(body)) return this.wait(body, bytes);
    this.hold(body, bytes);
    return undefined;
  }

  private wait(body: Body, bytes: number): Promise<void> {
    const { maxWaiting, maxWaitMs, refusal } = this.options;
    if (this.waiting.size >= maxWaiting.all || body.owner.waiting >= maxWaiting.perOwner) {
      return Promise.reject(refusal());
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        this.waiting.delete(entry);
        body.owner.waiting -= 1;
        body.waiting = undefined;
      };
      const entry: Waiting = { body, bytes, grant: () => (leave(), resolve()) };
      const timer = setTimeout(() => (leave(), reject(refusal())), maxWaitMs);
      this.waiting.add(entry);
      body.owner.waiting += 1;
      body.waiting = entry;
      this.grantNext();
    });
  }

  private grantNext(): void {
    for (const { body, bytes, grant } of this.waiting) {
      if (!this.fits(body, bytes)) continue;
      this.hold(body, bytes);
      grant();
    }
    if (this.alone) return;
    const [next] = [...this.waiting].toSorted((a, b) => a.body.owner.lastAlone - b.body.owner.lastAlone);
    if (!next) return;
    this.goAlone(next.body);
    next.grant();
  }

  private goAlone(body: Body): void {
    this.hold(body, 0);
    body.isAlone = true;
    body.owner.lastAlone = this.turns += 1;
    this.alone = body;
  }

  private release(body: Body): void {
    if (!body.isOpen) return;
    body.isOpen = false;
    this.hold(body, 0);
    if (body === this.alone) this.alone = undefined;
    // Its sender is gone, so nobody reads on.
    body.waiting?.grant();
    body.owner.bodies -= 1;
    if (body.owner.bodies === 0) this.owners.delete(body.owner.name);
    this.grantNext();
  }

  private hold(body: Body, bytes: number): void {
    const more = bytes - body.charged;
    body.charged = bytes;
    body.owner.held += more;
    this.held += more;
  }

  private fits(body: Body, bytes: number): boolean {
    return this.fitsShare(body, bytes) && this.held + bytes - body.charged <= this.options.capacity;
  }

  private fitsShare({ owner, charged }: Body, bytes: number): boolean {
    return owner.held + bytes - charged <= this.options.perOwner;
  }

  /** Whether one that is new would take what others wait for. */
  private isAheadOfItsTurn(body: Body): boolean {
    return body.charged === 0 && [...this.waiting].some((other) => this.fitsShare(other.body, other.bytes));
  }
}
