/** How many turns there are at one time, in all and for one owner: what the others can count on is the difference. */
export interface TurnLimits {
  atOnce: number;
  perOwner: number;
}

/** Decides whose turn it is: owners in rotation, however much each of them asks for; what one owner asks for, in its order. */
export interface TurnOrder<Item> {
  /** Lets an item wait behind the others of its owner. */
  join(owner: string, item: Item): void;
  /** The item whose turn begins now; undefined when none waits, or none of those that wait may. */
  next(): Item | undefined;
  /** A turn of the owner has ended. */
  end(owner: string): void;
  /** How many items of the owner wait. */
  waiting(owner: string): number;
}

/**
 * An order of turns without time and effects. An owner who waits is passed over only while it has all the turns that one owner may
 * have, and otherwise gets one after at most one turn of each other owner.
 */
export function orderTurns<Item>({ atOnce, perOwner }: TurnLimits): TurnOrder<Item> {
  /** Who waits, the one whose last turn is longest ago first. */
  const lines = new Map<string, Set<Item>>();
  const running = new Map<string, number>();
  let total = 0;

  function take(owner: string, line: Set<Item>, item: Item): Item {
    line.delete(item);
    lines.delete(owner);
    if (line.size > 0) lines.set(owner, line);
    running.set(owner, (running.get(owner) ?? 0) + 1);
    total += 1;
    return item;
  }

  return {
    join: (owner, item) => {
      const line = lines.get(owner) ?? new Set();
      lines.set(owner, line.add(item));
    },
    next: () => {
      if (total >= atOnce) return undefined;
      for (const [owner, line] of lines) {
        const [item] = line;
        if (item !== undefined && (running.get(owner) ?? 0) < perOwner) return take(owner, line, item);
      }
      return undefined;
    },
    end: (owner) => {
      const left = (running.get(owner) ?? 0) - 1;
      total -= 1;
      if (left > 0) running.set(owner, left);
      else running.delete(owner);
    },
    waiting: (owner) => lines.get(owner)?.size ?? 0,
  };
}
