import type { ReplayData } from '@rollcall/contract';
import { asOperator } from '../audit/record-change';
import { newId } from '@rollcall/platform';
import { createReplay } from '../replays/create-replay';
import type { NewReplay } from '../replays/create-replay';
import { findReplay } from '../replays/list-replays';
import type { DataSource, Replay } from '@rollcall/database';
import { exchangeDeliveries, advanceReplays, renderReplay } from '@rollcall/pipeline-store';
import type { EndpointKey, ClaimedDelivery, Exchange, DeliveryFate, FinishedDelivery } from '@rollcall/pipeline-store';

/** What suites of replays do with one data source. */
export interface ReplayWork {
  /** Makes a replay of everything that is kept unless told otherwise, or only counts. */
  start(key: EndpointKey, range?: Partial<NewReplay>, dryRun?: boolean): Promise<Replay>;
  show(key: EndpointKey, replayId: string): Promise<ReplayData>;
  exchange(key: EndpointKey, finished?: readonly FinishedDelivery[], slots?: number): Promise<Exchange>;
  /** Does a worker's work until nothing may go; returns what was sent, in order. */
  deliver(key: EndpointKey, fateOf?: (delivery: ClaimedDelivery) => DeliveryFate): Promise<ClaimedDelivery[]>;
}

const THIRTY_DAYS = 30 * 86_400;

export function replayWork(app: DataSource): ReplayWork {
  const exchange: ReplayWork['exchange'] = (key, finished = [], slots = 10) =>
    exchangeDeliveries(app, key, {
      finished,
      slots,
      inFlightMax: 10,
    });
  return {
    exchange,
    start: async (key, range = {}, dryRun = false) => {
      const request = { ...WHOLE_LOG, id: newId(), ...range };
      return (await createReplay(asOperator(app), key, request, { dryRun, retentionSeconds: THIRTY_DAYS })).result;
    },
    show: async ({ environmentId, endpointId }, replayId) =>
      renderReplay(await findReplay(app, { environmentId, endpointId, replayId })),
    deliver: async (key, fateOf = () => ({ state: 'succeeded' })) => {
      const sent: ClaimedDelivery[] = [];
      for (let finished: FinishedDelivery[] = []; ;) {
        const { claimed } = await exchange(key, finished);
        sent.push(...claimed);
        finished = claimed.map((delivery) => finish(delivery, fateOf(delivery)));
        if (claimed.length === 0 && !(await advanceReplays(app, key)).moved) return sent;
      }
    },
  };
}

const WHOLE_LOG: Omit<NewReplay, 'id'> = {
  directoryId: null,
  fromSequence: null,
  toSequence: null,
  fromTime: null,
  toTime: null,
  types: [],
  failedOnly: false,
};

/** The attempt that a worker made of a delivery. */
export function finish(delivery: ClaimedDelivery, fate: DeliveryFate): FinishedDelivery {
  return {
    directoryId: delivery.directoryId,
    deliveryId: delivery.id,
    attempt: delivery.attempt,
    startTime: new Date(),
    status: fate.state === 'succeeded' ? 200 : 500,
    error: null,
    phases: {},
    requestHeaders: {},
    responseHeaders: {},
    responseBody: '',
    fate,
    endpointGone: false,
    test: false,
  };
}

/** The sequences in the bodies of seeded events. */
export function numbers(sent: readonly { body: string }[]): number[] {
  return sent.map(({ body }) => (JSON.parse(body) as { n: number }).n);
}

/** `from` up to `to`, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
