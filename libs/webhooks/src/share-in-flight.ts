/** What may be on the way at one time from one process. */
export interface InFlightLimits {
  /** Deliveries to one endpoint: a receiver's usual number of connections. Holds over all processes. */
  perEndpoint: number;
  /** Deliveries of one environment, and what their bodies may take together. */
  perEnvironment: number;
  bytesPerEnvironment: number;
  total: number;
}

/**
 * A request that waits for its answer costs memory and a connection, and hardly anything else, so the numbers follow from memory.
 * The bytes of an environment hold a hundred of the largest events.
 */
export const IN_FLIGHT_LIMITS: InFlightLimits = {
  perEndpoint: 10,
  perEnvironment: 300,
  bytesPerEnvironment: 24 * 1024 * 1024,
  total: 1_000,
};

/** Who has how many deliveries on the way. */
export interface InFlightShares {
  /**
   * Reserves places for an endpoint that has `inFlight` deliveries on the way; returns how many. One with none always gets one, so
   * that no endpoint waits until others have answered.
   */
  reserve(environmentId: string, inFlight: number): number;
  /** Reserves up to so many places that are free; returns how many. For work that can do without. */
  reserveFree(environmentId: string, wanted: number): number;
  /** Gives reserved places back, or those of deliveries that have ended. */
  release(environmentId: string, places: number): void;
  /** Whether the bodies of an environment leave room for some that only wait. */
  hasRoom(environmentId: string): boolean;
  /** Counts bodies that are on the way, or with a negative number, that are no longer. */
  weigh(environmentId: string, bytes: number): void;
}

/** Shares out what may be on the way between environments and their endpoints. */
export function shareInFlight(limits: InFlightLimits = IN_FLIGHT_LIMITS): InFlightShares {
  const shares = new Map<string, { places: number; bytes: number }>();
  let total = 0;

  function change(environmentId: string, places: number, bytes: number): void {
    const share = shares.get(environmentId) ?? { places: 0, bytes: 0 };
    const changed = { places: share.places + places, bytes: share.bytes + bytes };
    total += places;
    if (changed.places === 0 && changed.bytes === 0) shares.delete(environmentId);
    else shares.set(environmentId, changed);
  }

  function freeOf(environmentId: string): number {
    const { places, bytes } = shares.get(environmentId) ?? { places: 0, bytes: 0 };
    return bytes >= limits.bytesPerEnvironment ? 0 : Math.min(limits.perEnvironment - places, limits.total - total);
  }

  return {
    reserve: (environmentId, inFlight) => {
      const least = inFlight === 0 ? 1 : 0;
      const granted = Math.max(least, Math.min(limits.perEndpoint - inFlight, freeOf(environmentId)));
      change(environmentId, granted, 0);
      return granted;
    },
    reserveFree: (environmentId, wanted) => {
      const granted = Math.max(0, Math.min(wanted, freeOf(environmentId)));
      change(environmentId, granted, 0);
      return granted;
    },
    hasRoom: (environmentId) => (shares.get(environmentId)?.bytes ?? 0) < limits.bytesPerEnvironment / 2,
    release: (environmentId, places) => change(environmentId, -places, 0),
    weigh: (environmentId, bytes) => change(environmentId, 0, bytes),
  };
}
